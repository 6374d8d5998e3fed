import { randomUUID } from 'node:crypto';

/**
 * What a request is told before any page sees it (lib/web/preparation.ts). These headers are written into every request
 * and so over whatever a client sent under their names.
 */

/** Path and query of the page that was asked for; a page cannot see its own address otherwise. */
export const PATH_HEADER = 'x-portal-path';

/** Names the request in the log and in what a person is told about an unexpected failure. */
export const REQUEST_ID_HEADER = 'x-request-id';

/** The nonce that a page's own scripts and styles carry under the content security policy. */
export const NONCE_HEADER = 'x-nonce';

/**
 * Marks a request that has been prepared, so that `proxy.ts` need not. Who sends it themselves, before the portal has
 * come so far as to take it away, loses the headers of their own answer and nothing else.
 */
export const PREPARED_HEADER = 'x-portal-prepared';

export const requestIdOf = (headers: Pick<Headers, 'get'>): string =>
  headers.get(REQUEST_ID_HEADER) ?? randomUUID();
