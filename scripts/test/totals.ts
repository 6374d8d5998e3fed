import { readFileSync } from 'node:fs';
import { z } from 'zod';

export type Totals = { readonly passed: number; readonly failed: number; readonly skipped: number };

const VitestReport = z
  .object({
    numPassedTests: z.number(),
    numFailedTests: z.number(),
    numPendingTests: z.number(),
    numTodoTests: z.number(),
  })
  .transform((report) => ({
    passed: report.numPassedTests,
    failed: report.numFailedTests,
    skipped: report.numPendingTests + report.numTodoTests,
  }));

/** A test that passed only at a second try has failed: we do not repeat tests. */
const PlaywrightReport = z
  .object({
    stats: z.object({ expected: z.number(), unexpected: z.number(), flaky: z.number(), skipped: z.number() }),
  })
  .transform(({ stats }) => ({
    passed: stats.expected,
    failed: stats.unexpected + stats.flaky,
    skipped: stats.skipped,
  }));

const Report = z.union([VitestReport, PlaywrightReport]);

/** The totals of a stage that is one check and writes no report. */
export const totalsOfCheck = (exitCode: number): Totals => ({
  passed: exitCode === 0 ? 1 : 0,
  failed: exitCode === 0 ? 0 : 1,
  skipped: 0,
});

/**
 * The totals of a test runner's JSON report, Vitest's or Playwright's. A runner that failed without a failed test, or
 * left no readable report, counts as one failure: a file that does not load, or a crash, must not look like success.
 */
export function totalsOfReport(file: string, exitCode: number): Totals {
  const report = readReport(file) ?? { passed: 0, failed: 0, skipped: 0 };
  return exitCode !== 0 && report.failed === 0 ? { ...report, failed: 1 } : report;
}

function readReport(file: string): Totals | undefined {
  try {
    return Report.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    return undefined;
  }
}

export const sum = (all: readonly Totals[]): Totals => ({
  passed: all.reduce((total, { passed }) => total + passed, 0),
  failed: all.reduce((total, { failed }) => total + failed, 0),
  skipped: all.reduce((total, { skipped }) => total + skipped, 0),
});

/** `12 passed, 0 failed`, and `, 3 skipped` where there are any. */
export const totalsLine = ({ passed, failed, skipped }: Totals): string =>
  `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
