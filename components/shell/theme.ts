/** What a reader may choose; `system` follows the device. */
export const THEMES = ['system', 'light', 'dark'] as const;
export type Theme = (typeof THEMES)[number];

/** The cookie that keeps the choice; absent for `system`. */
export const THEME_COOKIE = 'theme';

/** The theme that a cookie or a form names; anything unknown follows the device. */
export function toTheme(value: unknown): Theme {
  return THEMES.find((theme) => theme === value) ?? 'system';
}
