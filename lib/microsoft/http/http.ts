import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Clock, systemClock } from '#lib/core/clock.ts';
import type { MicrosoftTrace, Problem } from '#lib/core/problem.ts';
import { fail, ok, type Result } from '#lib/core/result.ts';
import type { Log } from '#lib/log/log.ts';
import { type Allowance, createAllowance } from './allowance.ts';
import {
  type CallOptions,
  PATIENCE,
  type PatienceLimits,
  type RequestTrace,
  type Retry,
} from './call-options.ts';
import { refuseForeign } from './origin.ts';
import { readRetryAfter, retryDelay } from './retry-delay.ts';
import { readTrace } from './trace.ts';

export type Service = 'entra' | 'graph' | 'arm' | 'ea';

/** Where the bearer token of a request comes from. */
export type Bearer = {
  get(options: CallOptions): Promise<Result<string>>;
  /** A new token after the service refused the first one, with the claims it challenged for; tried once. */
  renew?(claims: string | undefined, options: CallOptions): Promise<Result<string>>;
};

export type HttpRequest = CallOptions & {
  readonly service: Service;
  /** The configured origin; a URL elsewhere is refused before anything is sent. */
  readonly origin: string;
  readonly method: string;
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly bearer?: Bearer;
  /** Whose allowance the request uses: once one of its requests is told to wait, all of them do. */
  readonly quota?: string;
  /** What the request takes of it, as the service counts; nothing where that is not known. */
  readonly units?: number;
  /** For a request that holds several. */
  readonly bundle?: Bundle;
};

/** Requests that travel as one: each has an answer of its own, and may be told to come again by itself. */
export type Bundle = {
  /** The answers within an answer, by the ids of their requests. */
  split(answer: HttpAnswer): ReadonlyMap<string, HttpAnswer>;
  /** Takes an answer that is final. */
  settle(id: string, answer: HttpAnswer): void;
  /** The body that asks again for these alone. */
  bodyFor(ids: readonly string[]): string;
};

/** A complete answer of any status that is final: what is worth repeating has been repeated. */
export type HttpAnswer = {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The parsed body; undefined when it is empty, or when a refusal's body is not JSON. */
  readonly json: unknown;
};

/** Sends requests to Microsoft. The one place for timeouts, repetitions, origin checks and bearer tokens. */
export type Http = {
  /**
   * Sends one request and repeats it within the bounds of `patience`. Redirects are not followed.
   * Problems: foreign-link, throttled, upstream-unavailable, and those of `bearer`.
   */
  send(request: HttpRequest): Promise<Result<HttpAnswer>>;
};

export type HttpSettings = {
  readonly log: Log;
  readonly clock?: Clock;
  readonly wait?: (ms: number, signal?: AbortSignal) => Promise<void>;
  /** In [0, 1). */
  readonly random?: () => number;
  readonly patience?: typeof PATIENCE;
  /** What all processes together may ask; by default this one takes itself to be alone. */
  readonly allowance?: Allowance;
};

/** What a person is told when a service throttles without saying for how long. */
const RETRY_AFTER_UNKNOWN_MS = 30_000;

type Again = {
  readonly type: 'again';
  readonly reason: Retry['reason'];
  readonly retryAfterMs?: number;
  readonly problem: Problem;
  readonly trace?: RequestTrace;
};

type Attempt = { readonly type: 'final'; readonly answer: HttpAnswer; readonly trace?: RequestTrace } | Again;

