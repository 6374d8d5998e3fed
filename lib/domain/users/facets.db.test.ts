import { afterAll, beforeAll, expect, test } from 'vitest';
import { type ImportBed, importNow, startImportBed } from '../imports/testing.ts';
import { listSources } from '../licensing/sources.ts';
import { readFacets } from './facets.ts';

let bed: ImportBed;

beforeAll(async () => {
  bed = await startImportBed();
});
afterAll(() => bed.stop());

test('what an import has figured is what counting comes to', async () => {
  const tenant = await bed.connect(await bed.createDirectory(80));
  const { ctx, tenantId } = tenant;
  await importNow(tenant);
  const [source] = await listSources(ctx);
  if (!source) throw new Error('no source');
  const figured = await readFacets(ctx, [source]);
  expect(figured.total).toBe(80);
  await bed.pool.query('DELETE FROM licence_figure WHERE tenant_id = $1', [tenantId]);
  // As after another import, so that it is not remembered.
  const counted = await readFacets(ctx, [{ ...source, lastRun: null }]);
  expect(figured).toEqual(counted);
});
