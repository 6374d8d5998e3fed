import type { Services } from '#lib/domain/context.ts';
import { runtime } from '#lib/runtime.ts';

/** A route handler for machines without a session. The answer is kept by nobody. */
export function publicRoute(
  work: (services: Services) => Promise<{ readonly status: number; readonly body: object }>,
): () => Promise<Response> {
  return async () => {
    const { status, body } = await work(runtime().services);
    return Response.json(body, { status, headers: { 'cache-control': 'no-store' } });
  };
}
