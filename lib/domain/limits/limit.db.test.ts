import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Failure } from '#lib/core/result.ts';
import { createDatabase } from '#lib/db/database.ts';
import { startTestDatabase, type TestDatabase } from '#lib/db/testing.ts';
import { quietLog } from '#lib/microsoft/testing.ts';
import type { Services } from '../context.ts';
import { createTestMember, testServices } from '../testing.ts';
import { forgetOldCounters, limit, limitMember } from './limit.ts';
import { LIMITS } from './limits.ts';

let db: TestDatabase;
let services: Services;

beforeAll(async () => {
  db = await startTestDatabase();
  services = testServices(db.database);
});
afterAll(() => db.stop());

const ADDRESS_MAX = LIMITS['sign-in.start'].address.max;
const refusals = (answers: readonly (Failure | undefined)[]) => answers.filter((answer) => answer);

/** Each of the counters of a subject with its count. */
async function counts(subject: string): Promise<Record<string, number>> {
  const rows = await db.database.prisma.limitCounter.findMany({ where: { key: { endsWith: subject } } });
  return Object.fromEntries(rows.map(({ key, count }) => [key, count]));
}

/** The windows of a subject end now. */
const endWindows = (subject: string) =>
  db.database.pool.query(
    `UPDATE limit_counter SET ends_at = now() - interval '1 second' WHERE key LIKE '%' || $1`,
    [subject],
  );

test('what is allowed goes on, what is more is refused until the window is over', async () => {
  const person = randomUUID();
  const { max, seconds } = LIMITS['organization.create'].person;
  const doIt = () => limit(services, 'organization.create', { person });
  for (let time = 1; time <= max; time += 1) expect(await doIt()).toBeUndefined();
  const problem = (await doIt())?.problem;
  const retryAfterSeconds = problem?.code === 'rate-limited' ? problem.retryAfterSeconds : undefined;
  expect(retryAfterSeconds).toBeGreaterThan(seconds - 60);
  expect(retryAfterSeconds).toBeLessThanOrEqual(seconds);
  expect(await limit(services, 'organization.create', { person: randomUUID() })).toBeUndefined();
  await endWindows(person);
  expect(await doIt()).toBeUndefined();
  expect(await counts(person)).toEqual({ [`organization.create:person:${person}`]: 1 });
});

test('a hundred calls at once, in two portals, count exactly', async () => {
  const other = createDatabase(db.target, quietLog, 5);
  const portals = [services, { ...services, database: other }];
  const address = `address ${randomUUID()}`;
  const calls = ADDRESS_MAX + 100;
  const answers = await Promise.all(
    Array.from({ length: calls }, (_, call) =>
      limit(portals[call % 2] ?? services, 'sign-in.start', { address }),
    ),
  );
  await other.close();
  expect(refusals(answers)).toHaveLength(100);
  expect(await counts(address)).toEqual({ [`sign-in.start:address:${address}`]: calls });
});

test('also a new window is opened by one of many', async () => {
  const tenant = randomUUID();
  const { max } = LIMITS['import.start'].tenant;
  const many = () =>
    Promise.all(
      Array.from({ length: 2 * max }, () =>
        limit(services, 'import.start', { person: randomUUID(), tenant }),
      ),
    );
  expect(refusals(await many())).toHaveLength(max);
  await endWindows(tenant);
  expect(refusals(await many())).toHaveLength(max);
});

test('who goes beyond their own allowance uses nothing of the others’', async () => {
  const loud = await createTestMember(services, 'admin');
  const { organizationId } = loud.actor;
  const colleague = await createTestMember(services, 'admin', organizationId);
  const { person } = LIMITS['flow.start'];
  const answers: (Failure | undefined)[] = [];
  for (let time = 0; time < person.max + 20; time += 1) answers.push(await limitMember(loud, 'flow.start'));
  expect(refusals(answers)).toHaveLength(20);
  expect(await limitMember(colleague, 'flow.start')).toBeUndefined();
  expect(await counts(organizationId)).toEqual({
    [`flow.start:organization:${organizationId}`]: person.max + 1,
  });
});

test('an organization has a limit that its members share, and no other organization', async () => {
  const { organizationId } = (await createTestMember(services)).actor;
  const { person, organization } = LIMITS.export;
  const answers: (Failure | undefined)[] = [];
  for (let member = 0; member * person.max < organization.max + person.max; member += 1) {
    const ctx = await createTestMember(services, 'viewer', organizationId);
    for (let time = 0; time < person.max; time += 1) answers.push(await limitMember(ctx, 'export'));
  }
  expect(answers.length - refusals(answers).length).toBe(organization.max);
  expect(await limitMember(await createTestMember(services), 'export')).toBeUndefined();
});

test('jobs have no limits', async () => {
  const { organizationId } = (await createTestMember(services)).actor;
  const ctx = { ...services, actor: { type: 'job', job: 'import', organizationId } } as const;
  for (let time = 0; time <= LIMITS.export.person.max; time += 1)
    expect(await limitMember(ctx, 'export')).toBeUndefined();
  expect(await counts(organizationId)).toEqual({});
});

test('reaching a limit is logged once in a window', async () => {
  const lines: string[] = [];
  const log = { ...quietLog, warn: (message: string) => lines.push(message) };
  const tenant = randomUUID();
  for (let time = 0; time < LIMITS['tenant.verify'].tenant.max + 5; time += 1)
    await limit({ ...services, log }, 'tenant.verify', { person: randomUUID(), tenant });
  expect(lines).toEqual(['a limit was reached']);
});

test('counters whose window is over are deleted, others stay', async () => {
  const [old, present] = [randomUUID(), randomUUID()];
  for (const person of [old, present]) await limit(services, 'organization.create', { person });
  await endWindows(old);
  await forgetOldCounters(services);
  expect(await counts(old)).toEqual({});
  expect(Object.values(await counts(present))).toEqual([1]);
});
