import { z } from 'zod';
import type { RunId } from '#lib/core/ids.ts';
import { PROBLEM_POLICY, type Problem } from '#lib/core/problem.ts';
import { readProblem } from '#lib/domain/problem-json.ts';
import type { TenantKind } from '#lib/domain/tenants/model.ts';
import { Incidents } from './incidents.ts';

export const RUN_STATUSES = ['running', 'completed', 'partial', 'failed', 'cancelled'] as const;
export type RunStatus = (typeof RUN_STATUSES)[number];

export const RUN_TRIGGERS = ['onboarding', 'manual', 'schedule'] as const;
export type RunTrigger = (typeof RUN_TRIGGERS)[number];

export const PHASES = [
  'skus',
  'organization',
  'directory-subscriptions',
  'users',
  'groups',
  'azure-subscriptions',
] as const;
export type PhaseName = (typeof PHASES)[number];

/**
 * What an import of a tenant reads, in the order of work: the SKUs first, so that a number appears soon. Runs of earlier
 * versions have fewer.
 */
export const PHASES_OF: Readonly<Record<TenantKind, readonly [PhaseName, ...PhaseName[]]>> = {
  office365: ['skus', 'organization', 'directory-subscriptions', 'users', 'groups'],
  azure: ['azure-subscriptions'],
};

/** How a phase was read: everything anew, or what has changed since the last read. */
export const READ_METHODS = ['full', 'incremental'] as const;
export type ReadMethod = (typeof READ_METHODS)[number];

const Instant = z.iso.datetime().nullable();
const Count = z.int().nonnegative();

/** What a run changed of the users; licences are counted one by one. */
export const UserChanges = z.object({
  added: Count,
  changed: Count,
  removed: Count,
  restored: Count,
  licencesAdded: Count,
  licencesRemoved: Count,
});
export type UserChanges = z.infer<typeof UserChanges>;

/** What a read can say of its completeness. Nobody is retired unless it is green. */
export const Certificate = z.object({
  method: z.enum(READ_METHODS),
  /** How many rows Microsoft counted when the read began and after it; null where it did not say, or was not asked. */
  expectedBefore: Count.nullable(),
  expectedAfter: Count.nullable(),
  /** Rows that came, those that came more than once as often. */
  received: Count,
  /** Different users among them, and after what was replayed. */
  distinct: Count,
  /** Rows that were no people. */
  leftOut: Count,
  /** The parts of a full read, by the first and the last moment of creation; one open part where it was not divided. */
  ranges: z.array(
    z.object({
      from: Instant,
      to: Instant,
      /** The users without a date of creation. */
      isUndated: z.boolean().optional(),
      received: Count,
    }),
  ),
  /** What had changed during a full read and was read once more, or what an incremental one has brought. */
  replayed: z.object({ changed: Count, removed: Count }).optional(),
  /** Over all users kept, whatever their order: equal for equal contents. */
  checksum: z.string().nullable(),
  green: z.boolean(),
  /** Why it is not green. */
  reason: z.string().optional(),
});
export type Certificate = z.infer<typeof Certificate>;

