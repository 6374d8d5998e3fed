import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { storable } from '#lib/core/storable.ts';
import { hostileText } from '#lib/core/testing.ts';
import { startTestDatabase, type TestDatabase } from '#lib/db/testing.ts';
import { testServices } from '#lib/domain/testing.ts';
import { exportUsers } from '#lib/domain/users/export.ts';
import { getUser } from '#lib/domain/users/get.ts';
import { UserFilter, UserListQuery } from '#lib/domain/users/model.ts';
import { listUsers } from '#lib/domain/users/queries.ts';
import {
  createTestClients,
  type ScriptedServer,
  startScriptedServer,
  TEST_DIRECTORY,
} from '#lib/microsoft/testing.ts';
import { connectTenant, importNow, type TestTenant } from './testing.ts';

/*
 * Users with every text that a directory could hold, from Microsoft's answer to the file that is downloaded.
 */
const seed = Math.trunc(Math.random() * 2 ** 31);
const text = fc.oneof({ weight: 4, arbitrary: hostileText }, { weight: 1, arbitrary: fc.constant(null) });

/** The columns of the file, and the members of Graph behind them. */
const COLUMNS = {
  DisplayName: 'displayName',
  CompanyName: 'companyName',
  Department: 'department',
  Mail: 'mail',
  GivenName: 'givenName',
  Surname: 'surname',
  JobTitle: 'jobTitle',
  State: 'state',
  PostalCode: 'postalCode',
  StreetAddress: 'streetAddress',
  City: 'city',
  PreferredLanguage: 'preferredLanguage',
  UsageLocation: 'usageLocation',
  UserPrincipalName: 'userPrincipalName',
  OfficeLocation: 'officeLocation',
  Country: 'country',
  UserType: 'userType',
} as const;

const users = fc
  .sample(
    fc.record({
      ...Object.fromEntries(Object.values(COLUMNS).map((member) => [member, text])),
      accountEnabled: fc.constantFrom(true, false, null),
      createdDateTime: text,
      onPremisesExtensionAttributes: fc.option(
        fc.record({ extensionAttribute1: text, extensionAttribute15: text }),
      ),
      licenseAssignmentStates: fc.array(
        fc.record({
          skuId: fc.uuid(),
          disabledPlans: fc.array(fc.uuid(), { maxLength: 2 }),
          state: text,
          error: text,
        }),
        { maxLength: 2 },
      ),
    }),
    { numRuns: 300, seed },
  )
  .map((members, index) => ({
    ...(members as Record<string, unknown>),
    id: `00000000-0000-4000-8000-${String(index).padStart(12, '0')}`,
  })) as (Record<string, unknown> & { readonly id: string })[];

const skus = fc.sample(
  fc.record({
    skuId: fc.uuid(),
    skuPartNumber: hostileText,
    capabilityStatus: hostileText,
    appliesTo: text,
    consumedUnits: fc.integer({ min: 0, max: 2 ** 31 - 1 }),
    prepaidUnits: fc.record({ enabled: fc.integer({ min: 0, max: 2 ** 31 - 1 }) }),
    servicePlans: fc.array(
      fc.record({
        servicePlanId: fc.uuid(),
        servicePlanName: hostileText,
        provisioningStatus: text,
        appliesTo: text,
      }),
      { maxLength: 3 },
    ),
  }),
  { numRuns: 30, seed },
);

let db: TestDatabase;
let server: ScriptedServer;
let tenant: TestTenant;

beforeAll(async () => {
  db = await startTestDatabase();
  server = await startScriptedServer(({ path }) => {
    if (path.endsWith('/token'))
      return { body: { token_type: 'Bearer', expires_in: 3600, access_token: 't' } };
    if (path === '/v1.0/subscribedSkus') return { body: { value: skus } };
    if (path === '/v1.0/directory/subscriptions' || path === '/v1.0/groups') return { body: { value: [] } };
    if (path === '/v1.0/organization')
      return {
        body: { value: [{ id: TEST_DIRECTORY, verifiedDomains: [{ name: 'a\0\ud83d', isDefault: true }] }] },
      };
    return { body: { '@odata.count': users.length, value: users } };
  });
  const { origin } = server;
  const microsoft = createTestClients({ authority: origin, graph: origin, arm: origin });
  tenant = await connectTenant(testServices(db.database, { microsoft }), TEST_DIRECTORY, 'office365');
});
afterAll(() => Promise.all([db.stop(), server.stop()]));

/** A cell as the contract says it. */
function cellOf(value: unknown): string {
  if (value === null || value === undefined) return '';
  const kept = storable(String(value));
  return /^[=+\-@\t\r]/.test(kept) ? `'${kept}` : kept;
}

test(`users with any text are imported whole, listed, shown and exported (seed ${seed})`, async () => {
  expect(await importNow(tenant)).toMatchObject({ status: 'completed' });
  const file = await exportUsers(tenant.ctx, UserFilter.parse({}));
  if (!file.ok) throw new Error(file.problem.code);
  let csv = '';
  for await (const chunk of file.value.chunks) csv += chunk;
  const rows: Record<string, string>[] = parse(csv, { columns: true, recordDelimiter: '\r\n' });
  expect(rows).toHaveLength(users.length);
  rows.forEach((row, index) => {
    const user = users[index];
    expect(row.Id).toBe(user?.id);
    for (const [column, member] of Object.entries(COLUMNS))
      expect(row[column], column).toBe(cellOf(user?.[member]));
    expect(row.AccountEnabled).toBe(cellOf(user?.accountEnabled));
  });

  for (const { id } of users.slice(0, 60)) {
    const shown = await getUser(tenant.ctx, { tenantId: tenant.tenantId, userId: id });
    expect(shown.ok && shown.value.id).toBe(id);
  }
  for (const user of users.slice(0, 40)) {
    const query = UserListQuery.parse({ q: user.displayName ?? '', department: user.department ?? '' });
    expect((await listUsers(tenant.ctx, query)).ok).toBe(true);
  }
});
