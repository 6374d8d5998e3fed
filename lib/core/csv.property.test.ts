import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type CsvCell, csvLine } from './csv.ts';
import { forAll, hostileText } from './testing.ts';

/** Texts as the database holds them. */
const text = fc.oneof(
  hostileText.map((value) => value.replaceAll('\0', '').toWellFormed()),
  fc
    .tuple(fc.constantFrom('=', '+', '-', '@', '\t', '\r', '\n', ' =', "'="), hostileText)
    .map(([start, rest]) => `${start}${rest.replaceAll('\0', '').toWellFormed()}`),
);
const cell: fc.Arbitrary<CsvCell> = fc.oneof(
  { weight: 4, arbitrary: text },
  { weight: 1, arbitrary: fc.constantFrom(null, true, false, 0, 1_000_000, -1) },
);

test('a line comes back as it went in, but for the apostrophe before what a spreadsheet would run', () =>
  forAll(
    fc.array(fc.array(cell, { minLength: 3, maxLength: 3 }), { minLength: 1, maxLength: 5 }),
    (rows) => {
      const file = rows.map(csvLine).join('');
      const read: string[][] = parse(file, { recordDelimiter: '\r\n' });
      expect(read).toHaveLength(rows.length);
      rows.flat().forEach((value, index) => {
        const found = read.flat()[index] ?? 'missing';
        const written = value === null ? '' : String(value);
        if (typeof value === 'string') {
          expect(found).not.toMatch(/^[=+\-@\t\r]/);
          expect([written, `'${written}`]).toContain(found);
          expect(found === written).toBe(!/^[=+\-@\t\r]/.test(written));
        } else expect(found).toBe(written);
      });
    },
    1000,
  ));

test('a line is a line, whatever is in it', () =>
  forAll(fc.array(cell, { minLength: 1, maxLength: 4 }), (cells) => {
    const line = csvLine(cells);
    expect(line.endsWith('\r\n')).toBe(true);
    // Outside of quotes there is no other line end.
    expect(line.slice(0, -2).replaceAll(/"(?:[^"]|"")*"/g, '')).not.toMatch(/[\r\n]/);
  }));
