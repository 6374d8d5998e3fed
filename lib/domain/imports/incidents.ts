import { z } from 'zod';
import type { Problem, ProblemCode } from '#lib/core/problem.ts';
import type { RequestTrace } from '#lib/microsoft/http/call-options.ts';

/**
 * `throttled`: Microsoft asked us to slow down. `unavailable`: no answer, or one that says "later". `slow`: an answer
 * that took long. `refused`: an answer that ended the attempt.
 */
export const INCIDENT_KINDS = ['throttled', 'unavailable', 'slow', 'refused'] as const;
export type IncidentKind = (typeof INCIDENT_KINDS)[number];

/** An answer that takes longer is worth a note. */
export const SLOW_MS = 10_000;

/** Notes kept of a phase, the newest ones; all of them are counted. */
const NOTES_MAX = 50;
/** Longer than any code or id of Microsoft's. */
const TEXT_MAX = 100;

const Count = z.int().nonnegative();

/** One request that was not answered as it should be, with what support needs to find it. */
export const Incident = z.object({
  at: z.iso.datetime(),
  kind: z.enum(INCIDENT_KINDS),
  /** How long it was waited before the request was sent again. */
  waitMs: Count.optional(),
  /** How long the answer took. */
  durationMs: Count.optional(),
  /** The HTTP status; missing where no answer came. */
  status: z.int().optional(),
  /** Microsoft's code. */
  code: z.string().optional(),
  /** Microsoft's id of the request. */
  requestId: z.string().optional(),
  /** The id that we gave it. */
  clientRequestId: z.string().optional(),
});
export type Incident = z.infer<typeof Incident>;

/** What went wrong while a phase was read; part of its record. */
export const Incidents = z.object({
  counts: z.partialRecord(z.enum(INCIDENT_KINDS), Count),
  /** Oldest first. */
  newest: z.array(Incident).max(NOTES_MAX),
});
export type Incidents = z.infer<typeof Incidents>;

/** The notes with one more. */
export function withIncident(incidents: Incidents | undefined, incident: Incident): Incidents {
  const { counts = {}, newest = [] } = incidents ?? {};
  return {
    counts: { ...counts, [incident.kind]: (counts[incident.kind] ?? 0) + 1 },
    newest: [...newest, incident].slice(-NOTES_MAX),
  };
}

/** A note about a request. */
export function incidentOf(
  note: Pick<Incident, 'kind' | 'waitMs' | 'durationMs'> & { readonly trace: RequestTrace },
  at: Date,
): Incident {
  const { trace, ...rest } = note;
  return clean({
    ...rest,
    at: at.toISOString(),
    status: trace.microsoft?.status,
    code: trace.microsoft?.code,
    requestId: trace.microsoft?.correlationId,
    clientRequestId: trace.clientRequestId,
  });
}

const KIND_OF: Readonly<Partial<Record<ProblemCode, IncidentKind>>> = {
  throttled: 'throttled',
  'upstream-unavailable': 'unavailable',
};

/**
 * The note that a Problem leaves: Microsoft's answer that ended the attempt, and the request's own id where `refused` is
 * that answer. Undefined where there was none.
 */
export function incidentOfProblem(
  problem: Problem,
  refused: RequestTrace | undefined,
  at: Date,
): Incident | undefined {
  const microsoft = 'microsoft' in problem ? problem.microsoft : undefined;
  if (!microsoft) return undefined;
  return clean({
    at: at.toISOString(),
    kind: KIND_OF[problem.code] ?? 'refused',
    status: microsoft.status,
    code: microsoft.code,
    requestId: microsoft.correlationId,
    ...(refused?.microsoft?.correlationId === microsoft.correlationId && {
      clientRequestId: refused?.clientRequestId,
    }),
  });
}

/** Texts are Microsoft's, or of whoever answers in its place: none is long. */
const clean = (incident: Incident): Incident => ({
  ...incident,
  code: incident.code?.slice(0, TEXT_MAX),
  requestId: incident.requestId?.slice(0, TEXT_MAX),
});
