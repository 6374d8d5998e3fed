import { z } from 'zod';
import { fail, ok, type Result } from '#lib/core/result.ts';
import type { CallOptions } from '../http/call-options.ts';
import type { GraphClient, GraphQuery } from './client.ts';
import { type GraphUser, readUserRows, USER_FIELDS } from './user-row.ts';

export type { AssignedLicense, GraphUser, LicenseAssignmentState } from './user-row.ts';

export type UserPage = {
  readonly users: readonly GraphUser[];
  /** Where the next page is; absent on the last one. Opaque; expires within minutes. */
  readonly nextLink?: string;
  /** How many rows the directory has; on the first page only, and not always. */
  readonly expected?: number;
  /** Rows that are no people (agent identities): not in `users`, but counted by `expected`. */
  readonly leftOut: number;
};

export type UserPagesOptions = CallOptions & {
  /** A `nextLink` of an earlier page to go on from. */
  readonly startLink?: string;
  /** What is asked for of each user, `manager` included; all of it where nothing is said. */
  readonly fields?: readonly string[];
};

/** The most that Graph allows; without it a page has 100 users. */
const PAGE_SIZE = 999;

const PERMISSION = 'User.Read.All';

/**
 * Ways to ask for managers along with the users, best first. The documented one names `$levels`, which some versions
 * of the service refuse together with the collection. `$count` needs an advanced query, and an `$expand` does not
 * always go together with one, so the last form does without both and the number of users stays unknown.
 * @see https://learn.microsoft.com/graph/api/user-list-manager
 */
const FIRST_PAGES: readonly Pick<GraphQuery, 'expand' | 'count' | 'isAdvanced'>[] = [
  { expand: 'manager($levels=1;$select=id)', count: true, isAdvanced: true },
  { expand: 'manager($select=id)', count: true, isAdvanced: true },
  { expand: 'manager' },
];

const Envelope = z.object({
  value: z.array(z.unknown()),
  '@odata.nextLink': z.string().nullish(),
  '@odata.count': z.number().int().nonnegative().nullish(),
});

/**
 * All users of the directory, page by page; ends after the last page or after the first failure. A page may be short
 * or empty and still have a next one.
 * Application permission: User.Read.All. Problems: permission-missing, page-expired (start again without
 * `startLink`), throttled, upstream-unavailable, upstream-shape, foreign-link …
 * @see https://learn.microsoft.com/graph/api/user-list
 */
export async function* userPages(
  graph: GraphClient,
  options: UserPagesOptions = {},
): AsyncGenerator<Result<UserPage>, void, undefined> {
  const { startLink } = options;
  const seen = new Set<string>();
  let link = startLink;
  let page = link === undefined ? await firstPage(graph, options) : await followingPage(graph, link, options);
  for (;;) {
    yield page;
    if (!page.ok || page.value.nextLink === undefined) return;
    link = page.value.nextLink;
    // A link that comes back would go round for ever.
    if (seen.has(link)) {
      yield fail({ code: 'upstream-shape', where: '/users: repeated nextLink' });
      return;
    }
    seen.add(link);
    page = await followingPage(graph, link, options);
  }
}

async function firstPage(graph: GraphClient, options: UserPagesOptions): Promise<Result<UserPage>> {
  let page: Result<UserPage> = fail({ code: 'request-rejected' });
  const { fields } = options;
  const select = fields ? USER_FIELDS.filter((field) => fields.includes(field)) : USER_FIELDS;
  for (const { expand, ...form } of FIRST_PAGES) {
    const isExpanded = !fields || fields.includes('manager');
    const query = {
      path: '/users',
      select,
      top: PAGE_SIZE,
      permission: PERMISSION,
      ...form,
      ...(isExpanded && { expand }),
    };
    page = await graph.read(query, readPage, options);
    if (page.ok || page.problem.code !== 'request-rejected') return page;
  }
  return page;
}

function followingPage(graph: GraphClient, link: string, options: CallOptions): Promise<Result<UserPage>> {
  return graph.read({ path: '/users', link, isAdvanced: true, permission: PERMISSION }, readPage, options);
}

/**
 * How many rows the directory has, those that are no people included; undefined where Microsoft does not say.
 * Application permission: User.Read.All.
 */
export async function countUsers(
  graph: GraphClient,
  options?: CallOptions,
): Promise<Result<number | undefined>> {
  // `/users/$count` answers a bare number; this way it is JSON, like everything else.
  const query = {
    path: '/users',
    select: ['id'],
    top: 1,
    count: true,
    isAdvanced: true,
    permission: PERMISSION,
  };
  const counted = await graph.read(query, (json) => Envelope.safeParse(json).data, options);
  if (counted.ok) return ok(counted.value['@odata.count'] ?? undefined);
  return counted.problem.code === 'request-rejected' ? ok(undefined) : counted;
}

function readPage(json: unknown): UserPage | undefined {
  const envelope = Envelope.safeParse(json).data;
  const rows = envelope && readUserRows(envelope.value);
  if (!rows) return undefined;
  return {
    ...rows,
    nextLink: envelope['@odata.nextLink'] || undefined,
    expected: envelope['@odata.count'] ?? undefined,
  };
}
