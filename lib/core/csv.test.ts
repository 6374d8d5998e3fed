import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { csvLine } from './csv.ts';

/** Everything that has ever broken a CSV file, often. */
const nasty = fc.string({
  unit: fc.constantFrom(
    '"',
    ',',
    '\r',
    '\n',
    '\t',
    '=',
    '+',
    '-',
    '@',
    "'",
    ';',
    ' ',
    'a',
    'ß',
    '\u200f',
    '王',
    '😀',
  ),
  maxLength: 12,
});
const text = fc.oneof(nasty, fc.string({ unit: 'grapheme' }), fc.string({ unit: 'binary' }));
const guarded = (value: string) => (/^[=+\-@\t\r]/.test(value) ? `'${value}` : value);

test('a parser reads back what was written, and no cell is a formula', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 2, max: 6 }).chain((width) =>
        fc.array(fc.array(fc.option(text), { minLength: width, maxLength: width }), {
          minLength: 1,
          maxLength: 8,
        }),
      ),
      (rows) => {
        const read = parse(rows.map(csvLine).join(''), { recordDelimiter: '\r\n' });
        expect(read).toEqual(rows.map((cells) => cells.map((cell) => guarded(cell ?? ''))));
        for (const cell of read.flat()) expect(cell).not.toMatch(/^[=+\-@\t\r]/);
      },
    ),
    { numRuns: 500 },
  );
});

test('quotes only where they are needed, ends with CRLF', () => {
  expect(csvLine(['a', 'b c', 'd,e', 'f"g', 'h\ni', '', null, 0, true])).toBe(
    'a,b c,"d,e","f""g","h\ni",,,0,true\r\n',
  );
});

test.each([
  ['=1+1', "'=1+1"],
  ['+47 22', "'+47 22"],
  ['-1', "'-1"],
  ['@SUM(A1)', "'@SUM(A1)"],
  ['\tx', "'\tx"],
  ['\rx', `"'\rx"`],
  ['=HYPERLINK("x","y")', `"'=HYPERLINK(""x"",""y"")"`],
  [' =1', ' =1'],
  ["'=1", "'=1"],
  ['\n=1', '"\n=1"'],
])('%j becomes %j', (value, cell) => {
  expect(csvLine([value])).toBe(`${cell}\r\n`);
});
