import type { Result } from '#lib/core/result.ts';
import type { CallOptions } from '../http/call-options.ts';
import { readByIds } from './by-ids.ts';
import type { GraphClient } from './client.ts';
import { type GraphUser, readUserRows, USER_FIELDS } from './user-row.ts';

export type UsersByIdOptions = CallOptions & {
  /** What is asked for of each user, `manager` included; all of it where nothing is said. */
  readonly fields?: readonly string[];
};

/**
 * These users as they are now, with their managers; whoever has left the directory is not among them.
 * Application permission: User.Read.All.
 * @see https://learn.microsoft.com/graph/api/user-list
 */
export function usersById(
  graph: GraphClient,
  ids: readonly string[],
  options: UsersByIdOptions = {},
): Promise<Result<readonly GraphUser[]>> {
  const { fields = [...USER_FIELDS, 'manager'] } = options;
  const query = {
    path: '/users',
    select: fields.filter((field) => field !== 'manager'),
    ...(fields.includes('manager') && { expand: 'manager' }),
    permission: 'User.Read.All',
  };
  return readByIds(graph, ids, query, (rows) => readUserRows(rows)?.users, options);
}
