import { z } from 'zod';
import { fail, ok, type Result } from '#lib/core/result.ts';
import type { CallOptions } from '../http/call-options.ts';
import type { GraphClient, GraphQuery } from './client.ts';
import { type ChangedUser, type RemovedUser, readUserChangeRows, USER_FIELDS } from './user-row.ts';

export type { ChangedUser, RemovedUser } from './user-row.ts';

/** One page of what changed. A user is in `changed` or in `removed`, by the page's last word about them. */
export type UserDeltaPage = {
  /** Each user once. */
  readonly changed: readonly ChangedUser[];
  readonly removed: readonly RemovedUser[];
  /** Rows about what is no person (agent identities). */
  readonly leftOut: number;
  /** Where the next page is. Opaque; expires within minutes. */
  readonly nextLink?: string;
  /** Where the next round begins; on the last page. Opaque; Microsoft keeps it for seven days. */
  readonly deltaLink?: string;
};

/** All that a delta link can be made with here; it tells of changes of what it was made with alone. */
export const DELTA_FIELDS: readonly string[] = [...USER_FIELDS, 'manager'];

const PATH = '/users/delta';
const PERMISSION = 'User.Read.All';

const Envelope = z.object({
  value: z.array(z.unknown()),
  '@odata.nextLink': z.string().nullish(),
  '@odata.deltaLink': z.string().nullish(),
});

export type DeltaLinkOptions = CallOptions & {
  /** What the link is to tell of, by Microsoft's names; everything that a user has here if nothing is said. */
  readonly fields?: readonly string[];
};

/**
 * A link that tells what changes from now on; undefined where the service does not offer one.
 * Application permission: User.Read.All. Problems: permission-missing, throttled, upstream-unavailable …
 * @see https://learn.microsoft.com/graph/api/user-delta
 */
export async function latestDeltaLink(
  graph: GraphClient,
  options: CallOptions & { /** Instead of DELTA_FIELDS. */ readonly fields?: readonly string[] } = {},
): Promise<Result<string | undefined>> {
  const query: GraphQuery = {
    path: PATH,
    select: options.fields ?? DELTA_FIELDS,
    deltaToken: 'latest',
    permission: PERMISSION,
  };
  const read = await graph.read(query, (json) => Envelope.safeParse(json).data, options);
  // Another answer than a link alone is the beginning of a read of everything: the word was not understood.
  if (read.ok) return ok(read.value['@odata.deltaLink'] || undefined);
  const isRefused = read.problem.code === 'request-rejected' || read.problem.code === 'resource-not-found';
  return isRefused ? ok(undefined) : read;
}

/**
 * What changed since a delta link was made, page by page; ends after the page with the next delta link or after the
 * first failure. A page may be empty and still have a next one; Microsoft may tell a change more than once, and of one
 * that was told already.
 * Application permission: User.Read.All. Problems: page-expired (the link is no longer good: read everything),
 * permission-missing, throttled, upstream-unavailable, upstream-shape, foreign-link …
 * @see https://learn.microsoft.com/graph/delta-query-overview
 */
export async function* userDeltaPages(
  graph: GraphClient,
  deltaLink: string,
  options?: CallOptions,
): AsyncGenerator<Result<UserDeltaPage>, void, undefined> {
  const seen = new Set<string>();
  let link: string | undefined = deltaLink;
  while (link !== undefined) {
    // A link that comes back would go round for ever.
    if (seen.has(link)) {
      yield fail({ code: 'upstream-shape', where: `${PATH}: repeated nextLink` });
      return;
    }
    seen.add(link);
    const page: Result<UserDeltaPage> = await graph.read(
      { path: PATH, link, permission: PERMISSION },
      readPage,
      options,
    );
    yield page;
    link = page.ok ? page.value.nextLink : undefined;
  }
}

function readPage(json: unknown): UserDeltaPage | undefined {
  const envelope = Envelope.safeParse(json).data;
  const rows = envelope && readUserChangeRows(envelope.value);
  if (!rows) return undefined;
  const nextLink = envelope['@odata.nextLink'] || undefined;
  const deltaLink = envelope['@odata.deltaLink'] || undefined;
  // A page that leads nowhere would end the read in silence.
  if (nextLink === undefined && deltaLink === undefined) return undefined;
  const changed = new Map<string, ChangedUser>();
  const removed = new Map<string, RemovedUser>();
  for (const change of rows.changes) {
    const { id } = change.user;
    if (change.type === 'removed') {
      changed.delete(id);
      removed.set(id, change.user);
    } else {
      removed.delete(id);
      changed.set(id, withEarlier(change.user, changed.get(id)));
    }
  }
  return {
    changed: [...changed.values()],
    removed: [...removed.values()],
    leftOut: rows.leftOut,
    ...(nextLink === undefined ? { deltaLink } : { nextLink }),
  };
}

/** The last row about a user, with what an earlier one said where the last one says nothing. */
const withEarlier = (user: ChangedUser, earlier: ChangedUser | undefined): ChangedUser =>
  earlier
    ? {
        ...user,
        manager: user.manager === undefined ? earlier.manager : user.manager,
        licenseAssignmentStates: user.licenseAssignmentStates ?? earlier.licenseAssignmentStates,
      }
    : user;
