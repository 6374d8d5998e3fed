/** Where a person lands who was not on the way to anywhere. */
export const START_PATH = '/setup/cloud-tenants';

const LENGTH_MAX = 2048;

/**
 * The page of this portal that a person was on the way to: path and query. Anything else, such as another site
 * however it is spelled, an endpoint for machines or the sign-in itself, becomes the start page.
 */
export function safeReturnTo(value: unknown): string {
  if (typeof value !== 'string' || value.length > LENGTH_MAX) return START_PATH;
  // Browsers read a backslash as a slash and drop tabs and line breaks, so `/\evil` and `/<tab>/evil` lead away.
  if (!/^\/(?!\/)/.test(value) || /[\\\p{Cc}]/u.test(value)) return START_PATH;
  const base = 'http://portal.invalid';
  const url = URL.parse(value, base);
  // Dot segments are gone now: `/..//evil` has become `//evil`.
  if (!url || url.origin !== base || url.pathname.startsWith('//')) return START_PATH;
  // No page has an encoded slash in its path; something in between might decode it, and `/%2Fevil` is `//evil` then.
  if (/%(2f|5c)/i.test(url.pathname)) return START_PATH;
  if (/^\/(api|_next|signin|welcome)(\/|$)/i.test(url.pathname) || url.pathname === '/') return START_PATH;
  return `${url.pathname}${url.search}`;
}

/** The sign-in page, which leads back to `path` afterwards. */
export function signInPath(path: unknown): string {
  const returnTo = safeReturnTo(path);
  return returnTo === START_PATH ? '/signin' : `/signin?${new URLSearchParams({ returnTo })}`;
}
