import type { Problem } from '#lib/core/problem.ts';
import type { Ctx } from '#lib/domain/context.ts';
import { type AccessKey, isSameEnrollment } from '#lib/microsoft/ea/access-key.ts';
import type { Patience } from '#lib/microsoft/http/call-options.ts';
import type { AccessTokenState } from './model.ts';

/** What was found out about a key. */
export type KeyFinding =
  | { readonly state: 'valid'; readonly problem?: undefined }
  | { readonly state: Exclude<AccessTokenState, 'valid'>; readonly problem: Problem };

/** A person waits no longer than this for Microsoft; then the key is kept as one that could not be checked. */
const PERSON_WAITS_MS = 20_000;

const STATES: Partial<Record<Problem['code'], Exclude<AccessTokenState, 'valid'>>> = {
  'access-token-wrong-enrollment': 'wrong_enrollment',
  'access-token-expired': 'expired',
  'access-token-refused': 'refused',
};

/**
 * Whether a key is good for an enrollment: first by what the key says itself, then by the service. The enrollment
 * comes before the end, since a new key of the wrong enrollment would be as wrong.
 */
export async function checkKey(
  ctx: Ctx,
  key: AccessKey,
  enrollmentNumber: string,
  patience: Patience,
  waitMs = PERSON_WAITS_MS,
): Promise<KeyFinding> {
  const problem =
    claimProblem(key, enrollmentNumber, ctx.clock()) ??
    (await askService(ctx, key, enrollmentNumber, patience, waitMs));
  return problem ? { state: STATES[problem.code] ?? 'could_not_check', problem } : { state: 'valid' };
}

/** What is wrong with a key by its own words. Such a key is not sent anywhere. */
function claimProblem(key: AccessKey, typed: string, now: Date): Problem | undefined {
  const { enrollmentNumber: claimed, expiresAt } = key;
  if (claimed !== undefined && !isSameEnrollment(claimed, typed))
    return { code: 'access-token-wrong-enrollment', typed, claimed };
  if (expiresAt && expiresAt <= now)
    return { code: 'access-token-expired', expiredAt: expiresAt.toISOString() };
  return undefined;
}

async function askService(
  { microsoft }: Ctx,
  key: AccessKey,
  enrollmentNumber: string,
  patience: Patience,
  waitMs: number,
): Promise<Problem | undefined> {
  const signal = patience === 'interactive' ? AbortSignal.timeout(waitMs) : undefined;
  try {
    const checked = await microsoft.ea.checkKey(key, enrollmentNumber, {
      patience,
      ...(signal && { signal }),
    });
    return checked.ok ? undefined : checked.problem;
  } catch (error) {
    if (!signal?.aborted) throw error;
    const reason = `No answer within ${waitMs / 1000} seconds.`;
    return { code: 'upstream-unavailable', reason };
  }
}
