import type { Problem } from '#lib/core/problem.ts';
import { ok, type Result } from '#lib/core/result.ts';
import type { ActiveRun } from '../../active-run.ts';

/** What says that changes cannot be told, or not now; a full read is complete without them. */
const WITHOUT_DELTA: ReadonlySet<Problem['code']> = new Set([
  'page-expired',
  'request-rejected',
  'resource-not-found',
  'upstream-shape',
  'foreign-link',
]);

/** The outcome of a call for changes, undefined where the service does not offer them as documented. */
export function unlessWithoutDelta<T>(run: ActiveRun, outcome: Result<T>): Result<T | undefined> {
  if (outcome.ok || !WITHOUT_DELTA.has(outcome.problem.code)) return outcome;
  run.ctx.log.info('changes of a directory cannot be told', { problem: outcome.problem.code });
  return ok(undefined);
}
