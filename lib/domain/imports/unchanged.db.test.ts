import { afterAll, beforeAll, expect, test } from 'vitest';
import { type ImportBed, importNow, startImportBed } from './testing.ts';

let bed: ImportBed;

beforeAll(async () => {
  bed = await startImportBed();
});
afterAll(() => bed.stop());

/** Of these an import writes in any case: the run itself, how old the data is, and what it asked of Microsoft. */
const OF_THE_RUN = [
  'import_run',
  'import_page',
  'import_freshness',
  'directory_sync',
  'service_budget',
  'audit_event',
  'limit_counter',
];

/** Every row of every other table, with the transaction that wrote it. */
async function versions(): Promise<Record<string, string[]>> {
  const { rows: tables } = await bed.pool.query<{ name: string }>(
    `SELECT table_name AS name FROM information_schema.tables
     WHERE table_schema = 'public' AND table_type = 'BASE TABLE' AND table_name <> ALL($1) ORDER BY 1`,
    [OF_THE_RUN],
  );
  const entries: [string, string[]][] = [];
  for (const { name } of tables) {
    const { rows } = await bed.pool.query<{ version: string }>(
      `SELECT concat_ws(' ', ctid, xmin) AS version FROM "${name}" ORDER BY ctid`,
    );
    entries.push([name, rows.map(({ version }) => version)]);
  }
  return Object.fromEntries(entries);
}

test('the import of an unchanged directory writes no row', async () => {
  const tenant = await bed.connect(await bed.createDirectory(300));
  await importNow(tenant);
  const before = await versions();
  expect(before.directory_user).toHaveLength(300);
  expect(before.licence_figure?.length).toBeGreaterThan(0);
  for (let run = 0; run < 2; run += 1) {
    expect(await importNow(tenant)).toMatchObject({ status: 'completed' });
    expect(await versions()).toEqual(before);
  }
});
