import { describeProblem } from '#lib/core/problem-text.ts';
import type { Answer } from './http.ts';

const REFUSAL = describeProblem({ code: 'forbidden', need: 'admin' }).title;

/** An answer in the words of the table, or in others that no table has. */
export function outcomeOf(answer: Answer, portalUrl: string, microsoftUrl: string): string {
  const { status, headers, body, call } = answer;
  // Redirects of actions are told to React's client in a header of their own.
  const target = headers['x-action-redirect']?.replace(/;(push|replace)$/, '') ?? headers.location;
  if (target !== undefined) return redirectOutcome(new URL(target, portalUrl), portalUrl, microsoftUrl);
  if (status === 200 && call.headers?.['next-action']) return actionOutcome(body);
  if (status === 200) return body.includes(REFUSAL) ? 'refused' : 'shown';
  const words: Readonly<Record<number, string>> = {
    400: 'invalid',
    401: 'signed-out',
    403: 'forbidden',
    404: 'not-found',
  };
  return words[status] ?? `status ${status}`;
}

function redirectOutcome(url: URL, portalUrl: string, microsoftUrl: string): string {
  if (url.origin === microsoftUrl) return 'microsoft';
  if (url.origin !== portalUrl) return `a redirect to ${url.origin}`;
  const { pathname } = url;
  if (pathname === '/signin') return 'sign-in';
  if (pathname === '/welcome') return 'welcome';
  if (pathname === '/setup/cloud-tenants') return 'start';
  if (pathname === '/setup/cloud-tenants/connect' && url.searchParams.has('problem')) return 'lost';
  return `a redirect to ${pathname}`;
}

/** React's stream: the row 0 says that the result of the action is the row 1. */
function actionOutcome(body: string): string {
  const row = /^1:(.*)$/m.exec(body)?.[1];
  if (row === undefined) return 'an action without a result';
  if (row === '"$undefined"') return 'done';
  if (!row.startsWith('{')) return `the result ${row.slice(0, 100)}`;
  const result = JSON.parse(row) as { done?: boolean; problem?: { code: string }; requestId?: string };
  if (result.done) return 'done';
  const { code } = result.problem ?? { code: `unexpected failure ${result.requestId}` };
  return code === 'invalid-input' ? 'invalid' : code;
}

/**
 * An answer without what differs from one to the next: nonce, request id, the given ids and the instant. React sends
 * a page in rows, in pieces and in an order that are a matter of timing: they are put together again and sorted.
 */
export function comparable({ status, headers, body }: Answer, given: readonly string[]): string {
  const nonce = /'nonce-([^']+)'/.exec(headers['content-security-policy'] ?? '')?.[1];
  const changing = [nonce, headers['x-request-id'], ...given].filter((text) => text !== undefined);
  let text = [
    `status ${status}`,
    `location ${headers.location} ${headers['x-action-redirect']}`,
    `type ${headers['content-type']}`,
    sortedRows(withoutLateNothing(body)),
  ].join('\n');
  for (const one of changing) {
    for (const written of new Set([one, encodeURIComponent(one)])) text = text.replaceAll(written, '…');
  }
  // Next names the parts of an answer by a random key.
  text = text.replaceAll(/"[\w-]{21}[a-z]"/g, '"…"');
  return text.replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, '…');
}

/** A part of a page that has nothing in it may come with the page or be sent after it, as time will have it. */
const withoutLateNothing = (body: string): string => {
  const late = body.replace(/<div hidden id="S:0"><\/div><script[^>]*>\$RB=.*?<\/script>/s, '');
  if (late === body) return body;
  return late
    .replace('<!--$?--><template id="B:0"></template><!--/$-->', '<!--$--><!--/$-->')
    .replace(
      /<script[^>]*>requestAnimationFrame\(function\(\)\{\$RT=performance\.now\(\)\}\);<\/script>/,
      '',
    );
};

const PIECE_END = /"\]\)<\/script><script[^>]*>self\.__next_f\.push\(\[1,"/g;

/** Rows refer to each other by numbers, which follow their order. */
const sortedRows = (body: string): string =>
  body
    .replaceAll(PIECE_END, '')
    .split(/\\n|\n/)
    .map((row) => row.replace(/^[0-9a-f]*:/, '').replaceAll(/"\$[@A-Za-z]?[0-9a-f]+/g, '"$'))
    .sort()
    .join('\n');

/** The words of `forbidden` that the answer has, in whatever letters. What the request itself said may come back. */
export function leaks(answer: Answer, forbidden: readonly string[], given: readonly string[]): string[] {
  const { headers, setCookies, body } = answer;
  let text = [body, JSON.stringify(headers), ...setCookies].join('\n').toLowerCase();
  for (const one of given) {
    for (const written of new Set([one, encodeURIComponent(one)])) {
      text = text.replaceAll(written.toLowerCase(), '');
    }
  }
  return forbidden.filter((word) => text.includes(word.toLowerCase()));
}
