import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type GraphUser, readUserRows } from '#lib/microsoft/graph/user-row.ts';
import { hashUsers, mapUser } from './map.ts';

const ID = '5f0c9a4e-7d51-4a7e-9c5f-0b6f2c1d7e10';
const E3 = '05e9a617-0261-4cee-bb44-138d3ef5d965';
const E5 = '06ebc4ee-1bb5-47dd-8120-11324bc54e06';
const GROUP = '9a51c2d3-0000-4000-8000-000000000001';

/** A user as Graph's answer is read, with these members. */
function user(members: object = {}): GraphUser {
  const [row] = readUserRows([{ id: ID, ...members }])?.users ?? [];
  if (!row) throw new Error('not a user');
  return row;
}

test('a user of whom nothing is known but the id', () => {
  const { id, sku_ids, license_assignments, ...others } = mapUser(user());
  expect({ id, sku_ids, license_assignments }).toEqual({ id: ID, sku_ids: [], license_assignments: [] });
  expect(new Set(Object.values(others))).toEqual(new Set([null]));
});

test('every field arrives under its column', () => {
  const texts = [
    ['displayName', 'display_name'],
    ['companyName', 'company_name'],
    ['department', 'department'],
    ['mail', 'mail'],
    ['givenName', 'given_name'],
    ['surname', 'surname'],
    ['jobTitle', 'job_title'],
    ['state', 'state'],
    ['postalCode', 'postal_code'],
    ['streetAddress', 'street_address'],
    ['city', 'city'],
    ['preferredLanguage', 'preferred_language'],
    ['usageLocation', 'usage_location'],
    ['userPrincipalName', 'user_principal_name'],
    ['officeLocation', 'office_location'],
    ['country', 'country'],
    ['userType', 'user_type'],
  ] as const;
  const sent = Object.fromEntries(texts.map(([member]) => [member, `the ${member}`]));
  const mapped = mapUser(
    user({
      ...sent,
      accountEnabled: false,
      createdDateTime: '2024-05-06T07:08:09.123Z',
      manager: { '@odata.type': '#microsoft.graph.user', id: GROUP.toUpperCase() },
    }),
  );
  expect(mapped).toMatchObject(Object.fromEntries(texts.map(([member, column]) => [column, sent[member]])));
  expect(mapped).toMatchObject({
    account_enabled: false,
    created_date_time: '2024-05-06T07:08:09.123Z',
    manager_id: GROUP,
  });
});

test.each([
  '',
  ' ',
  '=HYPERLINK("http://x")',
  'a "quoted", comma',
  'line\r\nbreak\ttab',
  "O'Brien \\ {}[]",
  'Zoë 王小明 محمد שלום नमस्ते',
  '👩‍👩‍👧‍👦 \u200d\u202e\ufeff',
  'e\u0301 is not é',
  'null',
  '\u2028\u2029',
  'x'.repeat(20_000),
])('%j stays as it is', (displayName) => {
  expect(mapUser(user({ displayName })).display_name).toBe(displayName);
});

test('what PostgreSQL has no room for is replaced, and nothing else', () => {
  expect(mapUser(user({ city: 'a\0b\0', mail: 'half \ud83d pair', state: '\udc00' }))).toMatchObject({
    city: 'a\ufffdb\ufffd',
    mail: 'half \ufffd pair',
    state: '\ufffd',
  });
});

test('licences are named once, in ascending order; how each came is kept in full', () => {
  const mapped = mapUser(
    user({
      assignedLicenses: [
        { skuId: E5.toUpperCase(), disabledPlans: [] },
        { skuId: E3, disabledPlans: [GROUP] },
        { skuId: E5, disabledPlans: [] },
      ],
      licenseAssignmentStates: [
        { skuId: E5, assignedByGroup: GROUP, state: 'Active', error: 'None', lastUpdatedDateTime: 'x' },
        { skuId: E5, assignedByGroup: null, state: 'Error', error: 'CountViolation', disabledPlans: [E3] },
      ],
    }),
  );
  expect(mapped.sku_ids).toEqual([E3, E5]);
  expect(mapped.license_assignments).toEqual([
    { skuId: E5, disabledPlans: [], assignedByGroup: GROUP, state: 'Active', error: 'None' },
    { skuId: E5, disabledPlans: [E3], assignedByGroup: null, state: 'Error', error: 'CountViolation' },
  ]);
});

test.each([
  [null, null],
  [{}, null],
  [{ extensionAttribute1: null, extensionAttribute2: null }, null],
  [
    {
      extensionAttribute2: 'b',
      extensionAttribute10: 'c',
      extensionAttribute1: 'a',
      extensionAttribute3: null,
    },
    '{"extensionAttribute1":"a","extensionAttribute10":"c","extensionAttribute2":"b"}',
  ],
  [{ extensionAttribute1: 'a "b"\n\0é' }, '{"extensionAttribute1":"a \\"b\\"\\n\\u0000é"}'],
])('extension attributes %j become %s', (onPremisesExtensionAttributes, text) => {
  expect(mapUser(user({ onPremisesExtensionAttributes })).on_premises_extension_attributes).toBe(text);
});

test.each([
  ['2024-05-06T07:08:09Z', '2024-05-06T07:08:09.000Z'],
  ['2024-05-06T07:08:09.1234567Z', '2024-05-06T07:08:09.123Z'],
  ['0001-01-01T00:00:00Z', '0001-01-01T00:00:00.000Z'],
  ['+012024-05-06T07:08:09Z', null],
  ['0000-01-01T00:00:00Z', null],
  ['soon', null],
  [null, null],
])('the instant %s becomes %s', (createdDateTime, kept) => {
  expect(mapUser(user({ createdDateTime })).created_date_time).toBe(kept);
});

test('of several rows with one id the last one counts, and ids ascend', () => {
  const other = ID.replace('5f', '1f');
  const rows = [
    user({ displayName: 'old' }),
    user({ id: other }),
    user({ id: ID.toUpperCase(), displayName: 'new' }),
  ];
  expect(hashUsers(rows)).toMatchObject([
    { id: other, row: { id: other, display_name: null } },
    { id: ID, row: { id: ID, display_name: 'new' } },
  ]);
});

test('the hash tells whether anything that is kept has changed', () => {
  const hashOf = (members: object) => hashUsers([user(members)])[0]?.contentHash;
  expect(hashOf({ city: 'Oslo' })).toMatch(/^[0-9a-f]{64}$/);
  expect(hashOf({ city: 'Oslo' })).toBe(hashOf({ city: 'Oslo', unknownMember: 1 }));
  expect(new Set([{}, { city: '' }, { city: 'Oslo' }, { state: 'Oslo' }].map(hashOf)).size).toBe(4);
});

test('any text is kept whole', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (city) => {
      expect(mapUser(user({ city })).city).toBe(city.replaceAll('\0', '\ufffd').toWellFormed());
    }),
    { numRuns: 2000 },
  );
});
