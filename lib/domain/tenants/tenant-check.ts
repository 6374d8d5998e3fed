import { z } from 'zod';
import type { Problem } from '#lib/core/problem.ts';
import { readProblem } from '../problem-json.ts';
import { NOT_CHECKED, type Proof, StoredProof } from './proof.ts';

/** Why a tenant is checked: it was connected, somebody asked, or its day or an import called for it. */
export const CHECK_CAUSES = ['onboarding', 'person', 'routine'] as const;
export type CheckCause = (typeof CHECK_CAUSES)[number];

/**
 * The latest series of checks of a tenant. A check that leaves something open is followed by others, for a quarter of
 * an hour at most; each one's findings are with the capabilities and subscriptions.
 */
export type TenantCheck = {
  readonly cause: CheckCause;
  /** When the series began: an instant, ISO 8601, as are the others. */
  readonly since: string;
  /** When its latest check ended; absent before. */
  readonly endedAt?: string;
  /** When its next check begins, about. */
  readonly nextAt?: string;
  /** No further check follows by itself. */
  readonly isOver: boolean;
  /** Checks in a row in which something could not be looked up. */
  readonly failures: number;
  /** How far the check under way is; kept where a person waits for it. */
  readonly progress?: { readonly done: number; readonly all: number; readonly at: string };
  /** Whether our application got a token in the tenant. */
  readonly token: Proof;
  /** Application permissions in the token that nothing needs. */
  readonly excess: readonly string[];
  /** What the latest check came to where it is not all well. */
  readonly problem?: Problem;
};

const Instant = z.iso.datetime();

const Stored = z
  .object({
    cause: z.enum(CHECK_CAUSES),
    since: Instant,
    endedAt: Instant.optional(),
    nextAt: Instant.optional(),
    isOver: z.boolean(),
    failures: z.int().nonnegative(),
    progress: z.object({ done: z.int().nonnegative(), all: z.int().nonnegative(), at: Instant }).optional(),
    token: StoredProof,
    excess: z.array(z.string()),
    problem: z.unknown().optional(),
  })
  .transform(({ endedAt, nextAt, progress, problem, ...rest }): TenantCheck => {
    const known = readProblem(problem);
    return {
      ...rest,
      ...(endedAt && { endedAt }),
      ...(nextAt && { nextAt }),
      ...(progress && { progress }),
      ...(known && { problem: known }),
    };
  });

/** The series as it is kept with the tenant; undefined where there was none, or one that cannot be read. */
export const readTenantCheck = (stored: unknown): TenantCheck | undefined => Stored.safeParse(stored).data;

/** A series of which no check has begun. */
export const newCheck = (cause: CheckCause, since: Date): TenantCheck => ({
  cause,
  since: since.toISOString(),
  isOver: false,
  failures: 0,
  token: NOT_CHECKED,
  excess: [],
});

/** A check writes its progress at least this often; one that has been silent for longer has lost its worker. */
export const CHECK_SILENT_MS = 2 * 60_000;

export type CheckPulse =
  /** A worker is at it, or takes it any moment. */
  | 'running'
  /** Something is open, and the next check comes by itself. */
  | 'followed'
  /** Somebody should be at it, but nothing was heard for too long. */
  | 'silent'
  | 'over';

/** What goes on with a series right now. */
export function checkPulse(check: TenantCheck | undefined, now: Date): CheckPulse {
  if (!check || check.isOver) return 'over';
  const { since, endedAt, nextAt, progress } = check;
  const heardAt = Math.max(...[since, endedAt, nextAt, progress?.at].map((at) => (at ? Date.parse(at) : 0)));
  if (now.getTime() - heardAt > CHECK_SILENT_MS) return 'silent';
  return progress || !endedAt ? 'running' : 'followed';
}
