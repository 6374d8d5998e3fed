import type { Log } from './log.ts';

/**
 * For programs: from now on, what a library or the runtime itself prints about a failure goes through the log, which
 * takes the secrets out. Crash reports, where an operator has switched them on, leave the environment out, for the
 * same reason.
 */
export function guardOutput(log: Log): void {
  if (process.report) process.report.excludeEnv = true;
  console.error = (...printed) => {
    if (!isReportedAnyway(printed)) log.error('printed as an error', { printed });
  };
  console.warn = (...printed) => log.warn('printed as a warning', { printed });
}

/** Next prints what a request has thrown before it reports the same, with this mark, to `instrumentation.ts`. */
function isReportedAnyway([error, ...others]: readonly unknown[]): boolean {
  return others.length === 0 && error instanceof Error && 'digest' in error;
}
