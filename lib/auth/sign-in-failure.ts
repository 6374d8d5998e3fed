import { z } from 'zod';
import { PROBLEM_POLICY, type Problem } from '#lib/core/problem.ts';

/**
 * Why a sign-in failed, as the sign-in page shows it: a Problem's code, or `unexpected` with the id under which the
 * log has the details.
 */
export type SignInFailure = {
  readonly code: Problem['code'] | 'unexpected';
  readonly requestId?: string;
  /** For `rate-limited`: how long to wait. */
  readonly retryAfterSeconds?: number;
  /** What Microsoft gave with it, for support. */
  readonly microsoft?: {
    readonly code?: string;
    readonly correlationId?: string;
    readonly timestamp?: string;
  };
};

const DAY_SECONDS = 24 * 60 * 60;

const ShortText = (pattern: RegExp) => z.string().regex(pattern).optional().catch(undefined);

/** A link can be made by anybody: what it says is shown only if it looks like what we would have written. */
const FailureQuery = z.object({
  failure: z.custom<SignInFailure['code']>(
    (code) => typeof code === 'string' && (code === 'unexpected' || Object.hasOwn(PROBLEM_POLICY, code)),
  ),
  requestId: ShortText(/^[\w-]{1,64}$/),
  retryAfterSeconds: z.coerce.number().int().min(1).max(DAY_SECONDS).optional().catch(undefined),
  microsoftCode: ShortText(/^[\w.-]{1,64}$/),
  correlationId: ShortText(/^[0-9a-f-]{36}$/i),
  timestamp: ShortText(/^[\d :TZ.+-]{10,40}$/),
});

/** The failure as the query of `/signin`, so that it survives a reload and can be shown to support. */
export function failureQuery(failure: Problem | { requestId: string }): Record<string, string> {
  if (!('code' in failure)) return { failure: 'unexpected', requestId: failure.requestId };
  const trace = 'microsoft' in failure ? failure.microsoft : undefined;
  return {
    failure: failure.code,
    ...(failure.code === 'rate-limited' && { retryAfterSeconds: `${failure.retryAfterSeconds}` }),
    ...(trace?.code && { microsoftCode: trace.code }),
    ...(trace?.correlationId && { correlationId: trace.correlationId }),
    ...(trace?.timestamp && { timestamp: trace.timestamp }),
  };
}

/** The failure that the query of `/signin` tells of; undefined where it tells of none. */
export function readFailure(query: unknown): SignInFailure | undefined {
  const { data } = FailureQuery.safeParse(query);
  if (!data) return undefined;
  const { failure: code, requestId, retryAfterSeconds, microsoftCode, correlationId, timestamp } = data;
  return { code, requestId, retryAfterSeconds, microsoft: { code: microsoftCode, correlationId, timestamp } };
}
