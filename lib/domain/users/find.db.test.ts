import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { TenantId } from '#lib/core/ids.ts';
import { startTestDatabase, type TestDatabase } from '#lib/db/testing.ts';
import type { Ctx, Services } from '#lib/domain/context.ts';
import { createTestSku, createTestTenant } from '#lib/domain/licensing/testing.ts';
import { createTestMember, testServices } from '#lib/domain/testing.ts';
import { NONE, UserListQuery } from './model.ts';
import { createTestUsers, MESSY_NAMES, namesOf, readList } from './testing.ts';

let db: TestDatabase;
let services: Services;

beforeAll(async () => {
  db = await startTestDatabase();
  services = testServices(db.database);
});

afterAll(() => db?.stop());

describe('search', () => {
  let ctx: Ctx;
  beforeAll(async () => {
    ctx = await createTestMember(services);
    const { tenantId } = await createTestTenant(ctx);
    const users = [
      ...MESSY_NAMES.map((display_name) => ({ display_name })),
      { display_name: 'Nora Nord', user_principal_name: 'N.Nord@contoso.com', mail: 'nora@fabrikam.com' },
      { display_name: 'Gus', user_principal_name: 'gus_fabrikam.com#EXT#@contoso.onmicrosoft.com' },
      { display_name: 'MÜLLER-LÜDENSCHEIDT', user_principal_name: 'ml@contoso.com' },
      { display_name: 'Berta' },
    ];
    await createTestUsers(ctx, tenantId, users);
  });

  test.each([
    ['mia', ['Mia Berg', 'mia berg']],
    ['A BER', ['Mia Berg', 'mia berg']],
    ['fabrikam', ['Gus', 'Nora Nord']],
    ['n.nord@', ['Nora Nord']],
    ['nora@fab', ['Nora Nord']],
    ['#EXT#', ['Gus']],
    ['müller', ['MÜLLER-LÜDENSCHEIDT']],
    ['ÜDENSCH', ['MÜLLER-LÜDENSCHEIDT']],
    ['ИВАН', ['Анна Иванова']],
    ['%', ['100 % sure']],
    ['100 %', ['100 % sure']],
    ['_', ['Gus', 'under_score']],
    ['r_s', ['under_score']],
    ['\\', ['back\\slash']],
    ['k\\s', ['back\\slash']],
    ['"', ['quote"d']],
    ["'", ["O'Brien"]],
    ["o'b", ["O'Brien"]],
    ['😀', ['😀 Smile']],
    ['😀 smile', ['😀 Smile']],
    ['太郎', ['山田太郎']],
    ['伟', ['王伟']],
    ['민수', ['김민수']],
    ['محم', ['محمد علي']],
    ['=SUM', ['=SUM(A1)']],
    // One or two letters: the beginnings of words.
    ['be', ['Berta', 'Mia Berg', 'mia berg']],
    ['B', ['Berta', 'Mia Berg', 'mia berg', 'back\\slash', 'line\nbreak']],
    ['nn', []],
    ['n', ['Nora Nord']],
    ['lü', ['MÜLLER-LÜDENSCHEIDT']],
    ['Ив', ['Анна Иванова']],
    ['nothing like it', []],
    ["'; DROP TABLE directory_user; --", []],
  ])('%s finds %j', async (q, expected) => {
    const page = await readList(ctx, { q });
    expect(new Set(namesOf(page))).toEqual(new Set(expected));
    expect(page.matches).toEqual({ users: expected.length, isExact: true });
  });

  test('what cannot be typed is left out', async () => {
    expect(namesOf(await readList(ctx, { q: ' \u0000nora\u0007 ' }))).toEqual(['Nora Nord']);
    expect((await readList(ctx, { q: '\ud800' })).users).toBeDefined();
    expect((await readList(ctx, { q: '   ' })).matches.users).toBe(MESSY_NAMES.length + 4);
  });
});

