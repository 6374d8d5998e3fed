import type { Problem } from '#lib/core/problem.ts';
import type { TenantStatus } from '#lib/db/generated/client.ts';
import type { FoundState } from './proof.ts';

/** How long Microsoft may take to hand over what somebody has approved; then it is said that nothing came. */
export const HANDOVER_MS = 15 * 60_000;

const PAUSE_MIN_SECONDS = 0.5;
const PAUSE_MAX_SECONDS = 30;
const PAUSE_AFTER_FAILURE_SECONDS = 10;

/** Between two daily checks, and before the next look at a tenant that could not be looked at. */
const DAILY_MS = 24 * 60 * 60_000;
const HOURLY_MS = 60 * 60_000;

/**
 * The pause before the next check: half of what has passed since the first one, so that checks are close together
 * while the grant usually arrives and rare when it is late. From 0.5 to 30 seconds, and at least 10 after a failure.
 */
export function nextCheckSeconds(elapsedMs: number, failures = 0): number {
  const least = failures > 0 ? PAUSE_AFTER_FAILURE_SECONDS : PAUSE_MIN_SECONDS;
  return Math.min(PAUSE_MAX_SECONDS, Math.max(least, elapsedMs / 2000));
}

/** When a tenant with nothing open is checked again: the next day, and sooner where nothing is known of it. */
export const nextRoutineCheck = (status: Verdict['status'], now: Date): Date =>
  new Date(now.getTime() + (status === 'could_not_check' ? HOURLY_MS : DAILY_MS));

/** A capability or subscription, as far as the verdict needs to know. */
export type Item = {
  readonly state: FoundState;
  /** It was proven since the tenant was bound, in this check or an earlier one. */
  readonly hasBeenProven: boolean;
  /** Why it is not proven. */
  readonly problem?: Problem;
};

export type Findings = {
  readonly items: readonly Item[];
  /** What could not be set up in the first place, so that no check can find it. */
  readonly lost?: readonly Problem[];
  /** Why nothing could be looked up, or there is nothing at all. */
  readonly problem?: Problem;
};

export type Circumstances = {
  /** Since somebody entitled bound the tenant. */
  readonly sinceBoundMs: number;
  /** Since the series of checks began. */
  readonly sinceBegunMs: number;
  /** Checks in a row, this one included, in which something could not be looked up. */
  readonly failures: number;
  /** Nobody waits for the outcome. */
  readonly isRoutine: boolean;
  /** Parts arrive one after the other as a matter of course: the first ones alone are not worth a word yet. */
  readonly arrivesInParts: boolean;
};

export type Verdict = {
  /** Absent where the check says too little: the tenant stays as it is. */
  readonly status?:
    | 'connected'
    | 'limited'
    | 'ea_api_migration_required'
    | 'verifying'
    | 'cannot_connect'
    | 'could_not_check';
  readonly problem?: Problem;
  /** No later check of this series could find more. */
  readonly isFinal: boolean;
};

/** Waiting does not help against these, and the tenant's own administrators have to act. */
const TURNED_AWAY: ReadonlySet<Problem['code']> = new Set<Problem['code']>([
  'application-disabled',
  'blocked-by-policy',
  'tenant-unknown',
  'wrong-tenant',
  'licence-missing',
]);

/**
 * What Microsoft documents to pass by itself: an approval that is not known everywhere yet, too many requests, an
 * outage, and a certificate right after it was changed. Nothing else is tried again.
 */
export function isTransient(problem: Problem): boolean {
  if (problem.code === 'credential-invalid') return problem.microsoft?.code === 'AADSTS700027';
  return ['consent-required', 'throttled', 'upstream-unavailable'].includes(problem.code);
}

/** One failed check is a hiccup and says nothing about the tenant; each one has repeated its calls already. */
const FAILURES_MIN = 2;
/** What arrives in parts is given this long to be complete before it is called limited. */
const PARTS_MS = 2 * 60_000;

