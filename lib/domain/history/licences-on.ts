import { z } from 'zod';
import { deny } from '#lib/access/permissions.ts';
import type { TenantId } from '#lib/core/ids.ts';
import { ok, type Result } from '#lib/core/result.ts';
import { type Ctx, organizationOf } from '#lib/domain/context.ts';
import { ALL_USERS, type Dimension, LICENSED_USERS } from '#lib/domain/imports/phases/users/figures.ts';
import { PrepaidUnits, type Seats, seatsOf } from '#lib/domain/licensing/model.ts';
import type { Day } from './days.ts';

export { DIMENSIONS, type Dimension } from '#lib/domain/imports/phases/users/figures.ts';

/** How many users have something in common and a licence. */
export type LicenceFigure = {
  /** The department and so on; empty for users without one, and for all. */
  readonly value: string;
  /** Undefined for users as such. */
  readonly skuId: string | undefined;
  /** `licence`: who has the SKU; `licensed`: who has any; `users`: all. */
  readonly counts: 'users' | 'licensed' | 'licence';
  readonly users: number;
};

const figures = (holds: string): string => `
SELECT value, sku_id, sum(users)::int AS users
FROM tenant JOIN licence_figure figure ON figure.tenant_id = tenant.id
WHERE tenant.organization_id = $1 AND tenant.removed_at IS NULL AND tenant.kind = 'office365'
  AND ($2::uuid IS NULL OR tenant.id = $2) AND dimension = $3 AND ${holds}
GROUP BY value, sku_id`;

const FIGURES_NOW = figures('to_day IS NULL');
const FIGURES_ON = figures('from_day <= $4::date AND (to_day IS NULL OR to_day > $4::date)');

export type AskLicencesOn = {
  /** One tenant; absent for all of the organization together. */
  readonly tenantId?: TenantId;
  /** Absent for now. */
  readonly day?: Day;
  readonly dimension: Dimension;
};

/**
 * How many users had each licence at the end of a day (UTC), or have it now, by what they have in common. There are no
 * figures of days before the first import. Problems: forbidden.
 */
export async function licencesOn(
  ctx: Ctx,
  { tenantId, day, dimension }: AskLicencesOn,
): Promise<Result<LicenceFigure[]>> {
  const denied = deny(ctx.actor, 'licensing.read');
  if (denied) return denied;
  const { rows } = await ctx.database.pool.query<{ value: string; sku_id: string; users: number }>(
    day === undefined ? FIGURES_NOW : FIGURES_ON,
    [organizationOf(ctx), tenantId ?? null, dimension, ...(day === undefined ? [] : [day])],
  );
  return ok(
    rows.map(({ value, sku_id, users }) => {
      const counts = sku_id === ALL_USERS ? 'users' : sku_id === LICENSED_USERS ? 'licensed' : 'licence';
      return { value, skuId: counts === 'licence' ? sku_id : undefined, counts, users };
    }),
  );
}

/** The seats of a SKU of one tenant on a past day. */
export type SkuOnDay = Seats & { readonly tenantId: string; readonly skuId: string };

const SkuRow = z.object({
  tenant_id: z.string(),
  sku_id: z.string(),
  units: PrepaidUnits,
  consumed_units: z.int(),
});

const SKUS_ON = `
SELECT last.tenant_id, last.sku_id, last.consumed_units, json_build_object('enabled', last.enabled_units,
  'warning', last.warning_units, 'suspended', last.suspended_units, 'lockedOut', last.locked_out_units) AS units
FROM (
  SELECT DISTINCT ON (snapshot.tenant_id, snapshot.sku_id) snapshot.*
  FROM tenant JOIN sku_snapshot snapshot ON snapshot.tenant_id = tenant.id
  WHERE tenant.organization_id = $1 AND tenant.removed_at IS NULL AND ($2::uuid IS NULL OR tenant.id = $2)
    AND ($3::uuid IS NULL OR snapshot.sku_id = $3) AND snapshot.day <= $4::date
  ORDER BY snapshot.tenant_id, snapshot.sku_id, snapshot.day DESC
) AS last`;

/**
 * The seats of each SKU at the end of a day (UTC), one for each tenant and SKU. A SKU that had vanished has none; one
 * that was not known yet is not among them. Problems: forbidden.
 */
export async function skusOn(
  ctx: Ctx,
  { tenantId, skuId, day }: { readonly tenantId?: TenantId; readonly skuId?: string; readonly day: Day },
): Promise<Result<SkuOnDay[]>> {
  const denied = deny(ctx.actor, 'licensing.read');
  if (denied) return denied;
  const { rows } = await ctx.database.pool.query(SKUS_ON, [
    organizationOf(ctx),
    tenantId ?? null,
    skuId ?? null,
    day,
  ]);
  return ok(
    SkuRow.array()
      .parse(rows)
      .map((row) => ({
        tenantId: row.tenant_id,
        skuId: row.sku_id,
        ...seatsOf(row.units, row.consumed_units),
      })),
  );
}

/** The seats of one SKU of a tenant at the end of a day (UTC); undefined where it was not known then. */
export async function skuOn(
  ctx: Ctx,
  input: { readonly tenantId: TenantId; readonly skuId: string; readonly day: Day },
): Promise<Result<SkuOnDay | undefined>> {
  const skus = await skusOn(ctx, input);
  return skus.ok ? ok(skus.value[0]) : skus;
}
