import { z } from 'zod';
import { ok, type Result } from '#lib/core/result.ts';
import type { CallOptions } from '../http/call-options.ts';
import { readBatch } from './batch.ts';
import type { GraphClient, GraphQuery } from './client.ts';
import { type GraphUser, readUserRows, USER_FIELDS } from './user-row.ts';

/** As many values as a filter with `in` may name; so few users are on one page. */
const IDS_MAX = 15;

const Envelope = z.object({ value: z.array(z.unknown()) });

/**
 * These users as they are now, with their managers; whoever has left the directory is not among them. Three hundred
 * take one request.
 * Application permission: User.Read.All.
 * @see https://learn.microsoft.com/graph/filter-query-parameter
 */
export async function usersById(
  graph: GraphClient,
  ids: readonly string[],
  options?: CallOptions,
): Promise<Result<readonly GraphUser[]>> {
  const queries: GraphQuery[] = [];
  for (let from = 0; from < ids.length; from += IDS_MAX) {
    const named = ids.slice(from, from + IDS_MAX).map((id) => `'${id}'`);
    queries.push({
      path: '/users',
      select: USER_FIELDS,
      expand: 'manager',
      filter: `id in (${named.join(',')})`,
      permission: 'User.Read.All',
    });
  }
  const [only] = queries;
  const reads =
    only && queries.length === 1
      ? [await graph.read(only, readUsers, options)]
      : await readBatch(graph, queries, readUsers, options);
  const users: GraphUser[] = [];
  for (const read of reads) {
    if (!read.ok) return read;
    users.push(...read.value);
  }
  return ok(users);
}

function readUsers(json: unknown): readonly GraphUser[] | undefined {
  const envelope = Envelope.safeParse(json).data;
  return envelope && readUserRows(envelope.value)?.users;
}