/**
 * The status that follows from a check. Everything proven is connected, a part of it limited, nothing of it cannot
 * connect; where it could not be looked up nothing is claimed. As long as Microsoft may still be handing over the
 * grant for the first time, nothing is said against the tenant.
 */
export function judgeVerification(findings: Findings, circumstances: Circumstances): Verdict {
  const { items, lost = [], problem } = findings;
  const { sinceBoundMs, sinceBegunMs, failures, isRoutine, arrivesInParts } = circumstances;
  const [firstLost] = lost;
  if (items.length === 0) {
    return firstLost ? { status: 'cannot_connect', problem: firstLost, isFinal: true } : { isFinal: true };
  }
  if (items.every(({ state }) => state === 'proven')) {
    return firstLost
      ? { status: 'limited', problem: firstLost, isFinal: true }
      : { status: 'connected', isFinal: true };
  }
  if (problem && TURNED_AWAY.has(problem.code)) return { status: 'cannot_connect', problem, isFinal: true };
  if (problem && !isTransient(problem)) return { status: 'could_not_check', problem, isFinal: true };

  const isOver = sinceBegunMs >= HANDOVER_MS;
  const proven = items.filter(({ state }) => state === 'proven');
  const reason = reasonOf(findings);
  if (isHandover(items, sinceBoundMs)) {
    if (problem?.code === 'credential-invalid')
      return { status: 'could_not_check', problem, isFinal: isOver };
    if (proven.length === 0 || (arrivesInParts && sinceBoundMs < PARTS_MS))
      return { status: 'verifying', isFinal: false };
    return { status: 'limited', problem: reason, isFinal: isOver };
  }
  const missing = items.filter(({ state }) => state === 'missing');
  const isUnknown = missing.length + proven.length < items.length;
  const isFinal = isOver || (isRoutine && !isUnknown);
  if (missing.length === items.length) return { status: 'cannot_connect', problem: reason, isFinal };
  const isSure = isOver || failures >= FAILURES_MIN;
  if (proven.length === 0 && isSure) return { status: 'could_not_check', problem: reason, isFinal };
  if (missing.length > 0 || isSure) return { status: 'limited', problem: reason, isFinal };
  return { isFinal };
}

export type BillingFindings = {
  /** Why the EA API migration is needed. */
  readonly needed: Problem | undefined;
  /** Something of it could not be looked up. */
  readonly isUnknown: boolean;
  /** A role that was just given is not honoured yet. */
  readonly isOpen: boolean;
};

/**
 * The verdict with what billing adds to it. An enrollment without its role is worth a word only where all else is well,
 * and never what a graver verdict is about; where the word was said, only a look takes it back. A role that was just
 * given keeps the series going.
 */
export function withBilling(
  verdict: Verdict,
  { needed, isUnknown, isOpen }: BillingFindings,
  before: TenantStatus,
): Verdict {
  const isFinal = verdict.isFinal && !isOpen;
  if (verdict.status !== 'connected') return { ...verdict, isFinal };
  if (needed) return { status: 'ea_api_migration_required', problem: needed, isFinal };
  if (isUnknown && before === 'ea_api_migration_required') return { isFinal };
  return { ...verdict, isFinal };
}

/** Whether something may arrive for the first time: not where what had arrived is gone, and not for ever. */
function isHandover(items: readonly Item[], sinceBoundMs: number): boolean {
  if (sinceBoundMs >= HANDOVER_MS) return false;
  const isGone = items.some(({ state, hasBeenProven }) => hasBeenProven && state !== 'proven');
  return !isGone;
}

function reasonOf({ items, lost, problem }: Findings): Problem {
  const first = (state: FoundState) => items.find((item) => item.state === state && item.problem)?.problem;
  return (
    problem ?? first('missing') ?? first('could-not-check') ?? lost?.[0] ?? { code: 'permission-missing' }
  );
}