/** How far one phase of a run is; stored with the run. */
export const PhaseRecord = z.object({
  phase: z.enum(PHASES),
  /** `skipped`: left out, for the reason in `problem`. */
  state: z.enum(['waiting', 'running', 'completed', 'partial', 'failed', 'skipped']),
  /** Rows read so far; at the end each counted once. */
  received: Count,
  /** How many there are, as far as the service said so. */
  expected: Count.nullable(),
  /** Rows that were new or changed and so were written. */
  written: Count,
  /** Rows that vanished at the service and were retired here. */
  retired: Count,
  startedAt: Instant,
  endedAt: Instant,
  /** Requests sent to Microsoft. */
  requests: Count,
  /** How often Microsoft asked to slow down. */
  throttled: Count,
  /** While the phase waits at Microsoft's wish, or for the next attempt: until when. */
  waitingUntil: Instant,
  /** Why it waits, while it does so in the middle of an attempt. */
  waitingFor: z.enum(['throttled', 'unavailable']).optional(),
  /** How often the read began anew, because its links had expired. */
  restarts: Count,
  /** Missing while it is not decided, and with phases that are always read in full. */
  method: z.enum(READ_METHODS).optional(),
  /** Why everything was read although what has changed could have been enough, in words. */
  methodReason: z.string().optional(),
  /** What the read could not learn, in words. */
  notTracked: z.string().optional(),
  /** What was slow, throttled or refused, for a person to look at. */
  incidents: Incidents.optional(),
  /** Of the users' phase once it has ended; absent for the first import, which changes nothing: it begins. */
  changes: UserChanges.optional(),
  /** Of the users' phase, once all has been read. */
  certificate: Certificate.optional(),
  problem: z.unknown().optional().transform(readProblem),
});
export type PhaseRecord = z.infer<typeof PhaseRecord>;

/**
 * The phases of a new run, all still to be done; of some of them, where only those are wanted. With `full` the users
 * are read anew, all of them.
 */
export const plannedPhases = (
  kind: TenantKind,
  only: readonly PhaseName[] = PHASES_OF[kind],
  { full = false }: { readonly full?: boolean } = {},
): PhaseRecord[] =>
  PHASES_OF[kind]
    .filter((phase) => only.includes(phase))
    .map((phase) => ({
      phase,
      state: 'waiting',
      received: 0,
      expected: null,
      written: 0,
      retired: 0,
      startedAt: null,
      endedAt: null,
      requests: 0,
      throttled: 0,
      waitingUntil: null,
      restarts: 0,
      ...(full && phase === 'users' && { method: 'full' as const }),
      problem: undefined,
    }));

/** One part of the directory, and how far it is read: everything before is in the database. */
export const RangeCheckpoint = z.object({
  /** 0: the whole directory, in one sequence. */
  no: Count,
  from: Instant,
  to: Instant,
  isUndated: z.boolean(),
  /** The link to the first page that is not written yet; null before the first one and after the last one. */
  nextLink: z.string().nullable(),
  /** Pages written. */
  pages: Count,
  received: Count,
  /** Rows that were no people and were left out. */
  leftOut: Count,
  /** How often it began anew, because its links had expired. */
  restarts: Count,
  isDone: z.boolean(),
});
export type RangeCheckpoint = z.infer<typeof RangeCheckpoint>;

/** Where the users are read on after a crash. */
export const UsersCheckpoint = z.object({
  phase: z.literal('users'),
  /** Pages written, of all ranges. */
  pages: Count,
  /** How many rows Microsoft counted before the read. */
  expected: Count.nullable(),
  /** Taken before the read: what changes meanwhile is told from here on. Null where Microsoft does not tell. */
  deltaLink: z.string().nullable(),
  ranges: z.array(RangeCheckpoint).min(1),
});
export type UsersCheckpoint = z.infer<typeof UsersCheckpoint>;

/** Phases that rest on a permission which we do not ask for: a tenant may grant it or not. */
const OPTIONAL: ReadonlySet<PhaseName> = new Set(['groups']);

/** Whether a phase was left out because the tenant did not grant what it may or may not grant: nothing went wrong. */
export const isNotGranted = ({ phase, state, problem }: PhaseRecord): boolean =>
  state === 'skipped' && OPTIONAL.has(phase) && problem?.code === 'permission-missing';

export const isEnded = ({ state }: PhaseRecord): boolean => state !== 'waiting' && state !== 'running';

/** Whether a Problem ends the whole run at once: no other phase could do better. */
export const stopsRun = (problem: Problem): boolean => PROBLEM_POLICY[problem.code].worker === 'stop';

export type RunEnd = { readonly status: 'completed' | 'partial' | 'failed'; readonly problem?: Problem };

/**
 * How a run ends, by its phases: completed only when each of them is complete, but for those that the tenant may leave
 * ungranted; failed when nothing was imported or when the tenant turned us away; else partial. The problem is that of
 * the first phase that has one.
 */
