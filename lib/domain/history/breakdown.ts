import { z } from 'zod';
import { deny } from '#lib/access/permissions.ts';
import { byCodePoint } from '#lib/core/code-point-order.ts';
import { type CsvFile, csvLine } from '#lib/core/csv.ts';
import { Guid, TenantId } from '#lib/core/ids.ts';
import { fail, ok, type Result } from '#lib/core/result.ts';
import { type Ctx, organizationOf } from '#lib/domain/context.ts';
import { type Seats, sumSeats } from '#lib/domain/licensing/model.ts';
import { listSources, oldestRead, type Source } from '#lib/domain/licensing/sources.ts';
import { limitMember } from '#lib/domain/limits/limit.ts';
import { certifiedDays, Day, dayOf } from './days.ts';
import { productName } from './former-user.ts';
import { type LicenceFigure, licencesOn, skusOn } from './licences-on.ts';

const emptyAsAbsent = <Schema extends z.ZodType>(schema: Schema) =>
  z.preprocess((value) => (value === '' ? undefined : value), schema.optional());

/** What the page shows, as its address says it. Ids must be ids; of the rest, what is not understood is left out. */
export const BreakdownQuery = z.object({
  tenant: emptyAsAbsent(TenantId),
  by: z.enum(['department', 'country', 'company']).catch('department'),
  /** A past day; absent for now. */
  day: emptyAsAbsent(Day).catch(undefined),
  /** One product; absent for all. */
  sku: emptyAsAbsent(Guid),
});
export type BreakdownQuery = z.infer<typeof BreakdownQuery>;

/** Users who have something in common. */
export type BreakdownRow = {
  /** Empty for those without one. */
  readonly value: string;
  readonly users: number;
  /** Users who have any licence. */
  readonly licensed: number;
  /** Licences, of the chosen product or of all. */
  readonly licences: number;
};

export type ProductOnDay = Seats & { readonly skuId: string; readonly name: string };

export type Breakdown = {
  readonly sources: readonly Source[];
  readonly selected: readonly Source[];
  /** The largest first. */
  readonly rows: readonly BreakdownRow[];
  /** How many more there are than `rows`, and what they add up to. */
  readonly others: (BreakdownRow & { readonly values: number }) | undefined;
  readonly totals: BreakdownRow;
  /** Products to choose from. */
  readonly products: ReadonlyArray<{ readonly skuId: string; readonly name: string }>;
  /** The seats of that day; absent for now, which the licence page shows. */
  readonly seats: readonly ProductOnDay[] | undefined;
  /** Whether all directories in sight were read completely on that day; absent for now. */
  readonly isCertified: boolean | undefined;
  readonly readAt: Date | null;
  readonly today: Day;
};

const ROWS_MAX = 100;

/**
 * Users and licences by what the users have in common, now or at the end of a past day (UTC). Problems: forbidden;
 * not-found for a tenant that is not the organization's.
 */
export async function licenceBreakdown(ctx: Ctx, query: BreakdownQuery): Promise<Result<Breakdown>> {
  const denied = deny(ctx.actor, 'licensing.read');
  if (denied) return denied;
  const sources = await listSources(ctx);
  const selected = sources.filter(({ tenantId }) => !query.tenant || tenantId === query.tenant);
  if (query.tenant && selected.length === 0) return fail({ code: 'not-found', entity: 'tenant' });
  const { tenant: tenantId, day, by: dimension, sku } = query;
  const figures = await licencesOn(ctx, { tenantId, day, dimension });
  if (!figures.ok) return figures;
  const names = await readNames(ctx);
  const rows = toRows(figures.value, sku);
  const rest = rows.slice(ROWS_MAX);
  return ok({
    sources,
    selected,
    rows: rows.slice(0, ROWS_MAX),
    others: rest.length > 0 ? { ...sumRows(rest), values: rest.length } : undefined,
    totals: sumRows(rows),
    products: [...new Set(figures.value.flatMap(({ skuId }) => skuId ?? []))]
      .map((skuId) => ({ skuId, name: productName(skuId, names) }))
      .sort((a, b) => a.name.localeCompare(b.name, 'en')),
    seats: day && (await seatsOn(ctx, { tenantId, day }, names)),
    isCertified: day && (await areCertified(ctx, selected, day)),
    readAt: oldestRead(selected.map(({ usersReadAt }) => usersReadAt)),
    today: dayOf(ctx.clock()),
  });
}

