import { ok, type Result } from '#lib/core/result.ts';
import { usersById } from '#lib/microsoft/graph/users-by-id.ts';
import type { ActiveRun } from '../../active-run.ts';
import { leavesChanges } from '../users/changes.ts';
import { hashUsers, type LicenseAssignment, mapAssignments } from '../users/map.ts';
import { readKept } from '../users/replay-pages.ts';
import { type UserScope, withinScope } from '../users/scope.ts';
import { writeUserPage } from '../users/write.ts';
import type { GroupWithErrors } from './map.ts';
import { usersWithErrors } from './write.ts';

/** Users read and written at a time. */
const PAGE_SIZE = 300;
/** Those beyond have to wait for the next full read, which brings everything. */
const USERS_MAX = 3000;

/**
 * Renews the users whose licences are not as they are kept. An assignment that fails changes no licence of the user, so
 * a read of changes may pass over it: the members with errors say so themselves, and those who had one and are no
 * longer among them may have lost it. Returns how many were written.
 */
export async function renewStaleUsers(
  run: ActiveRun,
  groups: readonly GroupWithErrors[],
  scope: UserScope,
): Promise<Result<number>> {
  const stale = await staleUsers(run, groups);
  if (stale.length === 0) return ok(0);
  const keptChanges = await leavesChanges(run.pool, run.lease);
  let written = 0;
  for (let from = 0; from < Math.min(stale.length, USERS_MAX); from += PAGE_SIZE) {
    const read = await usersById(
      run.ctx.microsoft.graph(run.claim.directoryId),
      stale.slice(from, Math.min(from + PAGE_SIZE, USERS_MAX)),
      run.callOptions('groups'),
    );
    if (!read.ok) return read;
    written += await writeUserPage(run.pool, run.lease, {
      importedAt: run.ctx.clock(),
      pageNo: 1 + from / PAGE_SIZE,
      users: hashUsers(withinScope(read.value, scope).users),
      compares: true,
      leavesChanges: keptChanges,
      reselected: scope.reselected,
    });
    run.advance();
  }
  return ok(written);
}

async function staleUsers(run: ActiveRun, groups: readonly GroupWithErrors[]): Promise<string[]> {
  const { tenantId } = run.lease;
  const failing = new Map(
    groups.flatMap(({ members = [] }) =>
      members.map(({ id, licenseAssignmentStates }) => [id, licenseAssignmentStates] as const),
    ),
  );
  const isKnown = groups.every(({ members }) => members !== undefined);
  const recovered = isKnown
    ? (await usersWithErrors(run.pool, tenantId)).filter((id) => !failing.has(id))
    : [];
  const kept = await readKept(run.pool, run.lease, [...failing.keys()]);
  const changed = [...failing].filter(([id, states]) => {
    const assignments = kept.get(id)?.licenseAssignments;
    return assignments && states.length > 0 && canonical(assignments) !== canonical(mapAssignments(states));
  });
  return [...recovered, ...changed.map(([id]) => id)].sort();
}

/** The same for the same assignments in whatever order. */
const canonical = (assignments: readonly LicenseAssignment[]): string =>
  assignments
    .map(({ skuId, disabledPlans, assignedByGroup, state, error }) =>
      JSON.stringify([skuId, disabledPlans, assignedByGroup, state, error]),
    )
    .sort()
    .join();
