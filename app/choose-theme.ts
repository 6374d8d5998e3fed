'use server';

import { cookies } from 'next/headers';
import { THEME_COOKIE, toTheme } from '#components/shell/theme.ts';

const YEAR_SECONDS = 365 * 24 * 60 * 60;

/**
 * Keeps the theme that the form names for this browser; the page is drawn again in it. Open to everyone, and so called
 * with anything: what is no form names no theme.
 */
export async function chooseTheme(form: unknown): Promise<void> {
  const theme = toTheme(form instanceof FormData ? form.get('theme') : undefined);
  const jar = await cookies();
  if (theme === 'system') jar.delete(THEME_COOKIE);
  else jar.set(THEME_COOKIE, theme, { path: '/', maxAge: YEAR_SECONDS, sameSite: 'lax', httpOnly: true });
}
