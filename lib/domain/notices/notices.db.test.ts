import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestDatabase, type TestDatabase } from '#lib/db/testing.ts';
import { createTestTenant } from '../tenants/testing.ts';
import { createTestMember, testServices } from '../testing.ts';
import { daysLeft, dueNotice } from './model.ts';
import { listNotices } from './queries.ts';
import { recordExpiryNotices } from './record.ts';

const DAY_MS = 86_400_000;
const NOW = new Date('2030-01-01T12:00:00Z');
const inDays = (days: number) => new Date(NOW.getTime() + days * DAY_MS);

let db: TestDatabase;
beforeAll(async () => {
  db = await startTestDatabase();
});
afterAll(() => db.stop());

test.each([
  [61, undefined],
  [60.01, undefined],
  [60, 60],
  [31, 60],
  [30, 30],
  [14.5, 30],
  [14, 14],
  [7, 7],
  [1.2, 7],
  [1, 1],
  [0, 1],
  [-3, 1],
])('%s days ahead the notice of %s days is due', (days, due) => {
  expect(dueNotice(inDays(days), NOW)).toBe(due);
});

test('a day that has begun is left', () => {
  expect([2, 1.1, 1, 0.1, 0, -0.5].map((days) => daysLeft(inDays(days), NOW))).toEqual([2, 2, 1, 1, 0, -0]);
});

test('a new date takes back what was said of the old one, and begins anew', async () => {
  const ctx = await createTestMember(testServices(db.database, { clock: () => NOW }));
  const { tenantId } = await createTestTenant(ctx);
  const { organizationId } = ctx.actor;
  const subject = {
    organizationId,
    tenantId,
    subject: 'access_token',
    subjectId: randomUUID(),
    label: 'x',
  } as const;
  const other = { ...subject, subjectId: randomUUID(), expiresAt: inDays(3) };
  const record = (days: number | undefined) =>
    recordExpiryNotices(
      db.database.prisma,
      [{ ...subject, expiresAt: days === undefined ? undefined : inDays(days) }, other],
      NOW,
    );
  expect(await record(undefined)).toBe(1);
  expect(await record(5)).toBe(1);
  expect(await record(5)).toBe(0);
  expect(await listNotices(ctx)).toMatchObject({ value: [{ daysLeft: 3 }, { daysLeft: 5 }] });
  expect(await record(50)).toBe(1);
  expect(await listNotices(ctx)).toMatchObject({ value: [{ daysLeft: 3 }, { daysLeft: 50 }] });
});
