'use server';

import { THEME_COOKIE, toTheme } from '#components/shell/theme.ts';
import { keepPreference } from '#lib/web/preference.ts';

/**
 * Keeps the theme that the form names for this browser; the page is drawn again in it. Open to everyone, and so called
 * with anything: what is no form names no theme.
 */
export async function chooseTheme(form: unknown): Promise<void> {
  const theme = toTheme(form instanceof FormData ? form.get('theme') : undefined);
  await keepPreference(THEME_COOKIE, theme === 'system' ? undefined : theme);
}
