/*
 * For tests that ask whether an import is exact: what Microsoft says, read past our client and put into the form of our
 * tables a second time, and what the tables hold.
 */
import { z } from 'zod';
import { exportUsers } from '#lib/domain/users/export.ts';
import { UserFilter } from '#lib/domain/users/model.ts';
import { type GraphRow, readGraph, readGraphUsers, type TestTenant } from './testing.ts';

type Row = Readonly<Record<string, unknown>>;

export type Truth = { readonly users: readonly Row[]; readonly skus: readonly Row[] };

export type Stored = {
  /** All rows ascending by id, those of retired users too. */
  readonly users: readonly Row[];
  readonly skus: readonly Row[];
  /** The units of each SKU by day (UTC). */
  readonly snapshots: Readonly<Record<string, readonly Row[]>>;
  /** Ids in the file of all users. */
  readonly exported: readonly string[];
};

/** The users and SKUs of a directory as our tables must hold them. */
export async function readTruth(
  origin: string,
  directoryId: TestTenant['directoryId'] | string,
): Promise<Truth> {
  const [users, skus] = [
    await readGraphUsers(origin, directoryId),
    await readGraph(origin, directoryId, '/subscribedSkus'),
  ];
  return {
    users: users.filter(isPerson).toSorted(by('id')).map(expectedUser),
    skus: skus.toSorted(by('skuId')).map(expectedSku),
  };
}

/** What the tables hold of a tenant. */
export async function readStored({ ctx, tenantId }: TestTenant): Promise<Stored> {
  const { pool } = ctx.database;
  const rowsOf = async (statement: string) =>
    (await pool.query<Record<string, unknown>>(statement, [tenantId])).rows;
  const users = await rowsOf(
    'SELECT *, sku_ids::text[] AS sku_ids FROM directory_user WHERE tenant_id = $1 ORDER BY id',
  );
  const skus = await rowsOf('SELECT * FROM subscribed_sku WHERE tenant_id = $1 ORDER BY sku_id');
  const snapshots = await rowsOf(
    'SELECT *, day::text AS day FROM sku_snapshot WHERE tenant_id = $1 ORDER BY sku_id',
  );
  return {
    users: users.map(({ tenant_id, imported_at, content_hash, ...row }) => row),
    skus: skus.map(({ tenant_id, imported_at, ...row }) => row),
    snapshots: Object.groupBy(
      snapshots.map(({ tenant_id, ...row }) => row),
      ({ day }) => String(day),
    ) as Record<string, Row[]>,
    exported: await exportedIds(ctx, tenantId),
  };
}

/** The units of a SKU as a snapshot has them. */
export const unitsOf = ({
  sku_id,
  enabled_units,
  warning_units,
  suspended_units,
  locked_out_units,
  consumed_units,
}: Row): Row => ({ sku_id, enabled_units, warning_units, suspended_units, locked_out_units, consumed_units });

async function exportedIds(ctx: TestTenant['ctx'], tenantId: TestTenant['tenantId']): Promise<string[]> {
  const file = await exportUsers(ctx, UserFilter.parse({ tenant: tenantId }));
  if (!file.ok) throw new Error(`no file: ${file.problem.code}`);
  let text = '';
  for await (const chunk of file.value.chunks) text += chunk;
  // Ids begin a line, and a line break within a cell is followed by something else.
  return [...text.matchAll(/^"?([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})"?,/gm)].map(
    (match) => match[1] ?? '',
  );
}

const isPerson = (row: GraphRow): boolean => row['@odata.type'] !== '#microsoft.graph.agentUser';

const by =
  (member: string) =>
  (a: GraphRow, b: GraphRow): number =>
    String(a[member]) < String(b[member]) ? -1 : 1;

const Skus = z.array(z.object({ skuId: z.string(), disabledPlans: z.array(z.string()) }));
const States = z.array(
  z.object({
    skuId: z.string(),
    disabledPlans: z.array(z.string()),
    assignedByGroup: z.string().nullable(),
    state: z.string(),
    error: z.string().nullable(),
  }),
);
const Attributes = z.record(z.string(), z.string().nullable()).nullish();
const Manager = z.object({ id: z.string() }).nullish();

function expectedUser(row: GraphRow): Row {
  const attributes = Object.entries(Attributes.parse(row.onPremisesExtensionAttributes) ?? {});
  const given = attributes.filter(([, value]) => value !== null).sort(([a], [b]) => (a < b ? -1 : 1));
  const created = z.string().nullish().parse(row.createdDateTime);
  return {
    id: row.id,
    display_name: row.displayName ?? null,
    company_name: row.companyName ?? null,
    department: row.department ?? null,
    mail: row.mail ?? null,
    given_name: row.givenName ?? null,
    surname: row.surname ?? null,
    job_title: row.jobTitle ?? null,
    state: row.state ?? null,
    postal_code: row.postalCode ?? null,
    street_address: row.streetAddress ?? null,
    city: row.city ?? null,
    preferred_language: row.preferredLanguage ?? null,
    usage_location: row.usageLocation ?? null,
    user_principal_name: row.userPrincipalName ?? null,
    office_location: row.officeLocation ?? null,
    on_premises_extension_attributes: given.length > 0 ? JSON.stringify(Object.fromEntries(given)) : null,
    country: row.country ?? null,
    user_type: row.userType ?? null,
    account_enabled: row.accountEnabled ?? null,
    created_date_time: created ? new Date(created) : null,
    manager_id: Manager.parse(row.manager)?.id ?? null,
    sku_ids: [...new Set(Skus.parse(row.assignedLicenses).map(({ skuId }) => skuId))].sort(),
    license_assignments: States.parse(row.licenseAssignmentStates),
    deleted_at: null,
  };
}

const Units = z.object({
  enabled: z.number(),
  warning: z.number(),
  suspended: z.number(),
  lockedOut: z.number().default(0),
});
const Plans = z.array(
  z.object({
    servicePlanId: z.string(),
    servicePlanName: z.string(),
    provisioningStatus: z.string(),
    appliesTo: z.string(),
  }),
);

function expectedSku(row: GraphRow): Row {
  const units = Units.parse(row.prepaidUnits);
  return {
    sku_id: row.skuId,
    sku_part_number: row.skuPartNumber,
    capability_status: row.capabilityStatus,
    applies_to: row.appliesTo,
    enabled_units: units.enabled,
    warning_units: units.warning,
    suspended_units: units.suspended,
    locked_out_units: units.lockedOut,
    consumed_units: row.consumedUnits,
    service_plans: Plans.parse(row.servicePlans).sort((a, b) =>
      a.servicePlanName < b.servicePlanName ? -1 : 1,
    ),
  };
}
