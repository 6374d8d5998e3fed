import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { sum, totalsLine, totalsOfCheck, totalsOfReport } from './totals.ts';

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'totals-'));
});

afterAll(() => rmSync(folder, { recursive: true }));

function report(content: unknown): string {
  const file = join(folder, 'report.json');
  writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
  return file;
}

const vitest = { numPassedTests: 3, numFailedTests: 1, numPendingTests: 1, numTodoTests: 1, success: false };
const playwright = { stats: { expected: 5, unexpected: 1, flaky: 1, skipped: 2 }, errors: [] };

test('reads the reports of both runners', () => {
  expect(totalsOfReport(report(vitest), 1)).toEqual({ passed: 3, failed: 1, skipped: 2 });
  expect(totalsOfReport(report(playwright), 1)).toEqual({ passed: 5, failed: 2, skipped: 2 });
});

test.each([
  ['a file that did not load', { ...vitest, numFailedTests: 0 }],
  ['a broken report', '{"numPassedTests":'],
  ['a report of another shape', {}],
])('counts %s as a failure', (_, content) => {
  expect(totalsOfReport(report(content), 1).failed).toBe(1);
});

test('counts a runner that left no report as a failure', () => {
  expect(totalsOfReport(join(folder, 'missing.json'), 1)).toEqual({ passed: 0, failed: 1, skipped: 0 });
});

test('adds up and says so', () => {
  const total = sum([totalsOfCheck(0), totalsOfCheck(2), { passed: 10, failed: 0, skipped: 0 }]);
  expect(totalsLine(total)).toBe('11 passed, 1 failed');
  expect(totalsLine({ ...total, skipped: 2 })).toBe('11 passed, 1 failed, 2 skipped');
});
