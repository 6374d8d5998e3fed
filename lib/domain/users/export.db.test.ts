import { randomUUID } from 'node:crypto';
import { parse } from 'csv-parse/sync';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { CsvFile } from '#lib/core/csv.ts';
import { TenantId } from '#lib/core/ids.ts';
import { startTestDatabase, type TestDatabase } from '#lib/db/testing.ts';
import type { Ctx, Services } from '#lib/domain/context.ts';
import { createTestTenant, type TestTenant } from '#lib/domain/licensing/testing.ts';
import { createTestMember, testServices } from '#lib/domain/testing.ts';
import { exportUsers } from './export.ts';
import { UserFilter, UserListQuery } from './model.ts';
import { listUsers } from './queries.ts';
import { createTestUsers, pick, type TestUser } from './testing.ts';

let db: TestDatabase;
let services: Services;
let statements = 0;

beforeAll(async () => {
  db = await startTestDatabase();
  services = testServices(db.database, { clock: () => new Date('2026-11-21T23:30:00Z') });
});

afterAll(() => db?.stop());

const COLUMNS =
  'Id,DisplayName,CompanyName,Department,Mail,GivenName,Surname,JobTitle,State,PostalCode,StreetAddress,City,PreferredLanguage,UsageLocation,AssignedLicenses,UserPrincipalName,OfficeLocation,OnPremisesExtensionAttributes,Country,UserType,AccountEnabled,ManagerId';

async function fileOf(ctx: Ctx, filter: Record<string, unknown> = {}): Promise<CsvFile> {
  const file = await exportUsers(ctx, UserFilter.parse(filter));
  if (!file.ok) throw new Error(file.problem.code);
  return file.value;
}

async function textOf(ctx: Ctx, filter: Record<string, unknown> = {}): Promise<string> {
  let text = '';
  for await (const chunk of (await fileOf(ctx, filter)).chunks) text += chunk;
  return text;
}

const recordsOf = (text: string): Record<string, string>[] => parse(text, { columns: true });

const MESS = [
  null,
  '',
  ' ',
  'plain',
  'with, comma',
  'with "quotes"',
  'line\nbreak',
  'carriage\rreturn',
  'both\r\n',
  '=1+1',
  '+47',
  '-1',
  '@x',
  '\tTAB',
  '\rCR',
  "'already",
  'Ærøskøbing',
  '王伟',
  'محمد',
  '😀',
  '\u200fRTL',
  '"',
  ',',
  '""',
  ';',
  'x'.repeat(300),
  '﻿BOM',
  'null',
];

const messOf = (index: number, salt: number) => MESS[pick(index, salt, MESS.length)] ?? null;

function messyUser(index: number): TestUser & { readonly id: string } {
  const skus = Array.from(
    { length: pick(index, 90, 20) },
    (_, k) => `${String(pick(index, 100 + k, 50)).padStart(8, '0')}-0000-4000-8000-000000000000`,
  );
  return {
    id: randomUUID(),
    display_name: messOf(index, 1),
    company_name: messOf(index, 2),
    department: messOf(index, 3),
    mail: messOf(index, 4),
    given_name: messOf(index, 5),
    surname: messOf(index, 6),
    job_title: messOf(index, 7),
    state: messOf(index, 8),
    postal_code: messOf(index, 9),
    street_address: messOf(index, 10),
    city: messOf(index, 11),
    preferred_language: messOf(index, 12),
    usage_location: messOf(index, 13),
    sku_ids: [...new Set(skus)].sort(),
    user_principal_name: messOf(index, 14),
    office_location: messOf(index, 15),
    on_premises_extension_attributes:
      pick(index, 16, 3) === 0
        ? JSON.stringify({ extensionAttribute1: messOf(index, 17) ?? 'x', extensionAttribute10: 'y' })
        : null,
    country: messOf(index, 18),
    user_type: (['Member', 'Guest', null] as const)[pick(index, 19, 3)] ?? null,
    account_enabled: ([true, false, null] as const)[pick(index, 20, 3)] ?? null,
    manager_id: pick(index, 21, 2) === 0 ? randomUUID() : null,
  };
}

/** What CONTRACT says of a cell, written down once more. */
function cellOf(value: string | boolean | null | undefined): string {
  if (value === null || value === undefined) return '';
  const text = String(value);
  return ['=', '+', '-', '@', '\t', '\r'].includes(text.charAt(0)) ? `'${text}` : text;
}

const expectedCells = (
  user: TestUser & { id: string },
  { directoryId }: TestTenant,
  tenantName: string,
): string[] =>
  [
    user.id,
    user.display_name,
    user.company_name,
    user.department,
    user.mail,
    user.given_name,
    user.surname,
    user.job_title,
    user.state,
    user.postal_code,
    user.street_address,
    user.city,
    user.preferred_language,
    user.usage_location,
    user.sku_ids?.join(';'),
    user.user_principal_name,
    user.office_location,
    user.on_premises_extension_attributes,
    user.country,
    user.user_type,
    user.account_enabled,
    user.manager_id,
    directoryId,
    tenantName,
  ].map(cellOf);

