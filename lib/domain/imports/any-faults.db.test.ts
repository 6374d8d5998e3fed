import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type ScriptedServer, startScriptedServer } from '#lib/microsoft/testing.ts';
import { isNotGranted } from './model.ts';
import type { Reading } from './reading.ts';
import { readStored, readTruth, type Stored, type Truth, unitsOf } from './test-truth.ts';
import {
  type ImportBed,
  importNow,
  type RunState,
  runState,
  start,
  startImportBed,
  type TestTenant,
  workOn,
} from './testing.ts';

/*
 * Whatever combination of faults an import meets: it ends with exactly what the directory holds, or it says that it is
 * not complete and nothing of yesterday is lost. A failure prints seed and path; with them in FAULT_SEED and FAULT_PATH
 * the same case runs again. FAULT_CASES runs more of them, and a FAULT_SEED other ones.
 */
const CASES = Number(process.env.FAULT_CASES ?? 40);
const SEED = Number(process.env.FAULT_SEED ?? 20_261_120);
const PATH = process.env.FAULT_PATH;

const DAY_MS = 86_400_000;
/** Longer than anybody is asked to wait. */
const PAUSE_MS = 1_000_000;

let bed: ImportBed;
let attacker: ScriptedServer;
let now = Date.now();

beforeAll(async () => {
  attacker = await startScriptedServer(() => ({ body: { value: [] } }));
  const limits = { timeoutMs: 1_000, unavailableMax: 2, throttledMax: 4, waitTotalMs: 600_000 };
  // Nothing really waits but for answers that do not come: the clock of the calls goes on instead.
  bed = await startImportBed({
    clock: () => new Date(now),
    random: () => 0,
    wait: async (ms) => {
      now += ms;
    },
    patience: { interactive: limits, background: limits },
  });
  await bed.simulator.control.settings({ pageSizeMax: 20 });
});
afterAll(async () => {
  await bed.stop();
  await attacker.stop();
});

type Rule = Readonly<Record<string, unknown>>;

/** All that we ask for, and what is left to the tenant. */
const PERMISSIONS = [
  'User.Read.All',
  'LicenseAssignment.Read.All',
  'Organization.Read.All',
  'GroupMember.Read.All',
];

/** Which requests a rule meets. Each page of users after the first has `skiptoken` in its address. */
const place = fc.constantFrom<Rule>(
  { service: 'graph' },
  { service: 'graph', path: '/v1.0/users' },
  { service: 'graph', path: 'skiptoken' },
  { service: 'graph', path: 'createdDateTime' },
  { service: 'graph', path: '/v1.0/users/delta' },
  { service: 'graph', path: '/v1.0/subscribedSkus' },
  { service: 'graph', path: '/v1.0/organization' },
  { service: 'graph', path: '/v1.0/directory/subscriptions' },
  { service: 'graph', path: '/v1.0/groups' },
  { service: 'login' },
);

const moment = fc.record({
  after: fc.nat({ max: 4 }),
  every: fc.integer({ min: 1, max: 4 }),
  times: fc.option(fc.integer({ min: 1, max: 6 }), { nil: undefined }),
});

const retryAfter = fc.record({
  retryAfter: fc.constantFrom('seconds', 'fraction', 'date', 'none'),
  retryAfterSeconds: fc.constantFrom(0, 0.2, 3, 45, 900),
});

const refusal = fc.constantFrom<Rule>(
  ...[400, 401, 403, 404, 408, 410, 500, 501, 502, 503, 504].map((status) => ({ status })),
  { status: 400, code: 'Directory_ExpiredPageToken' },
  { status: 410, code: 'syncStateNotFound' },
  { status: 403, code: 'Authorization_RequestDenied' },
  { status: 503, code: 'serviceNotAvailable' },
);

const fault = fc.oneof(
  fc.tuple(fc.constant<Rule>({ kind: 'throttle' }), retryAfter),
  fc.tuple(fc.constant<Rule>({ kind: 'error' }), refusal, retryAfter),
  fc.tuple(
    fc.constantFrom<Rule>(
      ...[
        'reset',
        'truncate',
        'content-type',
        'shape',
        'duplicate-rows',
        'empty-page',
        'repeat-link',
        'churn',
      ].map((kind) => ({ kind })),
      { kind: 'latency', delayMs: 15 },
      // Each of these takes as long as the client waits for an answer.
      { kind: 'hang', times: 1 },
    ),
  ),
  // SKUs are not counted by Microsoft, so nobody can tell when some are missing.
  fc.tuple(
    fc.constantFrom<Rule>(
      ...['lost-link', 'lost-rows'].map((kind) => ({ kind, service: 'graph', path: '/v1.0/users' })),
    ),
  ),
  fc.tuple(fc.constantFrom('other', 'userinfo').map((form) => ({ kind: 'foreign-link', form }))),
);

