import { ok, type Result } from '#lib/core/result.ts';
import { countUsers } from '#lib/microsoft/graph/users.ts';
import type { ActiveRun } from '../../active-run.ts';
import type { Certificate, UsersCheckpoint } from '../../model.ts';
import { unlessWithoutDelta } from './delta-problems.ts';
import { type Replay, replayChanges } from './replay.ts';
import { countReadRows, countRowsLeftOut } from './write.ts';

/** How often changes are read once more while fewer users are known than Microsoft counts: the directory moves on. */
const ROUNDS = 3;

export type Certified = {
  /** The checksum is still to be taken, from what is kept in the end. */
  readonly certificate: Certificate;
  /** Where an incremental read goes on after this one. */
  readonly next: { readonly deltaLink: string | null; readonly linkedAt: Date };
};

/**
 * What a full read can say of its completeness, once what has changed since its beginning was read as well: nobody may
 * be missing by Microsoft's count. Where changes cannot be told, and fewer came than were announced at the beginning or
 * nothing was announced, the count of now decides: who was deleted meanwhile is not missing.
 */
export async function certify(run: ActiveRun, read: UsersCheckpoint): Promise<Result<Certified>> {
  const { ranges, expected } = read;
  const leavesOut = ranges.some((range) => range.leftOut > 0);
  for (let round = 1; ; round += 1) {
    // From the first link on each time: the pages of a replay take the place of those before.
    const replayed = await replay(run, read.deltaLink);
    if (!replayed.ok) return replayed;
    const changes = replayed.value;
    const rows = await countReadRows(run.pool, run.lease);
    // Nobody at all is not believed: a directory has at least the one who set it up.
    const covers = (count: number): boolean => rows >= Math.max(count, 1);
    const isAsAnnounced = expected !== null && covers(expected);
    const isStill = !changes || (changes.changed === 0 && changes.removed.size === 0);
    const counted =
      isAsAnnounced && isStill
        ? ok(undefined)
        : await countUsers(run.ctx.microsoft.graph(run.claim.directoryId), run.callOptions('users'));
    if (!counted.ok) return counted;
    const after = counted.value ?? null;
    const green = covers(after ?? expected ?? 0);
    if (!green && changes && round < ROUNDS) continue;
    // By their ids: one that is on two pages must not hide that somebody is missing.
    const leftOut = leavesOut ? await countRowsLeftOut(run.pool, run.lease) : 0;
    return ok({
      certificate: {
        method: 'full',
        expectedBefore: expected,
        expectedAfter: after,
        received: sum(ranges.map((range) => range.received)),
        distinct: rows - leftOut,
        leftOut,
        ranges: ranges.map(({ from, to, isUndated, received }) => ({
          from,
          to,
          received,
          ...(isUndated && { isUndated }),
        })),
        ...(changes && { replayed: { changed: changes.changed, removed: changes.removed.size } }),
        checksum: null,
        green,
        ...(!green && { reason: 'fewer-than-counted' }),
      },
      next: changes ?? { deltaLink: null, linkedAt: run.ctx.clock() },
    });
  }
}

/** What has changed since the link was taken; undefined where the service does not tell. */
async function replay(run: ActiveRun, deltaLink: string | null): Promise<Result<Replay | undefined>> {
  return deltaLink === null ? ok(undefined) : unlessWithoutDelta(run, await replayChanges(run, deltaLink));
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);
