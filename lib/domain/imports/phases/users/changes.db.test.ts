import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readUserRows } from '#lib/microsoft/graph/user-row.ts';
import { claimRun, type Lease } from '../../lease.ts';
import {
  type ImportBed,
  importNow,
  presentUserIds,
  start,
  startImportBed,
  type TestTenant,
} from '../../testing.ts';
import { hashUsers } from './map.ts';
import { retireUsers } from './retire.ts';
import { writeUserPage } from './write.ts';

let bed: ImportBed;

beforeAll(async () => {
  bed = await startImportBed();
});
afterAll(() => bed.stop());

async function changesOf({ tenantId }: TestTenant, runId?: string) {
  const { rows } = await bed.pool.query(
    `SELECT id, kind, run_id, before, skus_added, skus_removed FROM directory_user_change
     WHERE tenant_id = $1 AND ($2::uuid IS NULL OR run_id = $2) ORDER BY id, changed_at`,
    [tenantId, runId ?? null],
  );
  return rows;
}

test('each change of a known user is kept with what was before, and summed up with the run', async () => {
  const directoryId = await bed.createDirectory(40);
  const tenant = await bed.connect(directoryId);
  const first = await importNow(tenant);
  expect(first.phase('users').changes).toBeUndefined();
  expect(await changesOf(tenant)).toEqual([]);

  const unchanged = await importNow(tenant);
  const none = { added: 0, changed: 0, removed: 0, restored: 0, licencesAdded: 0, licencesRemoved: 0 };
  expect(unchanged.phase('users').changes).toEqual(none);
  expect(await changesOf(tenant)).toEqual([]);

  const licensed = await bed.pool.query<{ id: string; sku_ids: string[]; display_name: string }>(
    'SELECT id, sku_ids, display_name FROM directory_user WHERE tenant_id = $1 AND cardinality(sku_ids) > 0 ORDER BY id',
    [tenant.tenantId],
  );
  const [moved, gone] = licensed.rows;
  if (!moved || !gone) throw new Error('too few licences');
  const { control } = bed.simulator;
  await control.updateUser(directoryId, moved.id, { department: 'Moved', assignedLicenses: [] });
  await control.deleteUser(directoryId, gone.id);
  const { id: added } = await control.createUser(directoryId, { displayName: 'New' });
  const changed = await importNow(tenant);
  const [born] = (await changesOf(tenant, changed.runId)).filter(({ id }) => id === added);
  expect(changed.phase('users').changes).toEqual({
    added: 1,
    changed: 1,
    removed: 1,
    restored: 0,
    licencesAdded: born?.skus_added.length,
    licencesRemoved: moved.sku_ids.length + gone.sku_ids.length,
  });
  const kept = await changesOf(tenant, changed.runId);
  expect(kept).toHaveLength(3);
  expect(kept).toContainEqual(expect.objectContaining({ id: added, kind: 'added', before: null }));
  expect(kept).toContainEqual(
    expect.objectContaining({
      id: moved.id,
      kind: 'changed',
      before: expect.objectContaining({ display_name: moved.display_name, sku_ids: moved.sku_ids }),
      skus_added: [],
      skus_removed: moved.sku_ids,
    }),
  );
  expect(kept).toContainEqual(
    expect.objectContaining({
      id: gone.id,
      kind: 'removed',
      before: expect.objectContaining({ display_name: gone.display_name, deleted_at: null }),
      skus_removed: gone.sku_ids,
    }),
  );

  await control.request('POST', `/users/${gone.id}/restore?tenantId=${directoryId}`);
  const restored = await importNow(tenant);
  expect(restored.phase('users').changes).toEqual({
    ...none,
    restored: 1,
    licencesAdded: gone.sku_ids.length,
  });
});

test('a page that is written twice, or users who are retired twice, leave one change each', async () => {
  const tenant = await bed.connect(await bed.createDirectory(5));
  await importNow(tenant);
  const [id, other] = await presentUserIds(tenant);
  if (!id || !other) throw new Error('too few users');
  const runId = await start(tenant);
  const lease: Lease = { tenantId: tenant.tenantId, runId, holder: randomUUID(), seconds: 60 };
  await claimRun(bed.pool, lease, new Date());
  const users = hashUsers(readUserRows([{ id, displayName: 'Other name' }])?.users ?? []);
  // A clock that stands still, or goes backwards, still leaves the changes in their order.
  const importedAt = new Date('2020-01-01T00:00:00Z');
  const page = { importedAt, pageNo: 1, users, compares: true, leavesChanges: true, reselected: [] };
  expect(await writeUserPage(bed.pool, lease, page)).toBe(1);
  expect(await writeUserPage(bed.pool, lease, page)).toBe(0);
  expect(await writeUserPage(bed.pool, lease, { ...page, compares: false })).toBe(0);
  expect(await retireUsers(bed.pool, lease, [id, other, randomUUID()], importedAt)).toBe(2);
  expect(await retireUsers(bed.pool, lease, [id, other], importedAt)).toBe(0);
  expect(await changesOf(tenant)).toMatchObject([
    { id, kind: 'changed' },
    { id, kind: 'removed', before: { display_name: 'Other name' } },
    { id: other, kind: 'removed' },
  ]);
});
