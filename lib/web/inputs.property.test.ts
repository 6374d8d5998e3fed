import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { z } from 'zod';
import { problemNamed } from '#app/(portal)/setup/cloud-tenants/connect/state-problem.ts';
import { safeReturnTo } from '#lib/auth/return-to.ts';
import { Guid } from '#lib/core/ids.ts';
import { nameOf } from '#lib/core/name.ts';
import { describeProblem } from '#lib/core/problem-text.ts';
import { forAll, hostileText, isStorableText, nearly, textsIn } from '#lib/core/testing.ts';
import { ChangeAccess, ChangeReference } from '#lib/domain/access-changes/model.ts';
import { AccessTokenReference, AddAccessToken } from '#lib/domain/access-tokens/model.ts';
import {
  BillingAccountReference,
  BillingSignIn,
  BillingTenant,
  EnrollmentNumber,
  MigrationSubject,
  NewEnrollment,
} from '#lib/domain/billing/model.ts';
import { AddAccount, FlowReference, TenantToReconnect } from '#lib/domain/consent/model.ts';
import { LicenseQuery } from '#lib/domain/licensing/model.ts';
import {
  EraseTenant,
  RemovalId,
  RemovalReference,
  RemoveTenant,
  TenantToChange,
} from '#lib/domain/lifecycle/model.ts';
import { NewOrganization } from '#lib/domain/organizations/model.ts';
import { BeginAddition, ChooseSubscriptions } from '#lib/domain/subscription-additions/model.ts';
import { RenameTenant, TenantName } from '#lib/domain/tenants/model.ts';
import { ResolveTenant, TenantReference } from '#lib/domain/tenants/resolve.ts';
import { decodeCursor, encodeCursor } from '#lib/domain/users/cursor.ts';
import { USER_SORTS, UserFilter, UserListQuery } from '#lib/domain/users/model.ts';
import { testKey } from '#lib/microsoft/ea/testing.ts';
import { fieldErrors, formInput, queryInput } from './input.ts';

/*
 * What a person, or a program in a person's place, can send: forms and addresses. A schema refuses in words or gives
 * values that the database has room for; it never throws.
 */
const ID = '11111111-aaaa-4bbb-8ccc-000000000001';

const account = {
  kind: 'azure',
  name: 'Contoso',
  tenant: 'contoso.com',
  agreement: 'ea',
  enrollmentNumber: '8608480',
};
const list = {
  q: 'mia',
  tenant: ID,
  license: '(none)',
  department: 'Sales',
  country: 'Norway',
  type: 'Guest',
  enabled: 'yes',
  sort: 'country',
  order: 'desc',
  after: encodeCursor('country', 'desc', { rank: 0, keys: ['a', 'b'], id: ID, tenantId: tenantId() }),
};

function tenantId() {
  return RenameTenant.shape.tenantId.parse(ID);
}

const BORDERS: Readonly<Record<string, { schema: z.ZodType; example: Record<string, string> }>> = {
  'a new organization': { schema: NewOrganization, example: { name: 'Contoso' } },
  'a new account': { schema: AddAccount, example: account },
  'a tenant to look up': { schema: ResolveTenant, example: { tenant: 'contoso.com' } },
  'a flow': { schema: FlowReference, example: { flowId: ID } },
  'what to add to a tenant': { schema: BeginAddition, example: { tenantId: ID, kind: 'azure' } },
  'subscriptions to add': {
    schema: ChooseSubscriptions,
    example: { flowId: ID, target: 'group', subscription: ID, group: 'production', accessLevel: 'tags_in' },
  },
  'a tenant to reconnect': { schema: TenantToReconnect, example: { tenantId: ID } },
  'a change of access': {
    schema: ChangeAccess,
    example: { tenantId: ID, subscriptionId: ID, level: 'tags_in' },
  },
  'a planned change': { schema: ChangeReference, example: { tenantId: ID, changeId: ID } },
  'a new name': { schema: RenameTenant, example: { tenantId: ID, name: 'Contoso' } },
  'an access token': {
    schema: AddAccessToken,
    example: {
      tenantId: ID,
      enrollmentNumber: '8608480',
      accessToken: testKey({ EnrollmentNumber: '8608480', exp: 1_900_000_000 }),
    },
  },
  'a kept access token': { schema: AccessTokenReference, example: { tenantId: ID, accessTokenId: ID } },
  'a new enrollment': { schema: NewEnrollment, example: { tenantId: ID, enrollment: '8608480' } },
  'an enrollment number': {
    schema: NewEnrollment.extend({ enrollment: EnrollmentNumber }),
    example: { tenantId: ID, enrollment: '860 8480' },
  },
  'a billing account': {
    schema: BillingAccountReference,
    example: { tenantId: ID, account: `${ID}:${ID}_2019-05-31` },
  },
  'an enrollment to migrate': { schema: MigrationSubject, example: { account: '8608480' } },
  'a tenant whose billing it is': { schema: BillingTenant, example: { tenantId: ID } },
  'a sign-in for billing': { schema: BillingSignIn, example: { tenantId: ID, flowId: ID } },
  'a tenant to change': { schema: TenantToChange, example: { tenantId: ID } },
  'a tenant to remove': {
    schema: RemoveTenant,
    example: { tenantId: ID, confirmation: 'Contoso', keep: 'now' },
  },
  'a tenant to erase': { schema: EraseTenant, example: { tenantId: ID, confirmation: 'Contoso' } },
  'a removal': { schema: RemovalReference, example: { removalId: RemovalId.parse(ID) } },
  'the list of users': { schema: UserListQuery, example: list },
  'the export of users': { schema: UserFilter, example: list },
  'the licence page': { schema: LicenseQuery, example: { tenant: ID, free: '1' } },
};

