import { type Measurement, scaled, USERS } from '../bench.ts';
import { requireNative } from '../databases.ts';
import { type Figure, toFigure } from '../figures.ts';
import { withScope } from '../scope.ts';
import { importOnce, makeFullReadDue, openWorkplace, vacuum, type Workplace } from '../workplace.ts';

const CHANGES = scaled(10_000);
/** What docs/scale.md plans with. */
const TARGET = 1.5;

/** What the database needs for a user and for each change of one. It is the same in each run, so one is enough. */
export const footprint: Measurement = {
  name: 'footprint',
  measure: (bench) =>
    withScope(bench.scope, async (scope) => {
      const generator = await bench.loadGenerator(USERS);
      const place = await openWorkplace(scope, await requireNative(bench), generator);
      await importOnce(scope, place, 'full');
      await vacuum(place);
      const user = await sizeOf(place, 'directory_user');
      await generator.tell({ change: CHANGES });
      await makeFullReadDue(place);
      await importOnce(scope, place, 'full');
      await vacuum(place);
      const change = await sizeOf(place, 'directory_user_change');
      const figures = await sizeOf(place, 'licence_figure');
      bench.say(`Licence figures of a tenant: ${figures.rows} rows after two days, ${figures.bytes} bytes.`);
      return [
        inJson('footprint-user', user, generator.averageBytes),
        inJson('footprint-change', change, generator.averageBytes),
      ];
    }),
};

type Size = { readonly rows: number; readonly bytes: number; readonly indexBytes: number };

async function sizeOf({ product }: Workplace, table: string): Promise<Size> {
  const { rows } = await product.services.database.pool.query<Size>(
    `SELECT (SELECT count(*)::int FROM ${table}) AS rows, pg_total_relation_size($1::regclass)::float8 AS bytes,
            pg_indexes_size($1::regclass)::float8 AS "indexBytes"`,
    [table],
  );
  if (!rows[0]?.rows) throw new Error(`There is nothing in ${table}.`);
  return rows[0];
}

const inJson = (name: string, { rows, bytes, indexBytes }: Size, jsonBytes: number): Figure =>
  toFigure({
    name,
    reference: 'the user as Graph sends it',
    target: TARGET,
    pairs: [{ measured: bytes / rows, reference: jsonBytes }],
    format: (value) => `${Math.round(value)} bytes`,
    note: `of that ${Math.round(indexBytes / rows)} bytes are indexes; PostgreSQL after a vacuum, ${rows.toLocaleString('en')} rows`,
  });
