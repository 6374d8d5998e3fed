import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { systemClock } from '#lib/core/clock.ts';
import { DirectoryId } from '#lib/core/ids.ts';
import { startTestDatabase, type TestDatabase } from '#lib/db/testing.ts';
import { createMicrosoftClients, type MicrosoftClients } from '#lib/microsoft/clients.ts';
import { getOrganization } from '#lib/microsoft/graph/organization.ts';
import { type Allowance, createAllowance } from '#lib/microsoft/http/allowance.ts';
import { quietLog, testSettings } from '#lib/microsoft/testing.ts';
import { AZURE_APP, GRAPH_APP, type RunningSimulator, startSimulator } from '../../../simulator/testing.ts';
import { createServiceBudget, forgetOldBudgets } from './service-budget.ts';

let db: TestDatabase;
let simulator: RunningSimulator;

beforeAll(async () => {
  [db, simulator] = await Promise.all([startTestDatabase(), startSimulator()]);
});
afterAll(async () => {
  await simulator.stop();
  await db.stop();
});

/** The allowance of a process of its own on the test's database. */
const openAllowance = (): Allowance =>
  createAllowance({ clock: systemClock, log: quietLog, ledger: createServiceBudget(db.database) });

/** The clients of a process of its own. */
function openClients(): MicrosoftClients {
  const origins = { authority: simulator.url, graph: simulator.url, arm: simulator.url };
  const registrations = {
    azure: { clientId: AZURE_APP.clientId, credential: { type: 'secret', secret: AZURE_APP.secret } },
    graph: { clientId: GRAPH_APP.clientId, credential: { type: 'secret', secret: GRAPH_APP.secret } },
  } as const;
  return createMicrosoftClients({ ...testSettings(origins), registrations }, quietLog, {
    allowance: openAllowance(),
  });
}

test.each(['seconds', 'fraction', 'date'])(
  'what one process is told by Retry-After as %s, another one keeps to',
  async (retryAfter) => {
    const { tenant } = await simulator.control.createTenant({
      domain: `${retryAfter}.example`,
      users: 30,
    });
    await simulator.control.grant(tenant.id, GRAPH_APP.clientId);
    const directoryId = DirectoryId.parse(tenant.id);
    await simulator.control.fault({
      kind: 'throttle',
      tenantId: tenant.id,
      service: 'graph',
      times: 1,
      retryAfter,
      retryAfterSeconds: 1.4,
    });
    const askAs = (process: MicrosoftClients) =>
      getOrganization(process.graph(directoryId), { patience: 'background' });
    const both = await Promise.all([
      askAs(openClients()),
      // The second one sets out once the first one has been told.
      untilPaused(directoryId).then(() => askAs(openClients())),
    ]);
    expect(both).toMatchObject([{ ok: true }, { ok: true }]);
    const violations = await simulator.control.violations();
    expect(violations.filter(({ client }) => String(client).includes(tenant.id))).toEqual([]);
  },
);

const untilPaused = (directoryId: string) =>
  expect
    .poll(
      async () => {
        const { rowCount } = await db.database.pool.query(
          'SELECT 1 FROM service_budget WHERE quota = $1 AND paused_until IS NOT NULL',
          [`graph ${directoryId}`],
        );
        return rowCount;
      },
      { interval: 20, timeout: 20_000 },
    )
    .toBe(1);

/** Takes units in turns until all are told to hold back. Says how many there were. */
async function takeAll(quota: string, allowances: readonly Allowance[]): Promise<number> {
  let units = 0;
  for (const allowance of allowances) {
    while ((await allowance.take(quota, 25, false)) === 0) units += 25;
  }
  return units;
}

async function windowOf(quota: string): Promise<string> {
  const { rows } = await db.database.pool.query<{ at: string }>(
    `SELECT window_start::text AS at FROM service_budget
     WHERE quota = $1 AND window_start + interval '5 seconds' > now()`,
    [quota],
  );
  return rows[0]?.at ?? '';
}

test('two processes share the budget of a directory', async () => {
  for (;;) {
    const quota = `graph ${randomUUID()}`;
    await createServiceBudget(db.database).reserve(quota, 0);
    const before = await windowOf(quota);
    const units = await takeAll(quota, [openAllowance(), openAllowance()]);
    // A window may be over just then; the next one is young.
    if (before === '' || (await windowOf(quota)) !== before) continue;
    // 3,500 units in ten seconds for a small directory, 70 % of them, in five; and what the second one has unasked.
    expect(units).toBeGreaterThan(1_000);
    expect(units).toBeLessThanOrEqual(1_225 + 100);
    return;
  }
});

test('what is long over is forgotten, a pause is not', async () => {
  const { pool } = db.database;
  await pool.query(
    `INSERT INTO service_budget (quota, window_start, used, paused_until) VALUES
       ('over', now() - interval '2 hours', 1, now() - interval '1 hour'),
       ('paused', now() - interval '2 hours', 1, now() + interval '1 hour'),
       ('used', now(), 1, NULL)`,
  );
  await forgetOldBudgets(db);
  const { rows } = await pool.query(
    `SELECT quota FROM service_budget WHERE quota IN ('over', 'paused', 'used') ORDER BY quota`,
  );
  expect(rows).toEqual([{ quota: 'paused' }, { quota: 'used' }]);
});