function expectRefusedOrStorable(schema: z.ZodType, input: unknown): void {
  const parsed = schema.safeParse(input);
  if (parsed.success) {
    expect(textsIn(parsed.data).filter((text) => !isStorableText(text))).toEqual([]);
    return;
  }
  const fields = fieldErrors(parsed.error);
  expect(Object.keys(fields)).not.toEqual([]);
  for (const words of Object.values(fields)) expect(words.trim()).not.toBe('');
}

describe.each(Object.entries(BORDERS))('%s', (_name, { schema, example }) => {
  test('the example is taken', () => {
    expect(schema.safeParse(example).success).toBe(true);
  });

  test('anything in its place', () =>
    forAll(nearly(example), (input) => expectRefusedOrStorable(schema, input)));

  const field = fc.oneof(
    { weight: 3, arbitrary: fc.constantFrom(...Object.keys(example)) },
    { weight: 1, arbitrary: hostileText },
  );
  const value = fc.oneof(hostileText, fc.constantFrom(...Object.values(example)));

  test('any form', () =>
    forAll(fc.array(fc.tuple(field, value, fc.boolean()), { maxLength: 8 }), (fields) => {
      const form = new FormData();
      for (const [name, text, isFile] of fields) {
        if (isFile) form.append(name, new File([text], text));
        else form.append(name, text);
      }
      expectRefusedOrStorable(schema, formInput(form));
    }));

  test('any address', () =>
    forAll(
      fc.oneof(
        fc.array(fc.tuple(field, value), { maxLength: 8 }).map((pairs) => new URLSearchParams(pairs)),
        hostileText.map((text) => new URLSearchParams(text)),
        fc
          .array(fc.tuple(field, hostileText))
          .map((pairs) => new URLSearchParams(pairs.map(([name, text]) => `${name}=${text}`).join('&'))),
      ),
      (query) => expectRefusedOrStorable(schema, queryInput(query)),
    ));
});

test('a cursor is ours or none', () =>
  forAll(
    fc.tuple(
      fc.oneof(
        nearly(['name', 'asc', 0, ['a', 'b'], ID, ID]).map((value) =>
          Buffer.from(JSON.stringify(value) ?? 'undefined').toString('base64url'),
        ),
        hostileText,
      ),
      fc.constantFrom(...USER_SORTS),
      fc.constantFrom('asc' as const, 'desc' as const),
    ),
    ([cursor, sort, order]) => {
      const position = decodeCursor(cursor, sort, order);
      if (!position) return;
      expect(decodeCursor(encodeCursor(sort, order, position), sort, order)).toEqual(position);
      expect(position.keys.filter((key) => !isStorableText(key))).toEqual([]);
    },
    1000,
  ));

test('a name can be read, or it is refused', () =>
  forAll(fc.oneof(hostileText, fc.string({ unit: 'grapheme', maxLength: 200 })), (text) => {
    const parsed = nameOf('the thing').safeParse(text);
    if (parsed.success) {
      expect(parsed.data).toBe(parsed.data.trim());
      expect(parsed.data).not.toMatch(/[\p{Cc}\p{Cs}\u202a-\u202e\u2066-\u2069]/u);
      expect(TenantName.parse(parsed.data)).toBe(parsed.data);
    }
  }));

test('a tenant that is taken is a text without spaces around it', () =>
  forAll(fc.oneof(hostileText, fc.webUrl(), fc.emailAddress()), (text) => {
    const parsed = TenantReference.safeParse(text);
    if (parsed.success) expect(parsed.data).toBe(parsed.data.trim());
  }));

test('an id is an id', () =>
  forAll(nearly(ID), (value) => {
    const parsed = Guid.safeParse(value);
    if (parsed.success) expect(parsed.data).toMatch(/^[0-9a-f-]{36}$/);
  }));

test('the way back stays on this portal', () =>
  forAll(
    fc.oneof(
      nearly('/users?q=a'),
      hostileText.map((text) => `/${text}`),
    ),
    (value) => {
      const path = safeReturnTo(value);
      expect(new URL(path, 'https://portal.example').origin).toBe('https://portal.example');
    },
  ));

test('the problem that an address names can be shown', () =>
  forAll(fc.tuple(nearly('rate-limited', 'state-used'), nearly('60', 60)), ([code, seconds]) => {
    const problem = problemNamed(code, seconds);
    if (problem) expect(describeProblem(problem).action).not.toMatch(/undefined|NaN|Infinity|object/);
  }));
