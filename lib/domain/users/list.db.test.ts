import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { TenantId } from '#lib/core/ids.ts';
import { startTestDatabase, type TestDatabase } from '#lib/db/testing.ts';
import type { Ctx, Services } from '#lib/domain/context.ts';
import { createTestRun, createTestSku, createTestTenant } from '#lib/domain/licensing/testing.ts';
import { createTestMember, testServices } from '#lib/domain/testing.ts';
import { NONE, USER_SORTS, UserListQuery, type UserRow } from './model.ts';
import { listUsers, USERS_PER_PAGE, type UserPage } from './queries.ts';
import { createTestUsers, pick, type TestUser } from './testing.ts';

let db: TestDatabase;
let services: Services;
let now = new Date('2026-11-21T10:00:00Z');

beforeAll(async () => {
  db = await startTestDatabase();
  services = testServices(db.database, { clock: () => now });
});

afterAll(() => db?.stop());

async function list(ctx: Ctx, query: Record<string, unknown> = {}): Promise<UserPage> {
  const page = await listUsers(ctx, UserListQuery.parse(query));
  if (!page.ok) throw new Error(page.problem.code);
  return page.value;
}

const names = ({ users }: UserPage) => users.map(({ displayName }) => displayName);
const keyOf = (user: UserRow) => `${user.id} ${user.tenantId}`;

/** From the first page to the last by `next`, then back to the first by `previous`. */
async function walk(ctx: Ctx, query: Record<string, unknown>) {
  const pages: UserPage[] = [await list(ctx, query)];
  for (let next = pages[0]?.next; next; next = pages.at(-1)?.next) {
    pages.push(await list(ctx, { ...query, after: next }));
    if (pages.length > 100) throw new Error('the list has no end');
  }
  const back: UserPage[] = [];
  for (let previous = pages.at(-1)?.previous; previous; previous = back[0]?.previous) {
    back.unshift(await list(ctx, { ...query, before: previous }));
    if (back.length > 100) throw new Error('the list has no beginning');
  }
  return { pages, back };
}

const NAMES = [
  null,
  '',
  '   ',
  'Mia Berg',
  'mia berg',
  'Özil',
  'Ozil',
  'Zoe',
  'Анна Иванова',
  '王伟',
  '山田太郎',
  'محمد علي',
  'דוד',
  'กนก',
  '김민수',
  "O'Brien",
  '100 % sure',
  'under_score',
  'back\\slash',
  'quote"d',
  '😀 Smile',
  'e\u0301 accent',
  '\u{1F468}\u200D\u{1F469}',
  '=SUM(A1)',
  'line\nbreak',
  'ﷺ'.repeat(60),
  'x'.repeat(256),
  '🦄'.repeat(128),
  '\uFFFD',
  '\u{10FFFF}',
];
const DEPARTMENTS = [null, '', 'Sales', 'SALES', 'Verkauf & Außendienst', '営業', NONE, 'R&D'];
const COUNTRIES = [null, 'Norway', 'Österreich', '日本'];

/** Users with all that is hard to order: nulls, blanks, equal values and every script. */
const messyUsers = (count: number, salt: number): TestUser[] =>
  Array.from({ length: count }, (_, index) => ({
    display_name: NAMES[pick(index, salt, NAMES.length)] ?? null,
    user_principal_name:
      pick(index, salt + 1, 9) === 0 ? null : `user${pick(index, salt + 2, 90)}@Contoso.com`,
    department: DEPARTMENTS[pick(index, salt + 3, DEPARTMENTS.length)] ?? null,
    country: COUNTRIES[pick(index, salt + 4, COUNTRIES.length)] ?? null,
    user_type:
      (['Member', 'Member', 'Member', 'Guest', null, 'Other', 'agent'] as const)[pick(index, salt + 5, 7)] ??
      null,
    account_enabled: ([true, true, true, false, null] as const)[pick(index, salt + 6, 5)] ?? null,
  }));

