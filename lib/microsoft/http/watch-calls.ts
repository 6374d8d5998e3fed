import type { Problem } from '#lib/core/problem.ts';
import type { Result } from '#lib/core/result.ts';
import type { Http, HttpAnswer, HttpRequest } from './http.ts';
import { readServiceProblem } from './problems.ts';
import { readTrace } from './trace.ts';

/** A call as it is about to be sent. */
export type WatchedCall = {
  readonly method: string;
  /** Host and path. A query may hold a page token or a person's name, so it is left out. */
  readonly target: string;
  /** What is sent; for reading what it asks for, never to be kept. */
  readonly body?: string;
};

/** What came of it, repetitions included. */
export type WatchedOutcome = {
  readonly status?: number;
  /** Microsoft's id of the answer. */
  readonly requestId?: string;
  readonly problem?: Problem;
  readonly durationMs: number;
  /** The answer's body, where there was an answer; for reading what it says, never to be kept. */
  readonly json?: unknown;
};

/** Somebody who is told of each call before it is sent, and may keep it from being sent. */
export type CallWatch = {
  begin(call: WatchedCall): Promise<Result<(outcome: WatchedOutcome) => Promise<void>>>;
};

/** The same way out, with every call told to the watch, however it ends: also one that was aborted. */
export function watchCalls(http: Http, watch: CallWatch): Http {
  return {
    async send(request) {
      const { host, pathname } = new URL(request.url);
      const { method, body } = request;
      const begun = await watch.begin({
        method,
        target: host + pathname,
        ...(body !== undefined && { body }),
      });
      if (!begun.ok) return begun;
      const startedAt = performance.now();
      const durationMs = () => Math.round(performance.now() - startedAt);
      let answered: Result<HttpAnswer>;
      try {
        answered = await http.send(request);
      } catch (error) {
        const problem: Problem = { code: 'upstream-unavailable', reason: 'The call was given up.' };
        await begun.value({ problem, durationMs: durationMs() });
        throw error;
      }
      await begun.value({ ...outcomeOf(request, answered), durationMs: durationMs() });
      return answered;
    },
  };
}

function outcomeOf(
  { service }: HttpRequest,
  answered: Result<HttpAnswer>,
): Omit<WatchedOutcome, 'durationMs'> {
  if (!answered.ok) {
    const { problem } = answered;
    const trace = 'microsoft' in problem ? problem.microsoft : undefined;
    return { problem, status: trace?.status, requestId: trace?.correlationId };
  }
  const { status, json } = answered.value;
  const requestId = readTrace(answered.value).correlationId;
  if (status >= 200 && status < 300) return { status, requestId, json };
  return {
    status,
    requestId,
    json,
    problem:
      service === 'graph' || service === 'arm' ? readServiceProblem(service, answered.value) : undefined,
  };
}
