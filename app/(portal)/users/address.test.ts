import { expect, test } from 'vitest';
import { UserListQuery } from '#lib/domain/users/model.ts';
import { filterFields, orderFields, sortAddress, usersAddress } from './address.ts';

const query = (fields: Record<string, string> = {}) => UserListQuery.parse(fields);

test('an address has only what is set', () => {
  expect(usersAddress(filterFields(query()), orderFields(query()))).toBe('/users');
  const filtered = query({ q: 'R&D 100 %', department: '(none)', sort: 'country' });
  const address = usersAddress(filterFields(filtered), orderFields(filtered), { after: 'x' });
  expect(address).toBe('/users?q=R%26D+100+%25&department=%28none%29&sort=country&after=x');
});

test('an address leads back to the same query', () => {
  const given = query({ q: "O'Brien", country: 'Österreich', enabled: 'no', sort: 'enabled', order: 'desc' });
  const address = new URL(usersAddress(filterFields(given), orderFields(given)), 'http://localhost');
  expect(query(Object.fromEntries(address.searchParams))).toEqual(given);
});

test('the head of a column sorts by it, then turns the order round', () => {
  expect(sortAddress(query(), 'name')).toBe('/users?sort=name&order=desc');
  expect(sortAddress(query({ order: 'desc' }), 'name')).toBe('/users');
  expect(sortAddress(query({ q: 'mia', after: 'x' }), 'country')).toBe('/users?q=mia&sort=country');
  expect(sortAddress(query({ sort: 'country' }), 'country')).toBe('/users?sort=country&order=desc');
});
