import { subscribe } from 'node:diagnostics_channel';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Config } from '#lib/config/env.ts';
import { PREPARED_HEADER } from '#lib/core/request-headers.ts';
import { prepare } from './preparation.ts';

const READS = new Set(['GET', 'HEAD']);

/** What Next's client adds to an address so that pages and their payloads are told apart by caches. */
const PAYLOAD_PARAMETER = '_rsc';

/**
 * From now on a plain read that reaches an HTTP server of this process is prepared before Next sees it, and `proxy.ts` leaves
 * it alone: a proxy costs a fifth of a page, since Next makes the request anew on the way into it and on the way out. What
 * is not marked, such as a form or a request from before this was called, goes through the proxy.
 */
export function prepareReads(config: Config): void {
  subscribe('http.server.request.start', (message) => {
    // Published by Node itself: https://nodejs.org/api/diagnostics_channel.html#http
    const { request, response } = message as {
      readonly request: IncomingMessage;
      readonly response: ServerResponse;
    };
    delete request.headers[PREPARED_HEADER];
    const url = READS.has(request.method ?? '') ? readableUrl(request.url ?? '') : undefined;
    if (!url) return;
    const { requestHeaders, answerHeaders } = prepare(url.pathname, url.search, config);
    Object.assign(request.headers, requestHeaders, { [PREPARED_HEADER]: '1' });
    for (const [name, value] of Object.entries(answerHeaders)) response.setHeader(name, value);
  });
}

/** Undefined where a path is no text, which the proxy refuses, or no path at all. */
function readableUrl(target: string): URL | undefined {
  if (!/^\/(?!\/)/.test(target)) return undefined;
  const url = URL.parse(target, 'http://portal.invalid');
  if (url?.origin !== 'http://portal.invalid') return undefined;
  if (url.search.includes(PAYLOAD_PARAMETER)) url.searchParams.delete(PAYLOAD_PARAMETER);
  try {
    decodeURIComponent(url.pathname);
    return url;
  } catch {
    return undefined;
  }
}
