import { describe, expect, test } from 'vitest';
import { defaultMemberships, defaultPersonas, defaultTenants, type Tenant } from '../state/tenants.ts';
import { MESSY_NAMES } from './cultures.ts';
import { Directory } from './directory.ts';
import { parseFilter } from './filter.ts';
import { countRows, listRows } from './listing.ts';
import { SKUS } from './sku-catalog.ts';

function directory(users: number, seed = 7): Directory {
  const [contoso] = defaultTenants();
  if (!contoso) throw new Error('no tenant');
  const tenant: Tenant = { ...contoso, users, seed };
  const people = defaultMemberships().flatMap((membership) => {
    const persona = defaultPersonas().find((each) => each.mail === membership.mail);
    return persona && membership.tenantId === tenant.id ? [{ persona, membership }] : [];
  });
  return new Directory(tenant, people);
}

const COLUMNS = ['id', 'displayName', 'userPrincipalName', 'assignedLicenses', 'licenseAssignmentStates'];
const all = (users: Directory, column: string) =>
  Array.from({ length: users.size }, (_, index) => users.value(index, column));

describe('generated directories', () => {
  test('are the same for the same seed, whatever was read before, and differ for another', () => {
    const one = directory(500);
    const two = directory(500);
    for (const column of COLUMNS) {
      const backwards = Array.from({ length: 500 }, (_, index) => two.value(499 - index, column)).reverse();
      expect(all(one, column)).toEqual(backwards);
    }
    expect(directory(500, 8).value(100, 'id')).not.toBe(one.value(100, 'id'));
  });

  test('have unique ids and principal names by which users are found again', () => {
    const users = directory(20_000);
    expect(new Set(all(users, 'id')).size).toBe(20_000);
    expect(new Set(all(users, 'userPrincipalName').map((name) => String(name).toLowerCase())).size).toBe(
      20_000,
    );
    for (const index of [0, 3, 4, 77, 19_999]) {
      expect(users.find(String(users.value(index, 'id')).toUpperCase())).toBe(index);
      expect(users.find(String(users.value(index, 'userPrincipalName')))).toBe(index);
    }
    expect(users.find('00000000-0000-4000-8000-000000000000')).toBeUndefined();
    expect(users.find(directory(20_001).rows.id(20_000))).toBeUndefined();
  });

  test('hold the mess of real ones', () => {
    const users = directory(2500);
    const names = all(users, 'displayName');
    for (const messy of MESSY_NAMES) expect(names).toContain(messy);
    for (const column of ['department', 'companyName', 'city', 'officeLocation']) {
      expect(all(users, column)).toContain('');
      expect(all(users, column)).toContain(null);
    }
    expect(all(users, 'userType')).toEqual(expect.arrayContaining(['Member', 'Guest', null]));
    expect(all(users, 'accountEnabled')).toEqual(expect.arrayContaining([true, false]));
    expect(all(users, 'createdDateTime')).toContain(null);
    expect(
      all(users, 'userPrincipalName').some((name) => String(name).includes('#EXT#@contoso.onmicrosoft.com')),
    ).toBe(true);
    const counts = all(users, 'assignedLicenses').map((licences) =>
      Array.isArray(licences) ? licences.length : -1,
    );
    expect(Math.min(...counts)).toBe(0);
    expect(Math.max(...counts)).toBe(20);
    const states = all(users, 'licenseAssignmentStates').flat() as {
      state: string;
      error: string | null;
      assignedByGroup: string | null;
    }[];
    expect(new Set(states.map(({ state }) => state))).toEqual(
      new Set(['Active', 'ActiveWithError', 'Error']),
    );
    expect(states.some(({ assignedByGroup }) => assignedByGroup === null)).toBe(true);
    expect(states.some(({ assignedByGroup }) => assignedByGroup !== null)).toBe(true);
  });

  test('give managers, contacts and pairs that manage each other', () => {
    const users = directory(20_000);
    const managers = Array.from({ length: users.size }, (_, index) => users.managerOf(index));
    expect(managers).toContain('contact');
    expect(managers).toContain(undefined);
    expect(
      managers.some((manager, index) => typeof manager === 'number' && managers[manager] === index),
    ).toBe(true);
  });

  test('count the holders of each SKU, through changes too', () => {
    const users = directory(1000);
    const count = () => {
      const held = new Map<string, number>();
      for (let index = 0; index < users.size; index++)
        if (users.exists(index))
          for (const { skuId } of users.value(index, 'assignedLicenses') as { skuId: string }[])
            held.set(skuId, (held.get(skuId) ?? 0) + 1);
      return SKUS.map(({ skuId }) => held.get(skuId) ?? 0);
    };
    expect(users.holders()).toEqual(count());
    users.remove(users.rows.id(10), false);
    users.update(users.rows.id(11), { assignedLicenses: [{ disabledPlans: [], skuId: SKUS[0]?.skuId }] });
    users.create({}, Date.now());
    expect(users.holders()).toEqual(count());
    users.restore(users.rows.id(10));
    expect(users.holders()).toEqual(count());
  });

  test('make no user of a large directory more expensive than one of a small one', () => {
    const large = directory(100_000_000);
    expect(large.value(99_999_999, 'id')).toEqual(expect.any(String));
    expect(large.find(large.rows.id(99_999_999))).toBe(99_999_999);
  });
});

describe('filters on generated rows', () => {
  test('a range of creation times is found without testing every row, and misses nobody', () => {
    const users = directory(5000);
    const filter = parseFilter(
      'createdDateTime ge 2016-01-01T00:00:00Z and createdDateTime le 2018-12-31T23:59:59Z',
    );
    const expected = Array.from({ length: 5000 }, (_, index) => index).filter((index) => {
      const created = users.value(index, 'createdDateTime');
      return typeof created === 'string' && created >= '2016' && created < '2019';
    });
    expect(listRows(users, filter, 0, 5000).rows).toEqual(expected);
  });

  test('adjoining ranges and those without a time are everybody', () => {
    const users = directory(3000);
    const before = countRows(users, parseFilter('createdDateTime le 2018-12-31T23:59:59Z'));
    const after = countRows(users, parseFilter('createdDateTime ge 2019-01-01T00:00:00Z'));
    const without = all(users, 'createdDateTime').filter((created) => created === null).length;
    expect(without).toBeGreaterThan(0);
    expect(before + after + without).toBe(3000);
  });

  test.each([
    ["startsWith(userPrincipalName,'A')", false],
    ["startswith(displayName,'O''')", false],
    ['accountEnabled eq false', false],
    ["userType eq 'Guest' and accountEnabled eq true", false],
    ["id in ('a','b')", false],
    ["department ne 'Sales'", true],
    ['not(accountEnabled eq true)', true],
    ['department eq null', true],
    ["companyName eq 'Acme, Inc.'", true],
  ])('%s', (text, advanced) => {
    expect(parseFilter(text).advanced).toBe(advanced);
  });

  test.each([
    "id ge 'a'",
    'createdDateTime gt 2019-01-01T00:00:00Z',
    "endsWith(mail,'x')",
    "createdDateTime ge '2019'",
    'accountEnabled eq',
    "displayName eq 'a",
    'foo eq 1',
    '',
  ])('refuses %s', (text) => {
    expect(() => parseFilter(text)).toThrow(/filter/i);
  });
});
