import type pg from 'pg';
import type { Problem } from '#lib/core/problem.ts';
import { ok, type Result } from '#lib/core/result.ts';
import { countUsers } from '#lib/microsoft/graph/users.ts';
import type { ActiveRun, PhaseEnd } from '../../active-run.ts';
import type { Lease } from '../../lease.ts';
import { keepDeltaLink, readDirectorySync } from './directory-sync.ts';
import { type FullReadReason, fullReadReason, NOT_TRACKED } from './method.ts';
import { joinReplays, type Replay, replayChanges } from './replay.ts';
import { retireUsers } from './retire.ts';
import { readUserScope, type UserScope } from './scope.ts';
import { settleUsers } from './settle.ts';
import { checksumOfUsers, deletePages } from './write.ts';

/** How often changes are asked for before a count that does not match is believed: the directory moves meanwhile. */
const ROUNDS = 2;

/**
 * Reads what has changed since the last read, and ends the users' phase when the outcome is as many users as Microsoft
 * counts. Otherwise the reason for which all users have to be read. The link of the last read stays until then, so that
 * an attempt after a crash reads the same changes.
 */
export async function importChanges(run: ActiveRun): Promise<Result<FullReadReason | undefined>> {
  const sync = await readDirectorySync(run.pool, run.lease.tenantId);
  const scope = await readUserScope(run.pool, run.lease);
  const reason = fullReadReason(sync, { fields: scope.fields, now: run.ctx.clock() });
  if (reason || !sync?.deltaLink) return ok(reason ?? 'unlinked');
  const record = run.record('users');
  Object.assign(record, { method: 'incremental', methodReason: undefined, received: 0, expected: null });
  const before = await countKept(run.pool, run.lease, []);
  let replay: Replay | undefined;
  for (let round = 1; ; round += 1) {
    const replayed = await replayChanges(run, replay?.deltaLink ?? sync.deltaLink, (rows) => {
      record.received += rows;
    });
    if (!replayed.ok) return afterProblem(replayed.problem);
    replay = replay ? joinReplays(replay, replayed.value) : replayed.value;
    if (replay.unknownReason !== undefined) return ok('removal');
    if (replay.leftOut > 0) return ok('agents');
    const counted = await countUsers(
      run.ctx.microsoft.graph(run.claim.directoryId),
      run.callOptions('users'),
    );
    if (!counted.ok) return counted;
    const { value: count } = counted;
    if (count === undefined) return ok('uncounted');
    const distinct = await countKept(run.pool, run.lease, [...replay.removed]);
    // Nobody at all is not believed: a directory has at least the one who set it up.
    if (distinct > 0 && distinct + sync.leftOut === count) {
      await endPhase(run, scope, replay, { before, count, distinct, leftOut: sync.leftOut });
      return ok(undefined);
    }
    if (round === ROUNDS) return ok('count');
  }
}

/** What a full read can mend, and what it could do no better. */
const MENDED: Readonly<Partial<Record<Problem['code'], FullReadReason>>> = {
  'page-expired': 'expired',
  'request-rejected': 'unreadable',
  'resource-not-found': 'unreadable',
  'upstream-shape': 'unreadable',
  'foreign-link': 'unreadable',
};

function afterProblem(problem: Problem): Result<FullReadReason> {
  const reason = MENDED[problem.code];
  return reason ? ok(reason) : { ok: false, problem };
}

type Counts = {
  /** Users that were kept before. */
  readonly before: number;
  /** Rows that Microsoft counts afterwards. */
  readonly count: number;
  /** Users there are now. */
  readonly distinct: number;
  readonly leftOut: number;
};

async function endPhase(run: ActiveRun, scope: UserScope, replay: Replay, counts: Counts): Promise<void> {
  const { before, count, distinct, leftOut } = counts;
  const { received } = run.record('users');
  await run.endPhase('users', async (client): Promise<PhaseEnd> => {
    const now = run.ctx.clock();
    const retired = await retireUsers(client, run.lease, [...replay.removed], now);
    await deletePages(client, run.lease);
    await keepDeltaLink(client, run.lease.tenantId, { ...replay, fields: scope.fields });
    return {
      state: 'completed',
      method: 'incremental',
      notTracked: NOT_TRACKED,
      // As after a full read: as many users as are known to be there.
      received: distinct,
      expected: distinct,
      retired,
      certificate: {
        method: 'incremental',
        expectedBefore: before + leftOut,
        expectedAfter: count,
        received,
        distinct,
        leftOut,
        ranges: [],
        replayed: { changed: replay.present.size, removed: replay.removed.size },
        checksum: await checksumOfUsers(client, run.lease),
        green: true,
      },
      ...(await settleUsers(client, run.lease, { now, scope, isComplete: true })),
    };
  });
}

/** How many users of the tenant are kept as present, these left out. */
async function countKept(pool: pg.Pool, { tenantId }: Lease, without: readonly string[]): Promise<number> {
  const { rows } = await pool.query<{ users: number }>(
    `SELECT count(*)::int AS users FROM directory_user
     WHERE tenant_id = $1 AND deleted_at IS NULL AND id <> ALL($2::uuid[])`,
    [tenantId, without],
  );
  return rows[0]?.users ?? 0;
}
