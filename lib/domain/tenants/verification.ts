import type { Problem } from '#lib/core/problem.ts';
import type { Result } from '#lib/core/result.ts';
import {
  CAPABILITIES,
  CAPABILITY,
  type Capability,
  type CapabilityCheck,
  type CapabilityChecks,
  grantedPermission,
} from './capabilities.ts';

/** How long Microsoft may take to hand over what somebody has approved; then it is said that nothing came. */
export const HANDOVER_MS = 15 * 60_000;

const PAUSE_MIN_SECONDS = 0.5;
const PAUSE_MAX_SECONDS = 30;

/**
 * The pause before the next check: half of what has passed since the first one, so that checks are close together
 * while the grant usually arrives and rare when it is late. From 0.5 to 30 seconds.
 */
export function nextCheckSeconds(elapsedMs: number): number {
  return Math.min(PAUSE_MAX_SECONDS, Math.max(PAUSE_MIN_SECONDS, elapsedMs / 2000));
}

/** What a check could find out: what each capability rests on, or why nothing could be found out at all. */
export type Evidence =
  | { readonly type: 'checked'; readonly checks: CapabilityChecks; readonly problem?: Problem }
  | { readonly type: 'unchecked'; readonly problem: Problem };

/** The harmless reads that were tried, by the capability they prove; a capability without one is proven by its role. */
export type Reads = Readonly<Partial<Record<Capability, Result<unknown>>>>;

/**
 * What a token's roles and the reads made with it prove. A permission that is in the token but refused by Graph may
 * not have arrived everywhere: that could not be checked, it is not missing.
 */
export function judgeCapabilities(roles: readonly string[], reads: Reads, now: Date): Evidence {
  const checkedAt = now.toISOString();
  let problem: Problem | undefined;
  const check = (capability: Capability): CapabilityCheck => {
    const permission = grantedPermission(capability, roles);
    if (!permission) return { state: 'missing', checkedAt };
    const read = reads[capability];
    if (!read || read.ok) return { state: 'proven', permission, checkedAt };
    problem ??= read.problem;
    return { state: 'could-not-check', permission, checkedAt };
  };
  const checks = Object.fromEntries(CAPABILITIES.map((capability) => [capability, check(capability)]));
  return { type: 'checked', checks, problem };
}

export type Verdict = {
  /** Absent where the check says nothing: the tenant stays as it is. */
  readonly status?: 'connected' | 'limited' | 'verifying' | 'cannot_connect' | 'could_not_check';
  readonly problem?: Problem;
  /** A later check may find more. */
  readonly isFinal: boolean;
};

/** Waiting does not help against these, and the tenant's own administrators have to act. */
const FINAL: ReadonlySet<Problem['code']> = new Set<Problem['code']>([
  'application-disabled',
  'blocked-by-policy',
  'tenant-unknown',
  'wrong-tenant',
  'licence-missing',
]);

/**
 * The status that follows from a check, `elapsedMs` after the approval: everything proven is connected, some of it
 * limited. As long as Microsoft may still be handing over the grant, nothing is said against the tenant.
 */
export function judgeVerification(evidence: Evidence, elapsedMs: number): Verdict {
  const isOver = elapsedMs >= HANDOVER_MS;
  if (evidence.type === 'checked') return judgeChecks(evidence, isOver);
  const { problem } = evidence;
  if (FINAL.has(problem.code)) return { status: 'cannot_connect', problem, isFinal: true };
  // Ours to mend, so it is said at once; right after a change of the secret it passes by itself.
  if (problem.code === 'credential-invalid') return { status: 'could_not_check', problem, isFinal: isOver };
  if (!isOver) return { isFinal: false };
  if (problem.code === 'consent-required') return { status: 'cannot_connect', problem, isFinal: true };
  return { status: 'could_not_check', problem, isFinal: true };
}

function judgeChecks({ checks, problem }: Extract<Evidence, { type: 'checked' }>, isOver: boolean): Verdict {
  const lacking = CAPABILITIES.filter((capability) => checks[capability]?.state !== 'proven');
  const [first] = lacking;
  if (!first) return { status: 'connected', isFinal: true };
  const missing = CAPABILITIES.find((capability) => checks[capability]?.state === 'missing');
  const reason: Problem = missing
    ? { code: 'permission-missing', permission: CAPABILITY[missing].asked }
    : (problem ?? { code: 'permission-missing', permission: CAPABILITY[first].asked });
  if (lacking.length < CAPABILITIES.length) return { status: 'limited', problem: reason, isFinal: isOver };
  if (!isOver) return { status: 'verifying', isFinal: false };
  const isUngranted = CAPABILITIES.every((capability) => checks[capability]?.state === 'missing');
  if (isUngranted) return { status: 'cannot_connect', problem: { code: 'consent-required' }, isFinal: true };
  return { status: 'could_not_check', problem: reason, isFinal: true };
}
