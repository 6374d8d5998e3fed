import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { recordedWaits } from '#lib/microsoft/testing.ts';
import { createTestMember } from '../testing.ts';
import { listFreshness } from './freshness.ts';
import { listOrigins } from './provenance.ts';
import { type ImportBed, importNow, startImportBed, type TestTenant } from './testing.ts';

let bed: ImportBed;
beforeAll(async () => {
  bed = await startImportBed({ ...recordedWaits(new Date()).options });
});
afterAll(() => bed.stop());
afterEach(() => bed.simulator.control.clearFaults());

async function freshness({ ctx, tenantId }: TestTenant) {
  const listed = await listFreshness(ctx, { tenantId });
  if (!listed.ok) throw new Error(listed.problem.code);
  return listed.value.find((tenant) => tenant.tenantId === tenantId)?.parts ?? [];
}

test('each part is as old as the read that completed it, and names its run', async () => {
  const tenant = await bed.connect(await bed.createDirectory(5));
  expect(await freshness(tenant)).toEqual([]);
  const run = await importNow(tenant);
  const parts = await freshness(tenant);
  expect(parts).toMatchObject(
    run.phases
      .filter(({ state }) => state === 'completed')
      .toSorted((a, b) => (a.phase < b.phase ? -1 : 1))
      .map(({ phase, startedAt, method = 'full' }) => ({
        phase,
        runId: run.runId,
        freshAt: startedAt && new Date(startedAt),
        method,
      })),
  );
  const stranger = await createTestMember(bed.services, 'owner');
  expect(await listFreshness(stranger)).toEqual({ ok: true, value: [] });
});

test('a part that was not read completely stays as old as it was, and says what Microsoft answered', async () => {
  const directoryId = await bed.createDirectory(5);
  const tenant = await bed.connect(directoryId);
  await importNow(tenant);
  const before = await freshness(tenant);
  await bed.simulator.control.fault({
    service: 'graph',
    path: '/v1.0/subscribedSkus',
    tenantId: directoryId,
    kind: 'throttle',
    times: 1,
    retryAfterSeconds: 1,
  });
  await bed.simulator.control.fault({
    service: 'graph',
    path: '/v1.0/users',
    tenantId: directoryId,
    kind: 'error',
    status: 403,
    code: 'Authorization_RequestDenied',
  });
  const run = await importNow(tenant);
  const after = await freshness(tenant);
  const of = (parts: typeof before, name: string) => parts.find(({ phase }) => phase === name);
  expect(of(after, 'users')).toEqual(of(before, 'users'));
  expect(of(after, 'skus')?.runId).toBe(run.runId);
  const origins = (phase: 'users' | 'skus') =>
    listOrigins(tenant.ctx, { phase, tenantIds: [tenant.tenantId] });
  const read = of(before, 'users');
  expect(await origins('users')).toMatchObject([
    { tenantId: tenant.tenantId, read: { runId: read?.runId, freshAt: read?.freshAt }, missedBy: run.runId },
  ]);
  expect(await origins('skus')).toMatchObject([{ read: { runId: run.runId }, missedBy: undefined }]);
  const stranger = await createTestMember(bed.services, 'owner');
  expect(await listOrigins(stranger, { phase: 'users', tenantIds: [tenant.tenantId] })).toEqual([]);
  expect(run.phase('skus').incidents).toMatchObject({
    counts: { throttled: 1 },
    newest: [{ status: 429, requestId: expect.any(String), clientRequestId: expect.any(String) }],
  });
  expect(run.phase('users').incidents).toMatchObject({
    counts: { refused: 1 },
    newest: [{ status: 403, code: 'Authorization_RequestDenied', requestId: expect.any(String) }],
  });
});
