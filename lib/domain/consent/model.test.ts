import { describe, expect, test } from 'vitest';
import { AddAccount, readSteps, type Step, withStep } from './model.ts';

const azure = {
  kind: 'azure',
  name: 'Contoso',
  tenant: 'contoso.com',
  agreement: 'ea',
  enrollmentNumber: '',
};

const firstIssue = (input: object) => AddAccount.safeParse(input).error?.issues[0]?.message;

describe('AddAccount', () => {
  test('keeps the answers that the kind asks for', () => {
    expect(AddAccount.parse({ ...azure, enrollmentNumber: ' 8608480 ' })).toEqual({
      kind: 'azure',
      name: 'Contoso',
      tenant: 'contoso.com',
      agreement: 'ea',
      enrollmentNumber: '8608480',
    });
    expect(AddAccount.parse(azure)).not.toHaveProperty('enrollmentNumber');
    expect(AddAccount.parse({ ...azure, agreement: undefined })).toMatchObject({ agreement: 'ea' });
  });

  test('drops the answers of questions that were not asked', () => {
    const typed = { ...azure, enrollmentNumber: '8608480' };
    expect(AddAccount.parse({ ...typed, agreement: 'mca' })).not.toHaveProperty('enrollmentNumber');
    expect(AddAccount.parse({ ...typed, kind: 'office365' })).toEqual({
      kind: 'office365',
      name: 'Contoso',
      tenant: 'contoso.com',
    });
  });

  test.each([
    [{ ...azure, kind: 'aws' }, /Choose Azure or Office 365/],
    [{ ...azure, kind: undefined }, /Choose Azure or Office 365/],
    [{ ...azure, name: '' }, /Enter a name/],
    [{ ...azure, name: '   ' }, /Enter a name/],
    [{ ...azure, name: 'x'.repeat(121) }, /at most 120/],
    [{ ...azure, tenant: ' ' }, /Enter a tenant ID or a domain/],
    [{ ...azure, tenant: undefined }, /Enter a tenant ID or a domain/],
    [{ ...azure, tenant: `${'x'.repeat(400)}.com` }, /too long/],
    [{ ...azure, agreement: 'csp' }, /Choose one of the agreements/],
    [{ ...azure, enrollmentNumber: 'a b' }, /only digits and letters/],
    [{ ...azure, enrollmentNumber: '1'.repeat(21) }, /at most 20/],
  ])('refuses %j in words', (input, words) => {
    expect(firstIssue(input)).toMatch(words);
  });
});

describe('withStep', () => {
  const first = new Date('2030-01-01T00:00:00.000Z');
  const later = new Date('2030-01-01T00:00:05.000Z');

  test('keeps the start of a step and ends it once', () => {
    const begun = withStep([], { step: 'principal', state: 'checking' }, first);
    expect(begun).toEqual([{ step: 'principal', state: 'checking', startedAt: first.toISOString() }]);
    expect(withStep(begun, { step: 'principal', state: 'ok', detail: 'Found.' }, later)).toEqual([
      {
        step: 'principal',
        state: 'ok',
        detail: 'Found.',
        startedAt: first.toISOString(),
        endedAt: later.toISOString(),
      },
    ]);
  });

  test('tells the steps of several subscriptions apart', () => {
    const one = { id: '1', name: 'One' };
    const two = { id: '2', name: 'Two' };
    let steps: readonly Step[] = [];
    steps = withStep(steps, { step: 'assign-role', subject: one, state: 'checking' }, first);
    steps = withStep(steps, { step: 'assign-role', subject: two, state: 'checking' }, first);
    steps = withStep(steps, { step: 'assign-role', subject: one, state: 'ok' }, later);
    expect(steps.map(({ subject, state }) => [subject?.id, state])).toEqual([
      ['1', 'ok'],
      ['2', 'checking'],
    ]);
    expect(readSteps(JSON.parse(JSON.stringify(steps)))).toEqual(steps);
  });

  test('steps of another version count as none', () => {
    expect(readSteps([{ step: 'dance', state: 'ok', startedAt: first.toISOString() }])).toEqual([]);
    expect(readSteps(null)).toEqual([]);
  });
});
