import pg from 'pg';
import { z } from 'zod';
import { type DatabaseTarget, embeddedSocketFolder, poolConfig } from '#lib/db/target.ts';
import { drain, usersUrl } from './drain.ts';
import { measureOnCommand } from './trial.ts';

/**
 * R, the reference of imports: a bare client that drains the same pages and writes the same rows into the same tables
 * with all their keys and indexes, in the fastest way that was found. It trusts what comes, keeps no checkpoint, tells
 * no progress, hashes nothing, replaces nothing, and after a crash it would have to begin anew with an empty table.
 *
 * Of a page in one statement by `unnest`, by `json_to_recordset`, by COPY and of the raw page transformed in SQL, with
 * one and two writers, the first and the third with two writers tie; COPY does not work on the embedded database.
 */
const WRITERS = 2;

const env = z
  .object({
    GRAPH_URL: z.string(),
    TENANT_ID: z.string(),
    DATABASE_URL: z.string().optional(),
    DATA_DIR: z.string().default(''),
  })
  .parse(process.env);

const target: DatabaseTarget = env.DATABASE_URL
  ? { type: 'server', url: env.DATABASE_URL }
  : { type: 'embedded', socketFolder: embeddedSocketFolder(env.DATA_DIR) };

/** Only as far as the reference reads it; it is not checked. */
type RawUser = Readonly<Record<string, string | boolean | null>> & {
  readonly assignedLicenses: readonly { readonly skuId: string }[];
  readonly licenseAssignmentStates: readonly {
    readonly skuId: string;
    readonly disabledPlans: readonly string[];
    readonly assignedByGroup: string | null;
    readonly state: string;
    readonly error: string;
  }[];
  readonly onPremisesExtensionAttributes: Readonly<Record<string, string | null>>;
  readonly manager?: { readonly id: string };
};

type Column = readonly [name: string, type: string, value: (user: RawUser) => unknown, cast?: string];

/** Columns that are a member of the answer as it is. */
const asItIs = (name: string, member: string, type = 'text'): Column => [name, type, (user) => user[member]];

const COLUMNS: readonly Column[] = [
  asItIs('id', 'id', 'uuid'),
  asItIs('display_name', 'displayName'),
  asItIs('company_name', 'companyName'),
  asItIs('department', 'department'),
  asItIs('mail', 'mail'),
  asItIs('given_name', 'givenName'),
  asItIs('surname', 'surname'),
  asItIs('job_title', 'jobTitle'),
  asItIs('state', 'state'),
  asItIs('postal_code', 'postalCode'),
  asItIs('street_address', 'streetAddress'),
  asItIs('city', 'city'),
  asItIs('preferred_language', 'preferredLanguage'),
  asItIs('usage_location', 'usageLocation'),
  asItIs('user_principal_name', 'userPrincipalName'),
  asItIs('office_location', 'officeLocation'),
  ['on_premises_extension_attributes', 'text', extensionAttributes],
  asItIs('country', 'country'),
  asItIs('user_type', 'userType'),
  asItIs('account_enabled', 'accountEnabled', 'boolean'),
  asItIs('created_date_time', 'createdDateTime', 'timestamptz'),
  ['manager_id', 'uuid', ({ manager }) => manager?.id ?? null],
  // unnest would take an array of arrays apart down to its elements.
  ['sku_ids', 'text', skuIds, 'uuid[]'],
  ['license_assignments', 'text', licenseAssignments, 'jsonb'],
];

function extensionAttributes({ onPremisesExtensionAttributes }: RawUser): string | null {
  const entries = Object.entries(onPremisesExtensionAttributes).filter(([, value]) => value !== null);
  return entries.length === 0 ? null : JSON.stringify(Object.fromEntries(entries.sort()));
}

function skuIds({ assignedLicenses }: RawUser): string {
  const ids = assignedLicenses.map(({ skuId }) => skuId);
  return `{${ids.sort().join(',')}}`;
}

function licenseAssignments({ licenseAssignmentStates }: RawUser): string {
  return JSON.stringify(
    licenseAssignmentStates.map(({ skuId, disabledPlans, assignedByGroup, state, error }) => ({
      skuId,
      disabledPlans,
      assignedByGroup,
      state,
      error,
    })),
  );
}

const WRITE_USERS = `
INSERT INTO directory_user (tenant_id, imported_at, content_hash, ${COLUMNS.map(([name]) => name).join(', ')})
SELECT $1::uuid, now(), '\\x', ${COLUMNS.map(([name, , , cast]) => (cast ? `${name}::${cast}` : name)).join(', ')}
FROM unnest(${COLUMNS.map(([, type], n) => `$${n + 2}::${type}[]`).join(', ')})
  AS new(${COLUMNS.map(([name]) => name).join(', ')})`;

const WRITE_SKUS = `
INSERT INTO subscribed_sku (tenant_id, sku_id, sku_part_number, capability_status, applies_to, enabled_units,
  warning_units, suspended_units, locked_out_units, consumed_units, service_plans, imported_at)
SELECT $1::uuid, "skuId", "skuPartNumber", "capabilityStatus", "appliesTo", ("prepaidUnits"->>'enabled')::int,
  ("prepaidUnits"->>'warning')::int, ("prepaidUnits"->>'suspended')::int, ("prepaidUnits"->>'lockedOut')::int,
  "consumedUnits", "servicePlans", now()
FROM json_to_recordset($2::json) AS new("skuId" uuid, "skuPartNumber" text, "capabilityStatus" text, "appliesTo" text,
  "prepaidUnits" json, "consumedUnits" int, "servicePlans" jsonb)`;

/** The rows of an answer, taken on trust. */
const rowsOf = (page: Buffer): RawUser[] => JSON.parse(page.toString()).value;

await measureOnCommand(async () => {
  const clients = Array.from({ length: WRITERS }, () => new pg.Client(poolConfig(target)));
  await Promise.all(clients.map((client) => client.connect()));
  for await (const answer of drain(`${env.GRAPH_URL}/v1.0/subscribedSkus`)) {
    await clients[0]?.query(WRITE_SKUS, [env.TENANT_ID, JSON.stringify(rowsOf(answer))]);
  }
  const pages = drain(usersUrl(env.GRAPH_URL));
  const writePages = async (client: pg.Client) => {
    for (let page = await pages.next(); !page.done; page = await pages.next()) {
      const users = rowsOf(page.value);
      const values = COLUMNS.map(([, , value]) => users.map(value));
      await client.query(WRITE_USERS, [env.TENANT_ID, ...values]);
    }
  };
  await Promise.all(clients.map(writePages));
  await Promise.all(clients.map((client) => client.end()));
});