describe('paging', () => {
  let ctx: Ctx;
  const all = new Set<string>();

  beforeAll(async () => {
    ctx = await createTestMember(services, 'viewer');
    const [contoso, fabrikam] = [
      await createTestTenant(ctx),
      await createTestTenant(ctx, { name: 'Fabrikam' }),
    ];
    const users = await createTestUsers(ctx, contoso.tenantId, messyUsers(330, 1));
    // The same person in two directories, as a guest is.
    const others = [...messyUsers(120, 50), ...users.slice(0, 20)];
    for (const { id } of users) all.add(`${id} ${contoso.tenantId}`);
    for (const { id } of await createTestUsers(ctx, fabrikam.tenantId, others))
      all.add(`${id} ${fabrikam.tenantId}`);
    await createTestUsers(ctx, contoso.tenantId, [
      { display_name: 'Gone', deleted_at: '2026-11-01T00:00:00Z' },
    ]);
  });

  const orders = USER_SORTS.flatMap((sort) => [
    { sort, order: 'asc' },
    { sort, order: 'desc' },
  ]);

  test.each(orders)('by $sort, $order: every user once, forwards and backwards', async (query) => {
    const { pages, back } = await walk(ctx, query);
    const seen = pages.flatMap(({ users }) => users.map(keyOf));
    expect(seen.length).toBe(all.size);
    expect(new Set(seen)).toEqual(all);
    expect(pages.map(({ users }) => users.length).slice(0, -1)).toEqual(Array(9).fill(USERS_PER_PAGE));
    expect(back.map(({ users }) => users.map(keyOf))).toEqual(
      pages.slice(0, -1).map(({ users }) => users.map(keyOf)),
    );
    expect(pages[0]?.previous).toBeUndefined();
    expect(back[0]?.previous).toBeUndefined();
  });

  test.each(orders)('by $sort, $order: few matches come in the same order as many', async (query) => {
    // A department of about an eighth and a search are gathered and sorted; those enabled, and all, are walked along.
    const all = (await walk(ctx, query)).pages.flatMap(({ users }) => users);
    const filters: [Record<string, string>, (user: UserRow) => boolean][] = [
      [{ department: 'R&D' }, ({ department }) => department === 'R&D'],
      [{ enabled: 'yes' }, ({ accountEnabled }) => accountEnabled === true],
      [{ q: 'zoe' }, ({ displayName }) => displayName === 'Zoe'],
    ];
    for (const [filter, fits] of filters) {
      const expected = all.filter(fits);
      const { pages, back } = await walk(ctx, { ...query, ...filter });
      expect(pages.flatMap(({ users }) => users.map(keyOf))).toEqual(expected.map(keyOf));
      expect(pages[0]?.matches).toEqual({ users: expected.length, isExact: true });
      expect(back.length).toBe(pages.length - 1);
    }
  });

  test('descending is the mirror of ascending', async () => {
    for (const sort of USER_SORTS) {
      const up = await walk(ctx, { sort });
      const down = await walk(ctx, { sort, order: 'desc' });
      expect(down.pages.flatMap(({ users }) => users.map(keyOf))).toEqual(
        up.pages.flatMap(({ users }) => users.map(keyOf)).reverse(),
      );
    }
  });

  test('a cursor of another order, a forged and a broken one begin at the first page', async () => {
    const first = await list(ctx, { sort: 'name' });
    const other = await list(ctx, { sort: 'country' });
    const forge = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const id = randomUUID();
    for (const after of [
      other.next,
      '',
      '%00',
      'x'.repeat(5000),
      forge(['name', 'asc', 0, ['\0'], id, id]),
      forge(['name', 'asc', 0, ['\ud800'], id, id]),
      forge(['name', 'asc', 0, ['a', 'b'], id, id]),
      forge(['name', 'asc', 0, ['a'], "'; DROP TABLE directory_user", id]),
      forge({}),
    ]) {
      expect(names(await list(ctx, { sort: 'name', after }))).toEqual(names(first));
    }
  });

  test('a cursor beyond the end begins anew', async () => {
    const { pages } = await walk(ctx, { sort: 'name', q: 'zoe' });
    const last = (await walk(ctx, { sort: 'name' })).pages.at(-1);
    const beyond = await list(ctx, { sort: 'name', q: 'zoe', after: last?.previous });
    expect(names(beyond)).toEqual(names(pages[0] ?? beyond));
  });
});

describe('order', () => {
  test('as people read: without regard to case, letters with marks beside those without, nameless ones last', async () => {
    const ctx = await createTestMember(services);
    const { tenantId } = await createTestTenant(ctx);
    const ordered = ['Adam', 'ädam', 'Äda', 'bea', 'Zoe', 'zoë', 'Анна', '王伟'];
    await createTestUsers(
      ctx,
      tenantId,
      [null, ...ordered.toReversed()].map((display_name) => ({ display_name })),
    );
    expect(names(await list(ctx))).toEqual([
      'Adam',
      'Äda',
      'ädam',
      'bea',
      'Zoe',
      'zoë',
      'Анна',
      '王伟',
      null,
    ]);
  });

  test('users of one department are ordered by name', async () => {
    const ctx = await createTestMember(services);
    const { tenantId } = await createTestTenant(ctx);
    await createTestUsers(ctx, tenantId, [
      { display_name: 'c', department: 'sales' },
      { display_name: 'a', department: 'Sales' },
      { display_name: 'b', department: 'IT' },
      { display_name: 'd', department: null },
    ]);
    expect(names(await list(ctx, { sort: 'department' }))).toEqual(['b', 'a', 'c', 'd']);
  });

  test('kinds of account come together, by name within', async () => {
    const ctx = await createTestMember(services);
    const { tenantId } = await createTestTenant(ctx);
    await createTestUsers(ctx, tenantId, [
      { display_name: 'a', user_type: 'Member', account_enabled: true },
      { display_name: 'b', user_type: 'Guest', account_enabled: false },
      { display_name: 'c', user_type: null, account_enabled: null },
      { display_name: 'd', user_type: 'Guest', account_enabled: true },
      { display_name: 'e', user_type: 'agent', account_enabled: false },
    ]);
    expect(names(await list(ctx, { sort: 'type' }))).toEqual(['b', 'd', 'a', 'e', 'c']);
    expect(names(await list(ctx, { sort: 'enabled' }))).toEqual(['b', 'e', 'a', 'd', 'c']);
  });
});

