import { z } from 'zod';
import { Guid } from '#lib/core/ids.ts';
import { ok, type Result } from '#lib/core/result.ts';
import type { CallOptions } from '../http/call-options.ts';
import { type GraphClient, shaped } from './client.ts';
import { collectionOf } from './collection.ts';

const Ids = collectionOf(z.object({ id: Guid }));

/**
 * Whether users can be read: asks for the id of one, the smallest question there is.
 * Application permission: User.Read.All.
 * @see https://learn.microsoft.com/graph/api/user-list
 */
export async function probeUsers(graph: GraphClient, options?: CallOptions): Promise<Result<undefined>> {
  const query = { path: '/users', select: ['id'], top: 1, permission: 'User.Read.All' };
  const read = await graph.read(query, shaped(Ids), options);
  return read.ok ? ok(undefined) : read;
}
