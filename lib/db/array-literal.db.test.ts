import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { arrayLiteral } from './array-literal.ts';
import { startTestDatabase, type TestDatabase } from './testing.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await startTestDatabase();
});
afterAll(() => db.stop());

const asItIs = <T>(value: T): T => value;

async function roundTrip(values: readonly (string | null)[]): Promise<unknown> {
  const { rows } = await db.database.pool.query<{ back: unknown }>('SELECT to_json($1::text[]) AS back', [
    arrayLiteral(values, asItIs),
  ]);
  return rows[0]?.back;
}

test('what looks like a part of the notation is text, and a missing value is none', async () => {
  const odd = ['', ' ', 'NULL', null, '"', '\\', '\\"', '{}', '{a,b}', 'a,b', '\n', '–', '👩‍🚀', '"; DROP'];
  expect(await roundTrip(odd)).toEqual(odd);
  expect(await roundTrip([])).toEqual([]);
  expect(arrayLiteral([true, false, null], asItIs)).toBe('{true,false,NULL}');
});

test('any text comes back as it was', async () => {
  // PostgreSQL has no room for U+0000; `storable` has taken it out before.
  const text = fc.string({ unit: 'binary' }).filter((one) => !one.includes('\0') && one.isWellFormed());
  await fc.assert(
    fc.asyncProperty(fc.array(fc.option(text), { maxLength: 20 }), async (values) => {
      expect(await roundTrip(values)).toEqual(values);
    }),
    { numRuns: 200 },
  );
});
