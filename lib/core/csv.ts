/** A value of a cell; null is an empty one. */
export type CsvCell = string | number | boolean | null;

// A spreadsheet would take such a cell for a formula and run it.
const FORMULA = /^[=+\-@\t\r]/;
const NEEDS_QUOTES = /[",\r\n]/;

/**
 * One line of a CSV file (RFC 4180), its line end included. A text that a spreadsheet would run as a formula gets an
 * apostrophe in front.
 */
export function csvLine(cells: readonly CsvCell[]): string {
  return `${cells.map(csvCell).join(',')}\r\n`;
}

function csvCell(value: CsvCell): string {
  if (value === null) return '';
  if (typeof value !== 'string') return String(value);
  const text = FORMULA.test(value) ? `'${value}` : value;
  return NEEDS_QUOTES.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** A file as the browser saves it: its name, and its text as it is made, in pieces of a size that suits the network. */
export type CsvFile = { readonly fileName: string; readonly chunks: AsyncIterable<string> };
