import { expect, test } from 'vitest';
import { resourceUnits, unitsOfTenSeconds } from './resource-units.ts';

test.each([
  ['/users', 2],
  ['/users?$select=id', 1],
  ['/users?%24select=id&%24expand=manager&%24top=999', 2],
  ['/users?$select=id&$top=1', 1],
  ['/users?$top=10', 1],
  ['/users/5f/memberOf', 2],
  ['/users/5f', 1],
  ['/users/delta?$select=id', 1],
  ['/subscribedSkus', 3],
  ['/groups/5f/members', 3],
  ['/groups/5f/members?$select=id', 2],
  ['/groups/5f/transitiveMembers', 5],
  ['/organization', 1],
  ['/users?$skiptoken=%E0%A4%A', 2],
])('%s costs %i', (path, units) => {
  expect(resourceUnits(`https://graph.microsoft.com/v1.0${path}`)).toBe(units);
});

test.each([
  [0, 3_500],
  [49, 3_500],
  [50, 5_000],
  [500, 5_000],
  [501, 8_000],
])('a tenant of %i users has %i units', (users, units) => {
  expect(unitsOfTenSeconds(users)).toBe(units);
});
