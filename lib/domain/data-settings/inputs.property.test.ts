import { expect, test } from 'vitest';
import { Guid } from '#lib/core/ids.ts';
import { forAll, isStorableText, nearly } from '#lib/core/testing.ts';
import { BreakdownQuery } from '../history/breakdown.ts';
import { ChangeRetention, FindPerson, HISTORY_DAYS, PersonInTenant, SwitchField } from './model.ts';

const ID = '11111111-aaaa-4bbb-8ccc-000000000001';

test('a switched field is one of the fields', () =>
  forAll(nearly({ field: 'mail', to: 'off' }, { field: 'manager', to: 'on' }), (input) => {
    const { data } = SwitchField.safeParse(input);
    if (data)
      expect(data).toEqual({
        field: expect.stringMatching(/^[a-zA-Z]+$/),
        to: expect.stringMatching(/^(on|off)$/),
      });
  }));

test('a retention is a number of days within its bounds', () =>
  forAll(nearly({ days: '400' }, { days: '30', erasesOlder: 'yes' }), (input) => {
    const { data } = ChangeRetention.safeParse(input);
    if (!data) return;
    expect(Number.isInteger(data.days)).toBe(true);
    expect(data.days).toBeGreaterThanOrEqual(HISTORY_DAYS.min);
    expect(data.days).toBeLessThanOrEqual(HISTORY_DAYS.max);
  }));

test('whom somebody looks for can be asked of the database', () =>
  forAll(nearly({ who: 'ada@contoso.example' }, { who: ID }), (input) => {
    const { data } = FindPerson.safeParse(input);
    if (data) expect(isStorableText(data.who)).toBe(true);
  }));

test('a person in a tenant is two ids', () =>
  forAll(nearly({ tenantId: ID, id: ID }), (input) => {
    const { data } = PersonInTenant.safeParse(input);
    for (const id of Object.values(data ?? {})) expect(Guid.safeParse(id).data).toBe(id);
  }));

test('a breakdown is asked for by ids and a day', () =>
  forAll(
    nearly({ tenant: ID, by: 'country', day: '2026-02-28', sku: ID }, { day: '', tenant: '' }),
    (input) => {
      const { data } = BreakdownQuery.safeParse(input);
      if (!data) return;
      expect(['department', 'country', 'company']).toContain(data.by);
      if (data.day !== undefined) expect(Number.isNaN(Date.parse(`${data.day}T00:00:00Z`))).toBe(false);
    },
  ));
