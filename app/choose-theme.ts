'use server';

import { THEME_COOKIE, toTheme } from '#components/shell/theme.ts';
import { keepPreference } from '#lib/web/preference.ts';

/** Keeps the theme that the form names for this browser; the page is drawn again in it. Open to everyone. */
export async function chooseTheme(form: FormData): Promise<void> {
  const theme = toTheme(form.get('theme'));
  await keepPreference(THEME_COOKIE, theme === 'system' ? undefined : theme);
}
