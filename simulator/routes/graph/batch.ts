import type { Hono } from 'hono';
import { z } from 'zod';
import { badRequest, type GraphContext, type GraphEnv } from './answers.ts';

/** Answers a request as if it had come over the network, faults and throttling included. */
export type Dispatch = (request: Request, env: unknown) => Response | Promise<Response>;

const REQUESTS_MAX = 20;

const Item = z.object({
  id: z.string().min(1),
  method: z.string().transform((method) => method.toUpperCase()),
  url: z.string().regex(/^\/?(?!\$batch)[^/]/i),
  headers: z.record(z.string(), z.string()).default({}),
  body: z.unknown().optional(),
  dependsOn: z.array(z.string()).default([]),
});
type Item = z.output<typeof Item>;

const Batch = z.object({ requests: z.array(Item).min(1) });

type Answer = { id: string; status: number; headers: Record<string, string>; body?: unknown };

/**
 * Requests in one request: each has an answer of its own, in no order that a client could rely on, and is throttled by
 * itself. @see https://learn.microsoft.com/graph/json-batching
 */
export function batchRoutes(app: Hono<GraphEnv>, dispatch: Dispatch): void {
  app.post('/v1.0/$batch', async (c) => {
    const batch = Batch.safeParse(await c.req.json().catch(() => undefined)).data;
    if (!batch) return badRequest(c, 'Invalid batch payload format.', 'BadRequest');
    const { requests } = batch;
    if (requests.length > REQUESTS_MAX)
      return badRequest(c, 'The number of batch requests exceeds the maximum of 20.', 'MaximumValueExceeded');
    if (new Set(requests.map(({ id }) => id)).size < requests.length)
      return badRequest(c, 'Request Id has been specified more than once.', 'BadRequest');
    const answers = new Map<string, Promise<Answer>>();
    for (const item of requests) {
      const before = item.dependsOn.flatMap((id) => answers.get(id) ?? []);
      if (before.length < item.dependsOn.length)
        return badRequest(c, `Write request id : ${item.id} contains an unknown dependency.`, 'BadRequest');
      answers.set(item.id, answerAfter(c, dispatch, item, before));
    }
    const responses = await Promise.all(answers.values());
    return c.json({ responses: responses.reverse() });
  });
}

async function answerAfter(
  c: GraphContext,
  dispatch: Dispatch,
  item: Item,
  before: readonly Promise<Answer>[],
): Promise<Answer> {
  const hasFailed = (await Promise.all(before)).some(({ status }) => status >= 400);
  if (hasFailed) {
    const error = { code: 'FailedDependency', message: 'A request that this one depends on has failed.' };
    return { id: item.id, status: 424, headers: { 'Content-Type': 'application/json' }, body: { error } };
  }
  const url = new URL(`/v1.0/${item.url.replace(/^\//, '')}`, c.req.url);
  const headers = new Headers(item.headers);
  headers.set('authorization', c.req.header('authorization') ?? '');
  const response = await dispatch(
    new Request(url, {
      method: item.method,
      headers,
      ...(item.body !== undefined && { body: JSON.stringify(item.body) }),
    }),
    c.env,
  );
  const text = await response.text();
  return {
    id: item.id,
    status: response.status,
    headers: Object.fromEntries(
      [...response.headers].map(([name, value]) => [name === 'retry-after' ? 'Retry-After' : name, value]),
    ),
    ...(text !== '' && { body: bodyOf(text) }),
  };
}

/** JSON as it is, anything else in Base64. */
function bodyOf(text: string): unknown {
  try {
    const json: unknown = JSON.parse(text);
    if (typeof json === 'object') return json;
  } catch {
    // Not JSON.
  }
  return Buffer.from(text).toString('base64');
}
