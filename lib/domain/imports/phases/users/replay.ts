import { fail, ok, type Result } from '#lib/core/result.ts';
import { type UsersByIdOptions, usersById } from '#lib/microsoft/graph/users-by-id.ts';
import { type ChangedUser, type UserDeltaPage, userDeltaPages } from '#lib/microsoft/graph/users-delta.ts';
import type { ActiveRun } from '../../active-run.ts';
import { leavesChanges } from './changes.ts';
import { completeUser, needsReading } from './complete.ts';
import { hashUsers } from './map.ts';
import { forgetRemoved, forgetReplayAfter, REPLAY_RANGE, readKept } from './replay-pages.ts';
import { readUserScope, withinScope } from './scope.ts';
import { withoutManagers } from './stored-users.ts';
import { hasUsers, writeUserPage } from './write.ts';

/** More pages without a single word in a row than any service sends. */
const EMPTY_PAGES_MAX = 1000;

/** What Microsoft told since a delta link was made; all of it is written, but for the removals. */
export type Replay = {
  /** Where the next replay begins. */
  readonly deltaLink: string;
  /** When that link was made, or a little earlier. */
  readonly linkedAt: Date;
  /** Who was told to be there, as new, changed or restored. */
  readonly present: ReadonlySet<string>;
  /** How many they are. */
  readonly changed: number;
  /** Rows that were written. */
  readonly written: number;
  /** Who is gone by the last word about them; not retired yet. */
  readonly removed: ReadonlySet<string>;
  /** A reason for a removal that Microsoft does not document; what became of such a user is not known. */
  readonly unknownReason: string | undefined;
  /** Rows about what is no person (agent identities): how many of them there are now is not known. */
  readonly leftOut: number;
};

/**
 * Applies everything that changed since a delta link was made: the last word about each user counts. Doing it again
 * comes to the same, so after a crash it begins anew at the link. Who is told to be there counts among the users that
 * the run has read, who is told to be gone does not; see `REPLAY_RANGE`.
 * Problems: those of `userDeltaPages`; `page-expired` means that only a full read helps.
 */
export async function replayChanges(
  run: ActiveRun,
  link: string,
  onRows: (rows: number) => void = () => undefined,
): Promise<Result<Replay>> {
  const { pool, lease } = run;
  const options = run.callOptions('users');
  const graph = run.ctx.microsoft.graph(run.claim.directoryId);
  // Of an attempt before a crash: it is told again.
  await forgetReplayAfter(pool, lease, 0);
  const scope = await readUserScope(pool, lease);
  const kept = {
    compares: await hasUsers(pool, lease),
    leavesChanges: await leavesChanges(pool, lease),
    reselected: scope.reselected,
  };
  const record = run.record('users');
  const present = new Set<string>();
  const removed = new Map<string, string | null>();
  let [pageNo, written, leftOut, emptyPages] = [0, 0, 0, 0];
  let linkedAt = run.ctx.clock();
  let deltaLink: string | undefined;

  for await (const page of userDeltaPages(graph, link, options)) {
    if (!page.ok) return page;
    emptyPages = isEmpty(page.value) ? emptyPages + 1 : 0;
    if (emptyPages > EMPTY_PAGES_MAX)
      return fail({ code: 'upstream-shape', where: '/users/delta: endless empty pages' });
    const { users: changed } = withinScope(page.value.changed, scope);
    const completed = await completeUsers(run, changed, { ...options, fields: scope.fields });
    if (!completed.ok) return completed;
    pageNo += 1;
    if (changed.length > 0) {
      const { users } = withinScope(completed.value, scope);
      const importedAt = run.ctx.clock();
      const wrote = await writeUserPage(pool, lease, {
        importedAt,
        rangeNo: REPLAY_RANGE,
        pageNo,
        users: hashUsers(users),
        ...kept,
      });
      written += wrote;
      record.written += wrote;
    }
    for (const { id } of changed) {
      present.add(id);
      removed.delete(id);
    }
    for (const { id, reason } of page.value.removed) {
      present.delete(id);
      removed.set(id, reason);
    }
    leftOut += page.value.leftOut;
    onRows(page.value.changed.length + page.value.removed.length);
    deltaLink = page.value.deltaLink;
    if (deltaLink === undefined) linkedAt = run.ctx.clock();
    run.touch();
  }
  if (deltaLink === undefined) return fail({ code: 'upstream-shape', where: '/users/delta: no deltaLink' });
  const gone = [...removed.keys()];
  for (;;) {
    // Who was a manager and is gone is nobody's manager any more; not every service tells so of each report.
    const reports = await withoutManagers(pool, lease.tenantId, gone);
    if (reports.length === 0) break;
    const page = { importedAt: run.ctx.clock(), rangeNo: REPLAY_RANGE, pageNo: pageNo + 1, users: reports };
    const wrote = await writeUserPage(pool, lease, { ...page, ...kept });
    written += wrote;
    record.written += wrote;
  }
  // That says nothing about whether the reports are there.
  await forgetReplayAfter(pool, lease, pageNo);
  await forgetRemoved(pool, lease, gone);
  return ok({
    deltaLink,
    linkedAt,
    present,
    changed: present.size,
    written,
    removed: new Set(gone),
    unknownReason: unknownReason([...removed.values()]),
    leftOut,
  });
}

/** Two replays, one after the other, as one: the later word counts. */
export function joinReplays(earlier: Replay, later: Replay): Replay {
  const present = new Set([...earlier.present].filter((id) => !later.removed.has(id)));
  const removed = new Set([...earlier.removed].filter((id) => !later.present.has(id)));
  for (const id of later.present) present.add(id);
  for (const id of later.removed) removed.add(id);
  return {
    ...later,
    present,
    changed: present.size,
    removed,
    written: earlier.written + later.written,
    unknownReason: later.unknownReason ?? earlier.unknownReason,
    leftOut: earlier.leftOut + later.leftOut,
  };
}

const isEmpty = ({ changed, removed, leftOut }: UserDeltaPage): boolean =>
  changed.length + removed.length + leftOut === 0;

/** `changed`: deleted and restorable. `deleted`: gone for good. */
const KNOWN_REASONS: readonly (string | null)[] = ['changed', 'deleted'];

const unknownReason = (reasons: readonly (string | null)[]): string | undefined => {
  const unknown = reasons.find((reason) => !KNOWN_REASONS.includes(reason));
  return unknown === undefined ? undefined : (unknown ?? 'none');
};

/** The changed users with what their rows left out: taken from what is kept, or read where that does not tell. */
async function completeUsers(run: ActiveRun, changed: readonly ChangedUser[], options: UsersByIdOptions) {
  const open = changed.filter(
    ({ manager, licenseAssignmentStates }) => manager === undefined || licenseAssignmentStates === undefined,
  );
  const kept = await readKept(
    run.pool,
    run.lease,
    open.map(({ id }) => id),
  );
  const unclear = open.filter((user) => needsReading(user, kept.get(user.id))).map(({ id }) => id);
  const graph = run.ctx.microsoft.graph(run.claim.directoryId);
  const read = await usersById(graph, unclear, options);
  if (!read.ok) return read;
  const fresh = new Map(read.value.map((user) => [user.id, user]));
  return ok(changed.map((user) => fresh.get(user.id) ?? completeUser(user, kept.get(user.id))));
}
