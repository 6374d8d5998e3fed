const CHANGES_NOTHING = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * Whether a page of another site sent this request, and it may change something. A browser names the origin of every
 * such request and lets no page forge it; what comes without one is no form of a browser's. Next's own check of server
 * actions compares with whatever `x-forwarded-host` says; this one knows the portal's address.
 *
 * Route handlers below `/api/` see to it themselves: the start of a sign-in leads to the portal's own address instead.
 */
export function isFromOtherSite(
  request: { readonly method: string; readonly headers: Pick<Headers, 'get'> },
  pathname: string,
  appUrl: string,
): boolean {
  const origin = request.headers.get('origin');
  if (origin === null || CHANGES_NOTHING.has(request.method)) return false;
  return origin !== appUrl && !pathname.startsWith('/api/');
}