/** The way out of the process. Clock, wait and chance can be given, so that tests need not sleep. */
export function createHttp(settings: HttpSettings): Http {
  const {
    log,
    clock = systemClock,
    wait = sleepUnlessAborted,
    random = Math.random,
    patience = PATIENCE,
    allowance = createAllowance({ clock, log }),
  } = settings;

  const holdBackMs = async ({ quota, units = 0, patience }: HttpRequest): Promise<number> =>
    quota === undefined ? 0 : allowance.take(quota, units, patience !== 'background');

  return {
    async send(request) {
      const foreign = refuseForeign(request.url, request.origin);
      if (foreign) {
        log.warn('refused a link to a foreign origin', { service: request.service, ...foreign.problem });
        return foreign;
      }
      const limits = patience[request.patience ?? 'interactive'];
      const repeated = { throttled: 0, unavailable: 0 };
      let waits = 0;
      let waitedMs = 0;
      const pause = async (reason: Retry['reason'], waitMs: number, trace?: RequestTrace) => {
        waits += 1;
        waitedMs += waitMs;
        request.onRetry?.({ reason, attempt: waits, waitMs, ...(trace && { trace }) });
        log.info('waiting before a request', { service: request.service, reason, waitMs });
        await wait(waitMs, request.signal);
      };
      let { body } = request;
      let renew = request.bearer?.renew;
      let token = await request.bearer?.get(request);
      for (;;) {
        if (token && !token.ok) return token;
        const pauseMs = await holdBackMs(request);
        request.signal?.throwIfAborted();
        if (pauseMs > 0) {
          if (waitedMs + pauseMs > limits.waitTotalMs) return fail(throttled(pauseMs));
          await pause('throttled', pauseMs);
          continue;
        }
        let attempt = await attemptOnce({ ...request, body }, token?.value, limits.timeoutMs, clock, log);
        if (attempt.type === 'final') {
          const { answer } = attempt;
          if (answer.status === 401 && renew) {
            token = await renew(readClaimsChallenge(answer.headers), request);
            renew = undefined;
            continue;
          }
          const open = request.bundle && settleParts(request.bundle, answer, clock());
          if (!open) return ok(answer);
          body = open.body;
          attempt = open.attempt;
        }
        const { reason } = attempt;
        repeated[reason] += 1;
        const waitMs = retryDelay(repeated[reason], attempt.retryAfterMs, random());
        if (request.quota && reason === 'throttled') await allowance.pause(request.quota, waitMs);
        if (isExhausted(limits, repeated, waitedMs + waitMs)) return fail(attempt.problem);
        await pause(reason, waitMs, attempt.trace);
      }
    },
  };
}

function isExhausted(limits: PatienceLimits, repeated: Record<Retry['reason'], number>, waitTotalMs: number) {
  return (
    repeated.throttled > limits.throttledMax ||
    repeated.unavailable > limits.unavailableMax ||
    waitTotalMs > limits.waitTotalMs
  );
}

async function attemptOnce(
  request: HttpRequest,
  token: string | undefined,
  timeoutMs: number,
  clock: Clock,
  log: Log,
): Promise<Attempt> {
  request.onRequest?.();
  const startedAt = clock().getTime();
  const clientRequestId = randomUUID();
  const outcome = await exchange(request, clientRequestId, token, timeoutMs);
  const durationMs = clock().getTime() - startedAt;
  // The path alone: a query may hold a page token or a person's name.
  const line = {
    service: request.service,
    method: request.method,
    path: new URL(request.url).pathname,
    durationMs,
  };
  if ('failure' in outcome) {
    log.info('no usable answer from Microsoft', { ...line, reason: outcome.failure });
    return { ...unavailable(outcome.failure), trace: { clientRequestId } };
  }
  const { answer } = outcome;
  const trace = { microsoft: readTrace(answer), clientRequestId };
  log.debug('answer from Microsoft', { ...line, status: answer.status, ...trace.microsoft });
  request.onAnswer?.({ ...trace, headers: answer.headers, durationMs });
  return { ...judge(answer, clock()), trace };
}

/** Sends and reads the whole body. A failure is the reason in words; an abort by the caller is thrown. */
async function exchange(
  request: HttpRequest,
  clientRequestId: string,
  token: string | undefined,
  timeoutMs: number,
): Promise<{ answer: HttpAnswer } | { failure: string }> {
  // By hand instead of AbortSignal.any and AbortSignal.timeout: a run of hours has one signal for thousands of
  // requests, and this way nothing of a finished request hangs on it.
  const controller = new AbortController();
  const onAbort = () => controller.abort(request.signal?.reason);
  request.signal?.addEventListener('abort', onAbort, { once: true });
  const timer = setTimeout(() => controller.abort(), timeoutMs);
  try {
    const response = await fetch(request.url, {
      method: request.method,
      headers: {
        accept: 'application/json',
        [request.service === 'arm' ? 'x-ms-client-request-id' : 'client-request-id']: clientRequestId,
        ...request.headers,
        ...(token && { authorization: `Bearer ${token}` }),
      },
      body: request.body,
      redirect: 'manual',
      cache: 'no-store',
      signal: controller.signal,
    });
    return readAnswer(response, await response.text());
  } catch (error) {
    request.signal?.throwIfAborted();
    if (controller.signal.aborted) return { failure: `No answer within ${timeoutMs / 1000} seconds.` };
    return { failure: networkReason(error) };
  } finally {
    clearTimeout(timer);
    request.signal?.removeEventListener('abort', onAbort);
  }
}

