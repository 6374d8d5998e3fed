import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readUserRows } from '#lib/microsoft/graph/user-row.ts';
import { claimRun, type Lease } from '../../lease.ts';
import { type ImportBed, importNow, start, startImportBed } from '../../testing.ts';
import { hashUsers } from './map.ts';
import { countReadRows, countRowsLeftOut, writeUserPage } from './write.ts';

let bed: ImportBed;

beforeAll(async () => {
  bed = await startImportBed();
});
afterAll(() => bed.stop());

test('a row that is left out counts once, however many pages have it', async () => {
  const tenant = await bed.connect(await bed.createDirectory(12));
  await importNow(tenant);
  const lease: Lease = {
    tenantId: tenant.tenantId,
    runId: await start(tenant),
    holder: randomUUID(),
    seconds: 60,
  };
  expect(await claimRun(bed.pool, lease, new Date())).toBeDefined();
  const ids = [randomUUID(), randomUUID()];
  const users = hashUsers(readUserRows(ids.map((id) => ({ id })))?.users ?? []);
  const leftOut = [randomUUID()];
  const page = {
    importedAt: new Date(),
    users,
    leftOut,
    compares: true,
    leavesChanges: true,
    reselected: [],
  };
  for (const rangeNo of [0, 1, 2]) await writeUserPage(bed.pool, lease, { ...page, rangeNo, pageNo: 1 });
  expect(await countReadRows(bed.pool, lease)).toBe(3);
  expect(await countRowsLeftOut(bed.pool, lease)).toBe(1);
});
