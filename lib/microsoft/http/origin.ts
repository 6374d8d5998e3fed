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

/** A failure unless the URL is at the origin; links in answers are data of somebody else until they pass this. */
export function refuseForeign(url: string, origin: string): Failure | undefined {
  const parsed = URL.parse(url);
  if (parsed?.origin === origin && !parsed.username && !parsed.password) return undefined;
  return fail({ code: 'foreign-link', origin: parsed?.origin ?? 'unknown' });
}