describe('20,000 users of two directories', () => {
  let ctx: Ctx;
  let expected: string[][];

  beforeAll(async () => {
    const member = await createTestMember(services, 'viewer');
    const pool = new Proxy(db.database.pool, {
      get: (target, name) => {
        if (name === 'query') statements += 1;
        const value: unknown = Reflect.get(target, name);
        return typeof value === 'function' ? value.bind(target) : value;
      },
    });
    ctx = { ...member, database: { ...db.database, pool } };
    const contoso = await createTestTenant(ctx, { name: '=Contoso' });
    const fabrikam = await createTestTenant(ctx, { name: 'Fabrikam' });
    const users = Array.from({ length: 14_000 }, (_, index) => messyUser(index));
    // Guests are in both directories with different ids, but nothing forbids the same one.
    const others = [
      ...Array.from({ length: 5_990 }, (_, index) => messyUser(index + 50_000)),
      ...users.slice(0, 10),
    ];
    await createTestUsers(ctx, contoso.tenantId, users);
    await createTestUsers(ctx, fabrikam.tenantId, others);
    await createTestUsers(ctx, fabrikam.tenantId, [
      { display_name: 'Gone', deleted_at: '2026-11-01T00:00:00Z' },
    ]);
    expected = [
      ...users.map((user) => expectedCells(user, contoso, '=Contoso')),
      ...others.map((user) => expectedCells(user, fabrikam, 'Fabrikam')),
    ].sort((a, b) => (`${a[0]} ${a[22]}` < `${b[0]} ${b[22]}` ? -1 : 1));
  });

  test('every cell of the file is as promised, in the promised order', async () => {
    const text = await textOf(ctx);
    expect(text.slice(0, text.indexOf('\r\n'))).toBe(`${COLUMNS},TenantId,TenantName`);
    expect(text.endsWith('\r\n')).toBe(true);
    const rows: string[][] = parse(text, { recordDelimiter: '\r\n', fromLine: 1 });
    expect(rows.length).toBe(20_001);
    expect(rows.slice(1)).toEqual(expected);
    expect(rows.flat().filter((cell) => /^[=+\-@\t\r]|object |System\./.test(cell))).toEqual([]);
  });

  test('the same filter leaves the same users as on the screen', async () => {
    for (const filter of [
      { q: 'plain' },
      { q: '"' },
      { department: '王伟', type: 'Guest' },
      { enabled: 'no', country: '(none)' },
      { license: '00000007-0000-4000-8000-000000000000' },
      { q: 'nobody at all' },
    ]) {
      const ids = recordsOf(await textOf(ctx, filter)).map(({ Id }) => Id);
      const page = await listUsers(ctx, UserListQuery.parse(filter));
      expect(page).toMatchObject({ ok: true, value: { matches: { users: ids.length } } });
      expect(ids).toEqual(ids.toSorted());
      if (page.ok) for (const user of page.value.users) expect(ids).toContain(user.id);
    }
  });

  test('it reads on only as fast as the reader takes it, and stops when the reader leaves', async () => {
    const { chunks } = await fileOf(ctx);
    const iterator = chunks[Symbol.asyncIterator]();
    statements = 0;
    await iterator.next();
    const forFirst = statements;
    expect(forFirst).toBeLessThanOrEqual(6);
    await iterator.next();
    expect(statements - forFirst).toBeLessThanOrEqual(3);
    const before = statements;
    await iterator.return?.();
    expect(await iterator.next()).toEqual({ done: true, value: undefined });
    expect(statements).toBe(before);
  });

  test('it comes in pieces of a size that does not depend on how many there are', async () => {
    for await (const chunk of (await fileOf(ctx)).chunks) expect(chunk.length).toBeLessThan(128 * 1024);
  });
});

test('one tenant only; the name of the file has the date', async () => {
  const ctx = await createTestMember(services, 'viewer');
  const contoso = await createTestTenant(ctx);
  const fabrikam = await createTestTenant(ctx, { name: 'Fabrikam' });
  await createTestUsers(ctx, contoso.tenantId, [{ display_name: 'Mia' }]);
  await createTestUsers(ctx, fabrikam.tenantId, [{ display_name: 'Ole' }]);
  const records = recordsOf(await textOf(ctx, { tenant: fabrikam.tenantId }));
  expect(records).toMatchObject([
    { DisplayName: 'Ole', TenantId: fabrikam.directoryId, TenantName: 'Fabrikam' },
  ]);
  expect((await fileOf(ctx)).fileName).toBe('users-2026-11-21.csv');
});

test('many directories come as one list', async () => {
  const ctx = await createTestMember(services);
  const ids: string[] = [];
  for (let index = 0; index < 25; index += 1) {
    const { tenantId } = await createTestTenant(ctx, { name: `Tenant ${index}` });
    const users = await createTestUsers(
      ctx,
      tenantId,
      Array.from({ length: (index % 5) * 60 }, () => ({})),
    );
    ids.push(...users.map(({ id }) => id));
  }
  expect(recordsOf(await textOf(ctx)).map(({ Id }) => Id)).toEqual(ids.sort());
});

test('another organization gets nothing, not even that the tenant exists', async () => {
  const ctx = await createTestMember(services);
  const { tenantId } = await createTestTenant(ctx);
  await createTestUsers(ctx, tenantId, [{ display_name: 'Mia' }]);
  const other = await createTestMember(services);
  expect(await textOf(other)).toBe(`${COLUMNS},TenantId,TenantName\r\n`);
  for (const tenant of [tenantId, TenantId.parse(randomUUID())]) {
    expect(await exportUsers(other, UserFilter.parse({ tenant }))).toEqual({
      ok: false,
      problem: { code: 'not-found', entity: 'tenant' },
    });
  }
});