function readAnswer(response: Response, text: string): { answer: HttpAnswer } | { failure: string } {
  const { status, headers } = response;
  const json = parseJson(text);
  if (response.ok && text !== '') {
    const contentType = headers.get('content-type');
    if (contentType && !/\bjson\b/i.test(contentType))
      return { failure: `The answer was ${contentType}, not JSON.` };
    if (json === undefined) return { failure: 'The answer was cut off: not complete JSON.' };
  }
  return { answer: { status, headers, text, json } };
}

function judge(answer: HttpAnswer, now: Date): Attempt {
  const { status, headers } = answer;
  const retryAfterMs = readRetryAfter(headers.get('retry-after'), now);
  const mayComeBack = status === 503 || status === 504;
  if (status === 429 || (mayComeBack && retryAfterMs !== undefined)) {
    const problem = throttled(retryAfterMs ?? RETRY_AFTER_UNKNOWN_MS, readTrace(answer));
    return { type: 'again', reason: 'throttled', retryAfterMs, problem };
  }
  // 501 is an answer: the operation does not exist and will not tomorrow.
  if (status === 408 || (status >= 500 && status !== 501)) {
    return unavailable(`The service answered with status ${status}.`, readTrace(answer));
  }
  return { type: 'final', answer };
}

/** Hands out what is final of a bundle; what has to come again does so together, after the longest wait of all. */
function settleParts(
  bundle: Bundle,
  answer: HttpAnswer,
  now: Date,
): { readonly body: string; readonly attempt: Again } | undefined {
  const again: { readonly id: string; readonly attempt: Again }[] = [];
  for (const [id, part] of bundle.split(answer)) {
    const attempt = judgePart(part, now);
    if (attempt.type === 'final') bundle.settle(id, part);
    else again.push({ id, attempt });
  }
  const attempt = again.map((each) => each.attempt).sort(byUrgency)[0];
  return attempt && { body: bundle.bodyFor(again.map(({ id }) => id)), attempt };
}

/** 424: not done because of another one that was not. */
const judgePart = (part: HttpAnswer, now: Date): Attempt =>
  part.status === 424
    ? unavailable('The service answered with status 424.', readTrace(part))
    : judge(part, now);

/** The longest wait that was asked for first, then what asks to slow down without saying for how long. */
const byUrgency = (a: Again, b: Again): number =>
  (b.retryAfterMs ?? -1) - (a.retryAfterMs ?? -1) ||
  Number(b.reason === 'throttled') - Number(a.reason === 'throttled');

function throttled(waitMs: number, microsoft?: MicrosoftTrace): Problem {
  return { code: 'throttled', retryAfterSeconds: Math.ceil(waitMs / 1000), ...(microsoft && { microsoft }) };
}

function unavailable(reason: string, microsoft?: MicrosoftTrace): Again {
  const problem: Problem = { code: 'upstream-unavailable', reason, ...(microsoft && { microsoft }) };
  return { type: 'again', reason: 'unavailable', problem };
}

/**
 * The claims that continuous access evaluation wants in the next token.
 * @see https://learn.microsoft.com/entra/identity-platform/claims-challenge
 */
function readClaimsChallenge(headers: Headers): string | undefined {
  const encoded = /\bclaims="([^"]+)"/.exec(headers.get('www-authenticate') ?? '')?.[1];
  if (!encoded) return undefined;
  const claims = Buffer.from(encoded, 'base64').toString();
  return parseJson(claims) === undefined ? undefined : claims;
}

/** Ends early with the signal's reason. */
async function sleepUnlessAborted(ms: number, signal?: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal }).catch(() => signal?.throwIfAborted());
}

function parseJson(text: string): unknown {
  if (text === '') return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The system's word for it (`ECONNREFUSED` …), which fetch keeps in the cause. */
function networkReason(error: unknown): string {
  const cause = error instanceof Error ? error.cause : undefined;
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : undefined;
  return `The connection failed${code ? ` (${code})` : ''}.`;
}
