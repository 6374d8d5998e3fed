import type pg from 'pg';
import { ok, type Result } from '#lib/core/result.ts';
import { countUsers, type UserPart } from '#lib/microsoft/graph/users.ts';
import type { ActiveRun } from '../../active-run.ts';
import type { Lease } from '../../lease.ts';
import type { RangeCheckpoint, UsersCheckpoint } from '../../model.ts';
import { bordersOfQuantiles, type Range, rangesBetween, rangesOf } from './ranges.ts';
import { surveyBorders } from './survey.ts';
import { isReadInSequence } from './sync.ts';

const UNDIVIDED: Range = { from: null, to: null };

/** A read that has not begun. */
export type Plan = Omit<UsersCheckpoint, 'deltaLink'>;

/** A read of the whole directory in one sequence of pages. */
export const sequence = (): Plan => ({
  phase: 'users',
  pages: 0,
  expected: null,
  ranges: [rangeCheckpoint(0, UNDIVIDED)],
});

export const isDivided = ({ ranges }: Plan): boolean => ranges.length > 1;

/** The part of the directory that a range stands for; undefined for all of it. */
export function partOf({ no, from, to, isUndated }: RangeCheckpoint): UserPart | undefined {
  if (no === 0) return undefined;
  return isUndated ? { type: 'undated' } : { type: 'created', from, to };
}

/**
 * How a full read of the directory goes: large ones are divided by the dates of creation, those that are known from the
 * last read or else those that Microsoft counts. In one sequence are read: small directories, those whose reads in
 * ranges did not match lately, and those of which Microsoft does not say how many users have no such date, since
 * nobody could tell whether the ranges with them are everything.
 */
export async function planFullRead(run: ActiveRun): Promise<Result<Plan>> {
  const { dividedFrom, rangeUsers, rangesMax } = run.reading;
  const known = await countKept(run.pool, run.lease);
  if (known > 0 && known < dividedFrom) return ok(sequence());
  if (await isReadInSequence(run.pool, run.lease, run.ctx.clock())) return ok(sequence());
  // Of a directory that may be small, nothing is asked that only a large one needs.
  const [total, early] = await Promise.all([countPart(run), known > 0 ? countPart(run, UNDATED) : undefined]);
  if (!total.ok) return total;
  const { value: users } = total;
  if (users === undefined || users < dividedFrom) return ok(sequence());
  const parts = rangesOf(users, rangeUsers, rangesMax);
  const [undated, borders] = await Promise.all([
    early ?? countPart(run, UNDATED),
    known >= users / 2
      ? createdQuantiles(run.pool, run.lease, parts).then((dates) => ok(bordersOfQuantiles(dates)))
      : surveyBorders((range) => countPart(run, createdIn(range)), {
          now: run.ctx.clock(),
          users,
          rangeUsers: Math.ceil(users / parts),
        }),
  ]);
  if (!undated.ok) return undated;
  if (!borders.ok) return borders;
  // Where hardly anybody has a date there is nothing to divide by.
  const canDivide = undated.value !== undefined && undated.value <= users / 2;
  if (!canDivide || !borders.value?.length) return ok(sequence());
  // The newest first: who has come since the last read is there. Those without a date take more requests than others.
  const ranges = rangesBetween(borders.value).reverse();
  return ok({
    phase: 'users',
    pages: 0,
    expected: users,
    ranges: [
      { ...rangeCheckpoint(1, UNDIVIDED), isUndated: true },
      ...ranges.map((range, n) => rangeCheckpoint(n + 2, range)),
    ],
  });
}

const UNDATED: UserPart = { type: 'undated' };

const countPart = (run: ActiveRun, part?: UserPart) =>
  countUsers(run.ctx.microsoft.graph(run.claim.directoryId), {
    ...run.callOptions('users'),
    ...(part && { part }),
  });

const createdIn = ({ from, to }: Range): UserPart => ({
  type: 'created',
  from: instantOf(from),
  to: instantOf(to),
});

/** As Graph writes it: whole seconds. */
const instantOf = (second: number | null): string | null =>
  second === null ? null : new Date(second * 1000).toISOString().replace('.000Z', 'Z');

const rangeCheckpoint = (no: number, { from, to }: Range): RangeCheckpoint => ({
  no,
  from: instantOf(from),
  to: instantOf(to),
  isUndated: false,
  nextLink: null,
  pages: 0,
  received: 0,
  leftOut: 0,
  restarts: 0,
  isDone: false,
});

async function countKept(pool: pg.Pool, { tenantId }: Lease): Promise<number> {
  const { rows } = await pool.query<{ users: number }>(
    'SELECT count(*)::int AS users FROM directory_user WHERE tenant_id = $1 AND deleted_at IS NULL',
    [tenantId],
  );
  return rows[0]?.users ?? 0;
}

/** The dates between which equally many of the users kept were created, one fewer than there are parts. */
async function createdQuantiles(pool: pg.Pool, { tenantId }: Lease, parts: number): Promise<Date[]> {
  const shares = Array.from({ length: parts - 1 }, (_, n) => (n + 1) / parts);
  const { rows } = await pool.query<{ quantiles: Date[] | null }>(
    `SELECT percentile_disc($2::float8[]) WITHIN GROUP (ORDER BY created_date_time) AS quantiles
     FROM directory_user WHERE tenant_id = $1 AND deleted_at IS NULL AND created_date_time IS NOT NULL`,
    [tenantId, shares],
  );
  return rows[0]?.quantiles ?? [];
}