export function runEnd(all: readonly PhaseRecord[]): RunEnd {
  const phases = all.filter((phase) => !isNotGranted(phase));
  const problem = phases.find((phase) => phase.problem)?.problem;
  if (phases.every(({ state }) => state === 'completed')) return { status: 'completed' };
  const hasImported = phases.some(({ state }) => state === 'completed' || state === 'partial');
  const isTurnedAway = phases.some((phase) => phase.problem && stopsRun(phase.problem));
  return { status: hasImported && !isTurnedAway ? 'partial' : 'failed', ...(problem && { problem }) };
}

/** How often a run may be tried without a single step forward before the phase in work is given up. */
export const ATTEMPTS_MAX = 6;

/**
 * The pause before the next attempt, after so many that brought nothing: 5 s, 15 s, 45 s … at most five minutes, and
 * never less than Microsoft asked for.
 */
export function retryPauseSeconds(attempts: number, problem?: Problem): number {
  const backoff = Math.min(300, 5 * 3 ** Math.max(0, attempts - 1));
  return Math.max(backoff, problem?.code === 'throttled' ? Math.ceil(problem.retryAfterSeconds) : 0);
}

/** A run as pages show it. */
export type RunView = {
  readonly runId: RunId;
  readonly status: RunStatus;
  readonly trigger: RunTrigger;
  readonly createdAt: Date;
  readonly startedAt: Date | null;
  readonly finishedAt: Date | null;
  /** From start to end, or until now while it runs; null before it began. */
  readonly durationMs: number | null;
  readonly phases: readonly PhaseRecord[];
  /** Why it failed or is partial. */
  readonly problem: Problem | undefined;
};

/** How far a running import is. */
export type RunProgress = {
  /** The phase in work; undefined before the first begins. */
  readonly phase: PhaseName | undefined;
  readonly received: number;
  /** Null while the service has not said how many there are. */
  readonly expected: number | null;
  /** Rows a second since the phase began; null before there is anything to count. */
  readonly ratePerSecond: number | null;
  readonly remainingSeconds: number | null;
  /** Set while it waits at Microsoft's wish, or after a failure for the next attempt. */
  readonly waitingUntil: Date | undefined;
  /** `throttled`: Microsoft asked us to slow down; `unavailable`: it did not answer, or not as it should. */
  readonly waitingFor: PhaseRecord['waitingFor'];
  /** Why the last attempt failed, while the next one is awaited. */
  readonly problem: Problem | undefined;
};

/** What a page can say about a running import. */
export function runProgress(phases: readonly PhaseRecord[], now: Date): RunProgress {
  const phase =
    phases.find(({ state }) => state === 'running') ?? phases.findLast((candidate) => isEnded(candidate));
  if (!phase) {
    return {
      phase: undefined,
      received: 0,
      expected: null,
      ratePerSecond: null,
      remainingSeconds: null,
      waitingUntil: undefined,
      waitingFor: undefined,
      problem: undefined,
    };
  }
  const { received, startedAt, problem } = phase;
  // Microsoft counts from a copy that lags: a directory may deliver more than it announced.
  const expected = phase.expected === null ? null : Math.max(phase.expected, received);
  const seconds = startedAt ? (now.getTime() - Date.parse(startedAt)) / 1000 : 0;
  const ratePerSecond = received > 0 && seconds > 0 ? received / seconds : null;
  const isWaiting = phase.waitingUntil !== null && Date.parse(phase.waitingUntil) > now.getTime();
  return {
    phase: phase.phase,
    received,
    expected,
    ratePerSecond,
    remainingSeconds: ratePerSecond && expected !== null ? (expected - received) / ratePerSecond : null,
    waitingUntil: isWaiting && phase.waitingUntil ? new Date(phase.waitingUntil) : undefined,
    waitingFor: isWaiting ? phase.waitingFor : undefined,
    problem: isEnded(phase) ? undefined : problem,
  };
}