function toRows(figures: readonly LicenceFigure[], sku: string | undefined): BreakdownRow[] {
  const rows = new Map<string, { users: number; licensed: number; licences: number }>();
  for (const { value, counts, skuId, users } of figures) {
    const row = rows.get(value) ?? { users: 0, licensed: 0, licences: 0 };
    rows.set(value, row);
    if (counts === 'users') row.users += users;
    else if (counts === 'licensed') row.licensed += users;
    else if (sku === undefined || skuId === sku) row.licences += users;
  }
  return [...rows]
    .map(([value, row]) => ({ value, ...row }))
    .sort((a, b) => b.licences - a.licences || b.users - a.users || byCodePoint(a.value, b.value));
}

function sumRows(rows: readonly BreakdownRow[]): BreakdownRow {
  const total = { value: '', users: 0, licensed: 0, licences: 0 };
  for (const { users, licensed, licences } of rows) {
    total.users += users;
    total.licensed += licensed;
    total.licences += licences;
  }
  return total;
}

/** More than an organization's directories have. */
const SKUS_MAX = 20_000;

async function readNames(ctx: Ctx): Promise<ReadonlyMap<string, string>> {
  const skus = await ctx.database.prisma.subscribedSku.findMany({
    where: { tenant: { organizationId: organizationOf(ctx), removedAt: null } },
    select: { skuId: true, skuPartNumber: true },
    distinct: ['skuId'],
    take: SKUS_MAX,
  });
  return new Map(skus.map(({ skuId, skuPartNumber }) => [skuId, skuPartNumber]));
}

async function seatsOn(
  ctx: Ctx,
  input: { readonly tenantId: TenantId | undefined; readonly day: Day },
  names: ReadonlyMap<string, string>,
): Promise<readonly ProductOnDay[]> {
  const skus = await skusOn(ctx, { day: input.day, ...(input.tenantId && { tenantId: input.tenantId }) });
  if (!skus.ok) return [];
  return [...Map.groupBy(skus.value, ({ skuId }) => skuId)]
    .map(([skuId, parts]) => ({ skuId, name: productName(skuId, names), ...sumSeats(parts) }))
    .filter(({ prepaidUnits, consumedUnits }) => prepaidUnits > 0 || consumedUnits > 0)
    .sort((a, b) => b.prepaidUnits - a.prepaidUnits || byCodePoint(a.name, b.name));
}

async function areCertified(ctx: Ctx, selected: readonly Source[], day: Day): Promise<boolean> {
  for (const { tenantId } of selected) {
    const days = await certifiedDays(ctx, { tenantId, from: day, to: day });
    if (!days.ok || !days.value.has(day)) return false;
  }
  return selected.length > 0;
}

/** The same as a CSV file, one row for each value and product. Problems: forbidden, rate-limited, not-found. */
export async function exportBreakdown(ctx: Ctx, query: BreakdownQuery): Promise<Result<CsvFile>> {
  const denied = deny(ctx.actor, 'licensing.read');
  if (denied) return denied;
  const limited = await limitMember(ctx, 'export');
  if (limited) return limited;
  const { tenant: tenantId, day, by: dimension, sku } = query;
  if (tenantId) {
    const isOwn = (await listSources(ctx)).some((source) => source.tenantId === tenantId);
    if (!isOwn) return fail({ code: 'not-found', entity: 'tenant' });
  }
  const figures = await licencesOn(ctx, { tenantId, day, dimension });
  if (!figures.ok) return figures;
  const names = await readNames(ctx);
  const rows = figures.value
    .filter(({ counts, skuId }) => sku === undefined || counts !== 'licence' || skuId === sku)
    .sort((a, b) => byCodePoint(a.value, b.value) || byCodePoint(a.skuId ?? a.counts, b.skuId ?? b.counts));
  const date = day ?? dayOf(ctx.clock());
  return ok({
    fileName: `licenses-by-${dimension}-${date}.csv`,
    chunks: lines(rows, { date, dimension, names }),
  });
}

async function* lines(
  rows: readonly LicenceFigure[],
  { date, dimension, names }: { date: Day; dimension: string; names: ReadonlyMap<string, string> },
): AsyncGenerator<string, void, undefined> {
  yield csvLine(['Day', 'Dimension', 'Value', 'Counts', 'SkuId', 'ProductName', 'Users']);
  for (const { value, counts, skuId, users } of rows) {
    const product = skuId === undefined ? null : productName(skuId, names);
    yield csvLine([date, dimension, value, counts, skuId ?? null, product, users]);
  }
}
