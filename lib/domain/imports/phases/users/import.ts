import { ok, type Result } from '#lib/core/result.ts';
import { countUsers } from '#lib/microsoft/graph/users.ts';
import type { ActiveRun, PhaseEnd } from '../../active-run.ts';
import type { Certificate, UsersCheckpoint } from '../../model.ts';
import { readAllUsers } from './full-read.ts';
import { importChanges } from './incremental.ts';
import { FULL_READ_REASONS } from './method.ts';
import { isDivided } from './plan.ts';
import { retireUnreadUsers } from './retire.ts';
import { readUserScope } from './scope.ts';
import { settleUsers } from './settle.ts';
import { noteFullRead } from './sync.ts';
import { checksumOfUsers, countReadUsers, deletePages } from './write.ts';

/**
 * Brings the users of a directory up to date: by what has changed since the last read, or where that is not possible,
 * or did not come to what Microsoft counts, by reading all of them in the same run.
 */
export async function importUsers(run: ActiveRun): Promise<Result<undefined>> {
  const record = run.record('users');
  // A full read that has begun, before a crash perhaps, is not given up for another method.
  if (record.method !== 'full' && run.checkpoint === undefined) {
    const changes = await importChanges(run);
    if (!changes.ok) return changes;
    if (changes.value === undefined) return ok(undefined);
    record.method = 'full';
    record.methodReason = FULL_READ_REASONS[changes.value];
    await run.save();
  }
  record.methodReason ??= FULL_READ_REASONS.asked;
  return importAllUsers(run);
}

/**
 * Reads all users with their managers and licences. Pages are written as they come; when all have come, users who
 * are on none of them are retired. Goes on from the checkpoint of an earlier attempt. A read that fails, or brought
 * fewer users than Microsoft counts, retires nobody.
 */
async function importAllUsers(run: ActiveRun): Promise<Result<undefined>> {
  const scope = await readUserScope(run.pool, run.lease);
  const read = await readAllUsers(run, scope);
  if (!read.ok) return read;
  const completeness = await certify(run, read.value);
  if (!completeness.ok) return completeness;
  const { value: certificate } = completeness;
  const { distinct, leftOut, green } = certificate;
  await run.endPhase('users', async (client): Promise<PhaseEnd> => {
    const now = run.ctx.clock();
    const retired = green ? await retireUnreadUsers(client, run.lease, now) : 0;
    await deletePages(client, run.lease);
    await noteFullRead(client, run.lease, { now, isDivided: isDivided(read.value), isGreen: green, leftOut });
    const checksum = await checksumOfUsers(client, run.lease);
    const settled = await settleUsers(client, run.lease, { now, scope, isComplete: green });
    const end = { received: distinct, certificate: { ...certificate, checksum }, ...settled };
    if (green) return { state: 'completed', ...end, expected: distinct, retired };
    const expected = Math.max((certificate.expectedAfter ?? certificate.expectedBefore ?? 0) - leftOut, 1);
    const problem = { code: 'read-incomplete', received: distinct, expected } as const;
    return { state: 'partial', ...end, expected, problem };
  });
  return ok(undefined);
}

/**
 * What the read can say of its completeness. A read takes a while, so where fewer came than were announced at its
 * beginning, or nothing was announced, the count of now decides: who was deleted meanwhile is not missing.
 */
async function certify(run: ActiveRun, { ranges, expected }: UsersCheckpoint): Promise<Result<Certificate>> {
  const sum = (member: 'received' | 'leftOut') => ranges.reduce((total, range) => total + range[member], 0);
  const distinct = await countReadUsers(run.pool, run.lease);
  const leftOut = sum('leftOut');
  // Nobody at all is not believed: a directory has at least the one who set it up.
  const covers = (count: number): boolean => distinct + leftOut >= Math.max(count, 1);
  const isAsAnnounced = expected !== null && covers(expected);
  const now = isAsAnnounced ? ok(undefined) : await countUsers(usersOf(run), run.callOptions('users'));
  if (!now.ok) return now;
  const green = isAsAnnounced || covers(now.value ?? expected ?? 0);
  return ok({
    method: 'full',
    expectedBefore: expected,
    expectedAfter: now.value ?? null,
    received: sum('received'),
    distinct,
    leftOut,
    ranges: ranges.map(({ from, to, isUndated, received }) => ({
      from,
      to,
      received,
      ...(isUndated && { isUndated }),
    })),
    checksum: null,
    green,
    ...(!green && { reason: 'fewer-than-counted' }),
  });
}

const usersOf = (run: ActiveRun) => run.ctx.microsoft.graph(run.claim.directoryId);