describe('filters', () => {
  const E5 = '06ebc4ee-1bb5-47dd-8120-11324bc54e06';
  const GONE = '5e1ec7ed-0000-4000-8000-00000000a101';
  let ctx: Ctx;
  let contoso: { tenantId: TenantId };
  let fabrikam: { tenantId: TenantId };
  beforeAll(async () => {
    ctx = await createTestMember(services);
    contoso = await createTestTenant(ctx);
    fabrikam = await createTestTenant(ctx, { name: 'Fabrikam' });
    await createTestSku(ctx, contoso.tenantId, { skuId: E5, skuPartNumber: 'SPE_E5' });
    await createTestUsers(ctx, contoso.tenantId, [
      {
        display_name: 'a',
        department: 'Sales',
        country: 'Norway',
        user_type: 'Member',
        account_enabled: true,
        sku_ids: [E5, GONE],
      },
      {
        display_name: 'b',
        department: ' SALES ',
        country: 'norway',
        user_type: 'Guest',
        account_enabled: false,
        sku_ids: [E5],
      },
      {
        display_name: 'c',
        department: 'Salesforce',
        country: null,
        user_type: 'Guest',
        account_enabled: true,
      },
      { display_name: 'd', department: '  ', country: '', user_type: null, account_enabled: null },
    ]);
    await createTestUsers(ctx, fabrikam.tenantId, [
      { display_name: 'f', department: 'Sales', country: 'Norway' },
    ]);
  });

  test.each([
    [{ department: 'sales' }, ['a', 'b', 'f']],
    [{ department: NONE }, ['d']],
    [{ country: 'Norway' }, ['a', 'b', 'f']],
    [{ country: NONE }, ['c', 'd']],
    [{ type: 'Guest' }, ['b', 'c']],
    [{ type: 'Guest', enabled: 'no' }, ['b']],
    [{ enabled: 'yes' }, ['a', 'c']],
    [{ license: E5 }, ['a', 'b']],
    [{ license: E5.toUpperCase(), type: 'Guest' }, ['b']],
    [{ license: NONE }, ['c', 'd', 'f']],
    [{ department: 'nothing' }, []],
    [
      { type: 'nonsense', enabled: 'maybe', sort: 'x', order: 'y', department: '' },
      ['a', 'b', 'c', 'd', 'f'],
    ],
  ])('%j leaves %j', async (query, expected) => {
    const page = await readList(ctx, query);
    expect(namesOf(page)).toEqual(expected);
    expect(page.matches).toEqual({ users: expected.length, isExact: true });
    expect(page.total).toBe(5);
  });

  test('one tenant; the choices are its own, spellings together', async () => {
    const page = await readList(ctx, { tenant: contoso.tenantId });
    expect(namesOf(page)).toEqual(['a', 'b', 'c', 'd']);
    expect(page.total).toBe(4);
    expect(page.departments).toEqual([
      { value: 'SALES', users: 2 },
      { value: 'Salesforce', users: 1 },
      { value: NONE, users: 1 },
    ]);
    expect(page.countries).toEqual([
      { value: 'Norway', users: 2 },
      { value: NONE, users: 2 },
    ]);
    expect(page.skus).toEqual([
      { skuId: E5, name: 'Microsoft 365 E5', isKnown: true },
      { skuId: GONE, name: GONE, isKnown: false },
    ]);
    expect((await readList(ctx)).departments).toContainEqual({ value: 'SALES', users: 3 });
  });

  test('every choice finds as many users as it says', async () => {
    const page = await readList(ctx);
    for (const { value, users } of page.departments) {
      expect((await readList(ctx, { department: value })).matches.users).toBe(users);
    }
    for (const { value, users } of page.countries) {
      expect((await readList(ctx, { country: value })).matches.users).toBe(users);
    }
  });

  test('an id that is none is refused', () => {
    expect(UserListQuery.safeParse({ tenant: 'contoso' }).success).toBe(false);
    expect(UserListQuery.safeParse({ license: 'E5' }).success).toBe(false);
    expect(UserListQuery.safeParse({ tenant: '', license: '' }).success).toBe(true);
  });
});
