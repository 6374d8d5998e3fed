/*
 * For tests: keys of the EA reporting API that are whole, and that no service knows.
 */
const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');

/** A key with these claims, signed by nobody. */
export const testKey = (
  claims: object = {},
  header: object = { typ: 'JWT', alg: 'RS256', x5t: 'x' },
): string => [part(header), part(claims), Buffer.alloc(256, 7).toString('base64url')].join('.');
