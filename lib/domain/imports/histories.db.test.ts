import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readStored, readTruth } from './test-truth.ts';
import { type ImportBed, importNow, startImportBed, type TestTenant } from './testing.ts';

/** More of them take longer: `TEST_HISTORIES=500 npx vitest run --project db lib/domain/imports/histories.db.test.ts`. */
const HISTORIES = Number(process.env.TEST_HISTORIES ?? 6);
const SECONDS_EACH = 60;

let bed: ImportBed;

beforeAll(async () => {
  bed = await startImportBed();
  await bed.simulator.control.settings({ pageSizeMax: 20 });
});
afterAll(() => bed.stop());

const uint32 = fc.integer({ min: 0, max: 0xffffffff });

/** What happens between two imports, and whether more happens during the second one. */
const Episode = fc.record({
  changes: fc.integer({ min: 1, max: 60 }),
  seed: uint32,
  isBusy: fc.boolean(),
  isFull: fc.nat(5).map((die) => die === 0),
});

/** How Microsoft tells of changes. */
const Manners = fc.record({
  changedManagersOnly: fc.boolean(),
  withoutAssignmentStates: fc.boolean(),
  replays: fc.constantFrom(0, 0, 5, 40),
});

const History = fc.record({
  users: fc.integer({ min: 4, max: 70 }),
  manners: Manners,
  episodes: fc.array(Episode, { minLength: 1, maxLength: 5 }),
});

type Row = Readonly<Record<string, unknown>>;

/** Who is there, without what these manners do not tell. */
function present(users: readonly Row[], { withoutAssignmentStates }: { withoutAssignmentStates: boolean }) {
  const rows = users.filter(({ deleted_at }) => deleted_at === null);
  return withoutAssignmentStates ? rows.map(({ license_assignments, ...row }) => row) : rows;
}

async function importAfter(
  tenant: TestTenant,
  episode: { isBusy: boolean; isFull: boolean },
): Promise<boolean> {
  const { control } = bed.simulator;
  const { directoryId } = tenant;
  const churn = {
    kind: 'churn',
    service: 'graph',
    tenantId: directoryId,
    path: '/users',
    every: 2,
    times: 4,
  };
  const rule = episode.isBusy ? await control.fault(churn) : undefined;
  const run = await importNow(tenant, { full: episode.isFull });
  if (rule) await control.request('DELETE', `/faults/${rule.id}`);
  const users = run.phase('users');
  // A read of a directory that moves may not match Microsoft's count: then it says so, and the next one mends it.
  expect(['completed', 'partial']).toContain(users.state);
  expect(users.certificate?.green).toBe(users.state === 'completed');
  return users.method === 'incremental';
}

test(
  'any history, imported by its changes, comes to what a fresh import brings',
  async () => {
    let incremental = 0;
    await fc.assert(
      fc.asyncProperty(History, async ({ users, manners, episodes }) => {
        const { control, url } = bed.simulator;
        const directoryId = await bed.createDirectory(users);
        await control.request('POST', `/tenants/${directoryId}`, { delta: manners });
        const tenant = await bed.connect(directoryId);
        await importNow(tenant);
        for (const { changes, seed, ...episode } of episodes) {
          await control.request('POST', `/tenants/${directoryId}/changes`, { changes, seed });
          if (await importAfter(tenant, episode)) incremental += 1;
        }
        const last = await importAfter(tenant, { isBusy: false, isFull: false });
        expect(last).toBe(true);

        const fresh = await bed.connect(directoryId);
        await importNow(fresh);
        const stored = present((await readStored(tenant)).users, manners);
        expect(stored).toEqual(present((await readStored(fresh)).users, manners));
        expect(stored).toEqual(present((await readTruth(url, directoryId)).users, manners));
      }),
      { numRuns: HISTORIES, endOnFailure: true },
    );
    expect(incremental).toBeGreaterThan(0);
  },
  HISTORIES * SECONDS_EACH * 1000,
);