describe('search', () => {
  let ctx: Ctx;
  beforeAll(async () => {
    ctx = await createTestMember(services);
    const { tenantId } = await createTestTenant(ctx);
    const users = [
      ...NAMES.map((display_name) => ({ display_name })),
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
    const page = await list(ctx, { q });
    expect(new Set(names(page))).toEqual(new Set(expected));
    expect(page.matches).toEqual({ users: expected.length, isExact: true });
  });

  test('what cannot be typed is left out', async () => {
    expect(names(await list(ctx, { q: ' \u0000nora\u0007 ' }))).toEqual(['Nora Nord']);
    expect((await list(ctx, { q: '\ud800' })).users).toBeDefined();
    expect((await list(ctx, { q: '   ' })).matches.users).toBe(NAMES.length + 4);
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
    const page = await list(ctx, query);
    expect(names(page)).toEqual(expected);
    expect(page.matches).toEqual({ users: expected.length, isExact: true });
    expect(page.total).toBe(5);
  });

  test('one tenant; the choices are its own, spellings together', async () => {
    const page = await list(ctx, { tenant: contoso.tenantId });
    expect(names(page)).toEqual(['a', 'b', 'c', 'd']);
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
    expect((await list(ctx)).departments).toContainEqual({ value: 'SALES', users: 3 });
  });

  test('every choice finds as many users as it says', async () => {
    const page = await list(ctx);
    for (const { value, users } of page.departments) {
      expect((await list(ctx, { department: value })).matches.users).toBe(users);
    }
    for (const { value, users } of page.countries) {
      expect((await list(ctx, { country: value })).matches.users).toBe(users);
    }
  });

  test('an id that is none is refused', () => {
    expect(UserListQuery.safeParse({ tenant: 'contoso' }).success).toBe(false);
    expect(UserListQuery.safeParse({ license: 'E5' }).success).toBe(false);
    expect(UserListQuery.safeParse({ tenant: '', license: '' }).success).toBe(true);
  });
});

describe('who sees what', () => {
  test('another organization sees nothing, not even that the tenant exists', async () => {
    const ctx = await createTestMember(services);
    const { tenantId } = await createTestTenant(ctx);
    await createTestUsers(ctx, tenantId, [{ display_name: 'Mia' }]);
    const other = await createTestMember(services);
    expect(await list(other)).toMatchObject({ users: [], total: 0, sources: [] });
    for (const tenant of [tenantId, TenantId.parse(randomUUID())]) {
      expect(await listUsers(other, UserListQuery.parse({ tenant }))).toEqual({
        ok: false,
        problem: { code: 'not-found', entity: 'tenant' },
      });
    }
  });

  test('users of a removed tenant are gone', async () => {
    const ctx = await createTestMember(services);
    const { tenantId } = await createTestTenant(ctx, { isRemoved: true });
    await createTestUsers(ctx, tenantId, [{ display_name: 'Mia' }]);
    expect(await list(ctx, { q: 'mia' })).toMatchObject({ users: [], total: 0, sources: [] });
  });

  test('counts follow an import, and are kept once it has ended', async () => {
    const ctx = await createTestMember(services);
    const { tenantId } = await createTestTenant(ctx);
    await createTestUsers(ctx, tenantId, [{}]);
    const runId = await createTestRun(ctx, tenantId, { status: 'running' });
    expect((await list(ctx)).total).toBe(1);
    await createTestUsers(ctx, tenantId, [{}]);
    expect((await list(ctx)).total).toBe(1);
    now = new Date(now.getTime() + 6_000);
    expect((await list(ctx)).total).toBe(2);
    await createTestUsers(ctx, tenantId, [{}]);
    await ctx.database.pool.query("UPDATE import_run SET status = 'completed' WHERE id = $1", [runId]);
    expect((await list(ctx)).total).toBe(3);
  });
});
