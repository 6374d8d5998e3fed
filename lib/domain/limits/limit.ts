import type { TenantId } from '#lib/core/ids.ts';
import { type Failure, fail } from '#lib/core/result.ts';
import type { Ctx, Services } from '#lib/domain/context.ts';
import { type Allowance, LIMITS, type LimitName, SCOPES, type Scope } from './limits.ts';

/** Who is counted under a limit: an id for each of its scopes. */
export type Subjects<Name extends LimitName> = {
  readonly [S in Exclude<keyof (typeof LIMITS)[Name], 'everybody'>]: string;
};

/**
 * Counts one more time and opens a new window where the last one is over, in one statement: whoever counts at the same
 * time, in this portal or another, waits for the row. By the database's clock, which all of them share.
 */
const COUNT = `
INSERT INTO limit_counter AS counter (key, count, ends_at)
VALUES ($1, 1, now() + make_interval(secs => $2))
ON CONFLICT (key) DO UPDATE SET
  count = CASE WHEN counter.ends_at <= now() THEN 1 ELSE counter.count + 1 END,
  ends_at = CASE WHEN counter.ends_at <= now() THEN excluded.ends_at ELSE counter.ends_at END
RETURNING count, greatest(1, ceil(extract(epoch FROM ends_at - now())))::int AS seconds_left`;

/**
 * Counts that something limited is about to be done. Returns the refusal, or undefined where the caller may go on:
 * `const limited = await limit(…); if (limited) return limited;`, after `deny` and before the work.
 * Problems: rate-limited.
 */
export async function limit<Name extends LimitName>(
  services: Pick<Services, 'database' | 'log'>,
  name: Name,
  subjects: Subjects<Name>,
): Promise<Failure | undefined> {
  const allowances: Partial<Record<Scope, Allowance>> = LIMITS[name];
  const ids: Partial<Record<Scope, string>> = { ...subjects, everybody: 'all' };
  for (const scope of SCOPES) {
    const allowance = allowances[scope];
    if (!allowance) continue;
    const { max, seconds } = allowance;
    const { count, secondsLeft } = await countOne(services, `${name}:${scope}:${ids[scope]}`, seconds);
    if (count <= max) continue;
    // Once in a window: a loop would fill the log.
    if (count === max + 1)
      services.log.warn('a limit was reached', { limit: name, scope, subject: ids[scope] });
    return fail({ code: 'rate-limited', retryAfterSeconds: secondsLeft });
  }
  return undefined;
}

type MemberLimit = Exclude<LimitName, 'sign-in.start' | 'sign-in.return' | 'organization.create'>;

/**
 * The same for what a member does, where it is about a tenant, to that. Jobs of the system have no limits.
 * Problems: rate-limited.
 */
export async function limitMember(
  ctx: Ctx,
  name: MemberLimit,
  tenantId?: TenantId,
): Promise<Failure | undefined> {
  const { actor } = ctx;
  if (actor.type !== 'member') return undefined;
  const { personId, organizationId } = actor;
  // The id may be that of a stranger's tenant, whose own people must not notice.
  const tenant = `${organizationId}:${tenantId}`;
  const subjects = { person: personId, organization: organizationId, tenant };
  return limit(ctx, name, subjects);
}

async function countOne({ database }: Pick<Services, 'database'>, key: string, seconds: number) {
  const { rows } = await database.pool.query<{ count: number; seconds_left: number }>(COUNT, [key, seconds]);
  const [row] = rows;
  if (!row) throw new Error(`${key} was not counted`);
  return { count: row.count, secondsLeft: row.seconds_left };
}

/** Deletes the counters whose window is over: they say nothing any more. */
export async function forgetOldCounters({ database }: Pick<Services, 'database'>): Promise<void> {
  await database.pool.query('DELETE FROM limit_counter WHERE ends_at <= now()');
}
