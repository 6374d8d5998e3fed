import { z } from 'zod';
import { fail, ok, type Result } from '#lib/core/result.ts';
import type { CallOptions } from '../http/call-options.ts';
import type { GraphClient, GraphQuery } from './client.ts';
import { type GraphUser, readUserRows, USER_FIELDS } from './user-row.ts';
import { usersById } from './users-by-id.ts';

export type { AssignedLicense, GraphUser, LicenseAssignmentState } from './user-row.ts';

export type UserPage = {
  readonly users: readonly GraphUser[];
  /** Where the next page is; absent on the last one. Opaque; expires within minutes. */
  readonly nextLink?: string;
  /** How many rows the directory has; on the first page only, and not always. */
  readonly expected?: number;
  /** Ids of rows that are no people (agent identities): not in `users`, but counted by `expected`. */
  readonly leftOut: readonly string[];
};

/**
 * A part of the directory: the users created from one moment to another, both included and whole seconds, or those
 * without a date of creation. Old and synchronised accounts may have none.
 */
export type UserPart =
  | { readonly type: 'created'; readonly from: string | null; readonly to: string | null }
  | { readonly type: 'undated' };

export type UserPagesOptions = CallOptions & {
  /** A `nextLink` of an earlier page to go on from. */
  readonly startLink?: string;
  /** What is asked for of each user, `manager` included; all of it where nothing is said. */
  readonly fields?: readonly string[];
  /** Without it all users. */
  readonly part?: UserPart;
};

/** The most that Graph allows; without it a page has 100 users. */
const PAGE_SIZE = 999;

const PERMISSION = 'User.Read.All';

type PageForm = Pick<GraphQuery, 'expand' | 'count' | 'isAdvanced'>;

const WITH_LEVELS: PageForm = { expand: 'manager($levels=1;$select=id)', count: true, isAdvanced: true };
const ADVANCED: PageForm = { expand: 'manager($select=id)', count: true, isAdvanced: true };

/**
 * Ways to ask for managers along with the users, best first. The documented one names `$levels`, which some versions
 * of the service refuse together with the collection. `$count` needs an advanced query, and an `$expand` does not
 * always go together with one, so the last form for all users does without both and their number stays unknown.
 * `ge` and `le` on a date need no advanced query, `not` does: where that excludes `$expand`, managers are asked for
 * afterwards.
 * @see https://learn.microsoft.com/graph/api/user-list-manager
 * @see https://learn.microsoft.com/graph/aad-advanced-queries
 */
const FIRST_PAGES: Readonly<Record<'all' | UserPart['type'], readonly PageForm[]>> = {
  all: [WITH_LEVELS, ADVANCED, { expand: 'manager' }],
  created: [{ expand: 'manager($select=id)' }, { expand: 'manager' }, WITH_LEVELS],
  undated: [WITH_LEVELS, ADVANCED, { count: true, isAdvanced: true }],
};

/** Before anybody was in a directory. */
const LONG_AGO = '1900-01-01T00:00:00Z';

/** The words of `$filter` for a part. Only `ge` and `le` are documented for dates, `gt` and `lt` are not. */
function filterOf(part: UserPart | undefined): string | undefined {
  if (!part) return undefined;
  if (part.type === 'undated') return `not(createdDateTime ge ${LONG_AGO})`;
  const bounds = [
    ...(part.from === null ? [] : [`createdDateTime ge ${part.from}`]),
    ...(part.to === null ? [] : [`createdDateTime le ${part.to}`]),
  ];
  return bounds.join(' and ') || undefined;
}

const Envelope = z.object({
  value: z.array(z.unknown()),
  '@odata.nextLink': z.string().nullish(),
  '@odata.count': z.number().int().nonnegative().nullish(),
});

/**
 * All users of the directory or of a part of it, page by page; ends after the last page or after the first failure. A page may be short
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
  const { fields, part } = options;
  const select = fields ? USER_FIELDS.filter((field) => fields.includes(field)) : USER_FIELDS;
  const wantsManagers = !fields || fields.includes('manager');
  const filter = filterOf(part);
  let page: Result<UserPage> = fail({ code: 'request-rejected' });
  for (const { expand, ...form } of FIRST_PAGES[part?.type ?? 'all']) {
    const query = {
      path: '/users',
      select,
      top: PAGE_SIZE,
      permission: PERMISSION,
      ...form,
      ...(wantsManagers && expand !== undefined && { expand }),
      ...(filter !== undefined && { filter }),
    };
    page = await graph.read(query, readPage, options);
    if (page.ok)
      return wantsManagers && expand === undefined ? withManagers(graph, page.value, options) : page;
    if (page.problem.code !== 'request-rejected') return page;
  }
  return page;
}

/** Whether a link repeats an option of the query that it goes on with. */
const hasOption = (link: string, name: string): boolean =>
  new RegExp(`[?&](?:\\$|%24)${name}=`, 'i').test(link);

async function followingPage(
  graph: GraphClient,
  link: string,
  options: UserPagesOptions,
): Promise<Result<UserPage>> {
  const { fields, part } = options;
  // All pages of a query have to be asked for in the same way.
  const isAdvanced = part?.type !== 'created' || hasOption(link, 'count');
  const page = await graph.read(
    { path: '/users', link, isAdvanced, permission: PERMISSION },
    readPage,
    options,
  );
  const wantsManagers = !fields || fields.includes('manager');
  const lacksManagers = part?.type === 'undated' && !hasOption(link, 'expand');
  return page.ok && wantsManagers && lacksManagers ? withManagers(graph, page.value, options) : page;
}

/** The page with the managers that came without it. Who is not found any more was deleted meanwhile. */
async function withManagers(
  graph: GraphClient,
  page: UserPage,
  options: CallOptions,
): Promise<Result<UserPage>> {
  const ids = page.users.map(({ id }) => id);
  const read = await usersById(graph, ids, options);
  if (!read.ok) return read;
  const managers = new Map(read.value.map(({ id, manager }) => [id, manager]));
  const users = page.users.flatMap((user) => {
    const manager = managers.get(user.id);
    return manager === undefined ? [] : { ...user, manager };
  });
  return ok({ ...page, users });
}

/**
 * How many rows the directory or a part of it has, those that are no people included; undefined where Microsoft does
 * not say. Application permission: User.Read.All.
 */
export async function countUsers(
  graph: GraphClient,
  options: CallOptions & { readonly part?: UserPart } = {},
): Promise<Result<number | undefined>> {
  const filter = filterOf(options.part);
  // `/users/$count` answers a bare number; this way it is JSON, like everything else.
  const query = {
    path: '/users',
    select: ['id'],
    top: 1,
    count: true,
    isAdvanced: true,
    permission: PERMISSION,
    ...(filter !== undefined && { filter }),
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
