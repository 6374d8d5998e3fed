import type { HttpBindings } from '@hono/node-server';
import type { Context } from 'hono';
import type { World } from '../state/world.ts';
import type { FaultRequest, FaultRule } from './faults.ts';

/** What the fault rules need of a request's surroundings. */
export type FaultEnv = { Bindings: HttpBindings; Variables: { emptyPage: boolean } };
export type FaultContext = Context<FaultEnv>;

type List = Record<string, unknown> & { value: unknown[] };

/** Changes an answer that was made properly into a broken one. Error answers are left alone. */
export async function spoil(
  c: FaultContext,
  rule: FaultRule,
  request: FaultRequest,
  world: World,
): Promise<void> {
  if (!SPOILING.has(rule.kind) || c.res.status >= 300) return;
  const text = await c.res.text();
  const url = new URL(c.req.url);
  const answer = (body: string, contentType = 'application/json') => {
    const headers = new Headers(c.res.headers);
    headers.set('content-type', contentType);
    headers.delete('content-length');
    c.res = undefined;
    c.res = new Response(body, { status: 200, headers });
  };
  switch (rule.kind) {
    case 'reset':
      return breakConnection(c, text);
    case 'truncate':
      return answer(text.slice(0, Math.max(1, Math.floor(text.length * 0.6))));
    case 'content-type':
      return answer(
        '<!DOCTYPE html><html><body>Our services aren’t available right now</body></html>',
        'text/html',
      );
    default:
      return answer(
        JSON.stringify(change(JSON.parse(text), rule, request, world, url.pathname + url.search)),
      );
  }
}

const SPOILING: ReadonlySet<FaultRule['kind']> = new Set([
  'reset',
  'truncate',
  'content-type',
  'shape',
  'duplicate-rows',
  'foreign-link',
  'repeat-link',
  'lost-link',
  'lost-rows',
]);

/** Sends half of the body, then cuts the connection. */
function breakConnection(c: FaultContext, text: string): void {
  const { outgoing } = c.env;
  const body = Buffer.from(text);
  outgoing.writeHead(200, { 'content-type': 'application/json', 'content-length': body.length });
  outgoing.write(body.subarray(0, Math.floor(body.length / 2)), () => outgoing.destroy());
  c.res = undefined;
  c.res = new Response(null, { headers: { 'x-hono-already-sent': 'true' } });
}

/** The end of the page before, which `duplicate-rows` repeats at the beginning of the next one of its collection. */
const lastRows = new WeakMap<FaultRule, { readonly collection: string; readonly rows: unknown[] }>();

function change(
  body: unknown,
  rule: FaultRule,
  request: FaultRequest,
  world: World,
  address: string,
): unknown {
  if (rule.kind === 'shape') return misshapen(body);
  if (!isList(body)) return body;
  const linkName = request.service === 'graph' ? '@odata.nextLink' : 'nextLink';
  const { value, ...rest } = body;
  switch (rule.kind) {
    case 'duplicate-rows': {
      const collection = address.split('?')[0] ?? '';
      const last = /skip_?token=/i.test(address) ? lastRows.get(rule) : undefined;
      const repeated = last?.collection === collection ? last.rows : [];
      lastRows.set(rule, { collection, rows: value.slice(-3) });
      return { ...rest, value: [...repeated, ...value, ...value.slice(-1)] };
    }
    case 'foreign-link':
      return { ...rest, [linkName]: rule.foreignOrigin + address, value };
    case 'repeat-link':
      return { ...rest, [linkName]: world.origin + address, value };
    case 'lost-link': {
      const { [linkName]: _link, ...withoutLink } = rest;
      return { ...withoutLink, value };
    }
    case 'lost-rows':
      return { ...rest, value: value.slice(0, -3) };
    default:
      return body;
  }
}

const isList = (body: unknown): body is List =>
  typeof body === 'object' && body !== null && 'value' in body && Array.isArray(body.value);

/** The same answer with numbers as texts, texts as numbers and lists as objects. */
function misshapen(body: unknown): unknown {
  if (isList(body))
    return { ...body, value: Object.fromEntries(body.value.map((row, index) => [String(index), row])) };
  if (typeof body !== 'object' || body === null) return [body];
  return Object.fromEntries(
    Object.entries(body).map(([name, value]) => [name, typeof value === 'string' ? 42 : String(value)]),
  );
}
