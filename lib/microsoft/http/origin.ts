import { type Failure, fail } from '#lib/core/result.ts';

/**
 * Checks an origin from the configuration: https, or plain http on this machine, which is how an emulator is used.
 * Returns it; throws for any other, since a token must never travel in clear.
 */
export function trustedOrigin(origin: string): string {
  const url = URL.parse(origin);
  const isLoopback = url?.protocol === 'http:' && url.hostname === 'localhost';
  if (!url || (url.protocol !== 'https:' && !isLoopback)) {
    throw new Error(`Not an origin that tokens may be sent to: ${origin}`);
  }
  return url.origin;
}

/**
 * A failure unless the URL is at the origin; links in answers are data of somebody else until they pass this. It reads
 * the URL as `fetch` does, so that both mean the same host.
 */
export function refuseForeign(url: string, origin: string): Failure | undefined {
  const parsed = URL.parse(url);
  // Not by `parsed.origin` alone: a `blob:` URL has that of the address within it.
  const isThere = parsed !== null && `${parsed.protocol}//${parsed.host}` === origin;
  if (isThere && !parsed.username && !parsed.password) return undefined;
  return fail({ code: 'foreign-link', origin: describeOrigin(parsed) });
}

/** What a person is told about where a link leads. What has no host is called by its scheme. */
function describeOrigin(url: URL | null): string {
  if (!url) return 'unknown';
  return url.host ? `${url.protocol}//${url.host}` : url.protocol;
}
