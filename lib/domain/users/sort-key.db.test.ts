import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestDatabase, type TestDatabase } from '#lib/db/testing.ts';
import { MESSY_NAMES } from './testing.ts';

let db: TestDatabase;

beforeAll(async () => {
  db = await startTestDatabase();
});
afterAll(() => db?.stop());

const LONG = [99, 100, 101, 199, 200, 201].flatMap((length) =>
  ['A', 'É', ' A', 'ﬁ'].map((unit) => unit.repeat(length)),
);

/** As the indexes of installations from before the short way have it. */
const IN_FULL =
  "coalesce(nullif(left(lower(normalize(btrim(left(text, 200)), NFKD)), 100), ''), U&'\\+10FFFF')";

test('the short way to a key leads to the same key', async () => {
  const texts = [
    null,
    '',
    ' ',
    '  Anna Almeida ',
    'ANNA',
    '\tA\n',
    'Zoë',
    'İ',
    'ﬁ',
    '𝔄',
    ...LONG,
    ...MESSY_NAMES,
  ];
  const { rows } = await db.database.pool.query(
    `SELECT text FROM unnest($1::text[]) AS text WHERE sort_key(text) IS DISTINCT FROM ${IN_FULL}`,
    [texts],
  );
  expect(rows).toEqual([]);
});
