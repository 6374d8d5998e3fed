import { deny } from '#lib/access/permissions.ts';
import type { TenantId } from '#lib/core/ids.ts';
import { fail, ok, type Result } from '#lib/core/result.ts';
import { type Ctx, organizationOf } from '#lib/domain/context.ts';
import { certifiedDays, Day, dayOf, endOf } from './days.ts';
import { FormerUser } from './former-user.ts';

/** What a user was at the end of a day (UTC), as far as imports had read until then. */
export type UserOnDay = (
  | { readonly state: 'present'; readonly user: FormerUser }
  /** Deleted at Microsoft, found so on that day or before; as they were last. */
  | { readonly state: 'deleted'; readonly user: FormerUser; readonly deletedAt: Date }
  /** Not in the directory. */
  | { readonly state: 'absent' }
  /** It is known from a later day on only, or from none. */
  | { readonly state: 'unknown' }
) & {
  /** Since when it is known what users looked like; null before the first complete read. */
  readonly knownFrom: Day | null;
  /** Whether a complete read has proven it on that day. */
  readonly isCertified: boolean;
};

/** What held until the next change after an instant; where there is none, what holds now. By the primary keys. */
const STATE_UNTIL = `
SELECT tenant.users_known_from::text AS known_from, next.id IS NOT NULL AS is_former, next.before,
       to_jsonb(now) - 'content_hash' AS now
FROM tenant
LEFT JOIN LATERAL (
  SELECT id, before FROM directory_user_change
  WHERE tenant_id = tenant.id AND id = $2 AND changed_at >= $3 ORDER BY changed_at LIMIT 1
) AS next ON true
LEFT JOIN directory_user now ON now.tenant_id = tenant.id AND now.id = $2
WHERE tenant.id = $1 AND tenant.organization_id = $4 AND tenant.removed_at IS NULL`;

type Row = { known_from: string | null; is_former: boolean; before: unknown; now: unknown };

export type AskUserOn = { readonly tenantId: TenantId; readonly id: string; readonly day: Day };

/**
 * What a user looked like at the end of a day (UTC), the present one included. Problems: forbidden; not-found for a
 * tenant that is not the organization's.
 */
export async function userOn(ctx: Ctx, { tenantId, id, day }: AskUserOn): Promise<Result<UserOnDay>> {
  const denied = deny(ctx.actor, 'users.read');
  if (denied) return denied;
  const { rows } = await ctx.database.pool.query<Row>(STATE_UNTIL, [
    tenantId,
    id,
    endOf(day),
    organizationOf(ctx),
  ]);
  const [row] = rows;
  if (!row) return fail({ code: 'not-found', entity: 'tenant' });
  const certified = await certifiedDays(ctx, { tenantId, from: day, to: day });
  if (!certified.ok) return certified;
  const knownFrom = row.known_from === null ? null : Day.parse(row.known_from);
  const common = { knownFrom, isCertified: certified.value.has(day) };
  if (knownFrom === null || day < knownFrom || day > dayOf(ctx.clock()))
    return ok({ state: 'unknown', ...common });
  const user = FormerUser.nullable().parse(row.is_former ? row.before : row.now);
  if (!user) return ok({ state: 'absent', ...common });
  if (user.deleted_at === null) return ok({ state: 'present', user, ...common });
  return ok({ state: 'deleted', user, deletedAt: new Date(user.deleted_at), ...common });
}