const rule = fc
  .tuple(place, moment, fault)
  .map(([where, when, parts]): Rule => Object.assign({}, where, when, ...parts));

const situation = fc.record({
  rules: fc.array(rule, { minLength: 1, maxLength: 4 }),
  users: fc.integer({ min: 30, max: 110 }),
  /** Whether all users are read, or what has changed alone while that is enough. */
  full: fc.boolean(),
  /** Read in ranges side by side, or in one sequence. */
  isDivided: fc.boolean(),
});

const DIVIDED: Reading = { dividedFrom: 1, rangeUsers: 25, rangesMax: 120, pagesAtFirst: 4, pagesMax: 8 };

test('an import that meets faults ends exact, or says so and keeps what was there', async () => {
  await fc.assert(
    fc.asyncProperty(situation, async (given) => {
      const kinds = given.rules.map(({ kind }) => String(kind));
      // Rows that get lost are noticed by their number, which says nothing when others come meanwhile.
      const losesRows = kinds.some((kind) => kind.startsWith('lost-'));
      fc.pre(!(kinds.includes('churn') && losesRows));
      // Of changes that get lost as well: who has come makes up for who has left.
      fc.pre(given.full || !losesRows);
      const connected = await bed.connect(await bed.createDirectory(given.users, PERMISSIONS));
      const tenant = { ...connected, ...(given.isDivided && { reading: DIVIDED }) };
      await importYesterday(tenant);
      const { added, gone } = await changeDirectory(tenant);
      const before = await readStored(tenant);
      const truth = await readTruth(bed.simulator.url, tenant.directoryId);

      const ids = await Promise.all(given.rules.map((partial) => setFault(tenant, partial)));
      const run = await importToItsEnd(tenant, given.full);
      for (const id of ids) await bed.simulator.control.request('DELETE', `/faults/${id}`);
      const after = await readStored(tenant);
      const isChurned = kinds.includes('churn');
      const later = isChurned ? await readTruth(bed.simulator.url, tenant.directoryId) : truth;
      expectSettled(run);
      expectUsers({ run, before, after, truth, later });
      expectSkus({ run, before, after, truth, later });
      expect(attacker.received).toEqual([]);

      const next = await importNow(tenant);
      expect(next.problem).toBeUndefined();
      expect(next.status).toBe('completed');
      const final = await readStored(tenant);
      expect(present(final)).toEqual(later.users);
      expect(final.exported).toEqual(later.users.map(({ id }) => id));
      expect(final.skus).toEqual(later.skus);
      expectFigures(final);
      expect(final.exported).toContain(added);
      expect(final.exported).not.toContain(gone);
    }),
    {
      numRuns: CASES,
      seed: SEED,
      ...(PATH !== undefined && { path: PATH }),
      endOnFailure: PATH === undefined,
    },
  );
}, 600_000);

const today = (): string => new Date().toISOString().slice(0, 10);

/** The import of the day before: its figures are history, which nothing may change any more. */
async function importYesterday(tenant: TestTenant): Promise<void> {
  const clock = () => new Date(Date.now() - DAY_MS);
  const run = await importNow({ ...tenant, ctx: { ...tenant.ctx, clock } });
  expect(run.status).toBe('completed');
}

/** Since then somebody has left, somebody has come with a licence, and somebody has moved. */
async function changeDirectory(tenant: TestTenant): Promise<{ added: string; gone: string }> {
  const { control, url } = bed.simulator;
  const { users, skus } = await readTruth(url, tenant.directoryId);
  const [gone, moved] = [users.at(0)?.id, users.at(-1)?.id].map(String);
  if (!gone || !moved) throw new Error('nobody there');
  await control.deleteUser(tenant.directoryId, gone);
  await control.updateUser(tenant.directoryId, moved, { department: 'Moved', jobTitle: null });
  const assignedLicenses = [{ skuId: skus[0]?.sku_id, disabledPlans: [] }];
  const { id } = await control.createUser(tenant.directoryId, { displayName: 'New', assignedLicenses });
  return { added: id, gone };
}

