import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { TenantId } from '#lib/core/ids.ts';
import { startTestDatabase, type TestDatabase } from '#lib/db/testing.ts';
import type { Ctx, Services } from '#lib/domain/context.ts';
import { createTestRun, createTestTenant } from '#lib/domain/licensing/testing.ts';
import { createTestMember, testServices } from '#lib/domain/testing.ts';
import { NONE, USER_SORTS, UserListQuery, type UserRow } from './model.ts';
import { listUsers, USERS_PER_PAGE, type UserPage } from './queries.ts';
import { createTestUsers, MESSY_NAMES, namesOf, pick, readList, type TestUser } from './testing.ts';

let db: TestDatabase;
let services: Services;
let now = new Date('2026-11-21T10:00:00Z');

beforeAll(async () => {
  db = await startTestDatabase();
  services = testServices(db.database, { clock: () => now });
});

afterAll(() => db?.stop());

const keyOf = (user: UserRow) => `${user.id} ${user.tenantId}`;

/** From the first page to the last by `next`, then back to the first by `previous`. */
async function walk(ctx: Ctx, query: Record<string, unknown>) {
  const pages: UserPage[] = [await readList(ctx, query)];
  for (let next = pages[0]?.next; next; next = pages.at(-1)?.next) {
    pages.push(await readList(ctx, { ...query, after: next }));
    if (pages.length > 100) throw new Error('the list has no end');
  }
  const back: UserPage[] = [];
  for (let previous = pages.at(-1)?.previous; previous; previous = back[0]?.previous) {
    back.unshift(await readList(ctx, { ...query, before: previous }));
    if (back.length > 100) throw new Error('the list has no beginning');
  }
  return { pages, back };
}

const DEPARTMENTS = [null, '', 'Sales', 'SALES', 'Verkauf & Außendienst', '営業', NONE, 'R&D'];
const COUNTRIES = [null, 'Norway', 'Österreich', '日本'];

/** Users with all that is hard to order: nulls, blanks, equal values and every script. */
const messyUsers = (count: number, salt: number): TestUser[] =>
  Array.from({ length: count }, (_, index) => ({
    display_name: MESSY_NAMES[pick(index, salt, MESSY_NAMES.length)] ?? null,
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
    const first = await readList(ctx, { sort: 'name' });
    const other = await readList(ctx, { sort: 'country' });
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
      expect(namesOf(await readList(ctx, { sort: 'name', after }))).toEqual(namesOf(first));
    }
  });

  test('a cursor beyond the end begins anew', async () => {
    const { pages } = await walk(ctx, { sort: 'name', q: 'zoe' });
    const last = (await walk(ctx, { sort: 'name' })).pages.at(-1);
    const beyond = await readList(ctx, { sort: 'name', q: 'zoe', after: last?.previous });
    expect(namesOf(beyond)).toEqual(namesOf(pages[0] ?? beyond));
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
    expect(namesOf(await readList(ctx))).toEqual([
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
    expect(namesOf(await readList(ctx, { sort: 'department' }))).toEqual(['b', 'a', 'c', 'd']);
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
    expect(namesOf(await readList(ctx, { sort: 'type' }))).toEqual(['b', 'd', 'a', 'e', 'c']);
    expect(namesOf(await readList(ctx, { sort: 'enabled' }))).toEqual(['b', 'e', 'a', 'd', 'c']);
  });
});

describe('who sees what', () => {
  test('another organization sees nothing, not even that the tenant exists', async () => {
    const ctx = await createTestMember(services);
    const { tenantId } = await createTestTenant(ctx);
    await createTestUsers(ctx, tenantId, [{ display_name: 'Mia' }]);
    const other = await createTestMember(services);
    expect(await readList(other)).toMatchObject({ users: [], total: 0, sources: [] });
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
    expect(await readList(ctx, { q: 'mia' })).toMatchObject({ users: [], total: 0, sources: [] });
  });

  test('counts follow an import, and are kept once it has ended', async () => {
    const ctx = await createTestMember(services);
    const { tenantId } = await createTestTenant(ctx);
    await createTestUsers(ctx, tenantId, [{}]);
    const runId = await createTestRun(ctx, tenantId, { status: 'running' });
    expect((await readList(ctx)).total).toBe(1);
    await createTestUsers(ctx, tenantId, [{}]);
    expect((await readList(ctx)).total).toBe(1);
    now = new Date(now.getTime() + 6_000);
    expect((await readList(ctx)).total).toBe(2);
    await createTestUsers(ctx, tenantId, [{}]);
    await ctx.database.pool.query("UPDATE import_run SET status = 'completed' WHERE id = $1", [runId]);
    expect((await readList(ctx)).total).toBe(3);
  });
});