async function setFault(tenant: TestTenant, { form, ...partial }: Rule): Promise<string> {
  const there = new URL(attacker.origin).host;
  const foreignOrigin = form === 'userinfo' ? `${bed.simulator.url}@${there}` : attacker.origin;
  const { id } = await bed.simulator.control.fault({
    ...partial,
    tenantId: tenant.directoryId,
    ...(partial.kind === 'foreign-link' && { foreignOrigin }),
  });
  return id;
}

/** Works on a new run until it ends, without the pauses between attempts. */
async function importToItsEnd(tenant: TestTenant, full: boolean): Promise<RunState> {
  const runId = await start(tenant, 'manual', full);
  while ((await workOn(tenant, runId)) !== 'ended') now += PAUSE_MS;
  now += PAUSE_MS;
  return runState(tenant, runId);
}

/** A run that has ended leaves nothing half done, and is complete only if each of its parts is. */
function expectSettled(run: RunState): void {
  expect(['completed', 'partial', 'failed']).toContain(run.status);
  expect(run).toMatchObject({ leaseHolder: null, checkpoint: null });
  const areComplete = run.phases.every((phase) => phase.state === 'completed' || isNotGranted(phase));
  expect(run.status === 'completed').toBe(areComplete);
  expect(run.problem === undefined).toBe(areComplete);
}

type Outcome = {
  readonly run: RunState;
  readonly before: Stored;
  readonly after: Stored;
  /** What the directory held before the import, and what it holds after it: the same unless people came and went. */
  readonly truth: Truth;
  readonly later: Truth;
};

const isPresent = (row: Readonly<Record<string, unknown>>): boolean => row.deleted_at === null;
const present = ({ users }: Stored) => users.filter(isPresent);
const idsOf = (rows: readonly Readonly<Record<string, unknown>>[]) =>
  new Set(rows.map(({ id }) => String(id)));
const without = (all: ReadonlySet<string>, those: ReadonlySet<string>) =>
  [...all].filter((id) => !those.has(id));

function expectUsers({ run, before, after, truth, later }: Outcome): void {
  const phase = run.phase('users');
  const kept = idsOf(present(after));
  expect(after.exported).toEqual([...kept]);
  expect(without(idsOf(before.users), idsOf(after.users))).toEqual([]);
  const retired = without(idsOf(present(before)), kept);
  expect(retired).toHaveLength(phase.state === 'completed' ? phase.retired : 0);
  if (phase.state !== 'completed') return;
  // Who was there all the time is there, and who was not there at any time is not.
  const [first, last] = [idsOf(truth.users), idsOf(later.users)];
  expect(without(first, kept).filter((id) => last.has(id))).toEqual([]);
  expect(without(kept, first).filter((id) => !last.has(id))).toEqual([]);
  if (truth !== later) return;
  expect(present(after)).toEqual(truth.users);
  expect(phase).toMatchObject({ received: truth.users.length, expected: truth.users.length });
}

function expectSkus({ run, before, after, truth, later }: Outcome): void {
  const { [today()]: figures, ...history } = after.snapshots;
  expect(history).toEqual(before.snapshots);
  if (run.phase('skus').state !== 'completed') {
    expect(after.skus).toEqual(before.skus);
    expect(figures).toBeUndefined();
    return;
  }
  expectFigures(after);
  if (truth === later) expect(after.skus).toEqual(truth.skus);
}

/** The last figures of each SKU are those of now; a SKU that vanished has none left. */
function expectFigures({ skus, snapshots }: Stored): void {
  const last = new Map(
    Object.keys(snapshots)
      .sort()
      .flatMap((day) => (snapshots[day] ?? []).map(({ day: _, ...row }) => [row.sku_id, row] as const)),
  );
  const now = new Map(skus.map((sku) => [sku.sku_id, unitsOf(sku)]));
  const none = {
    enabled_units: 0,
    warning_units: 0,
    suspended_units: 0,
    locked_out_units: 0,
    consumed_units: 0,
  };
  expect(last).toEqual(new Map([...last.keys()].map((id) => [id, now.get(id) ?? { sku_id: id, ...none }])));
  expect([...now.keys()].filter((id) => !last.has(id))).toEqual([]);
}
