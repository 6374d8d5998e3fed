import { z } from 'zod';
import { DirectoryId, RunId, TenantId } from '#lib/core/ids.ts';
import type { Problem } from '#lib/core/problem.ts';
import type { Ctx } from '#lib/domain/context.ts';
import {
  PhaseRecord,
  RUN_STATUSES,
  type RunProgress,
  type RunStatus,
  runProgress,
} from '#lib/domain/imports/model.ts';
import { readProblem } from '#lib/domain/problem-json.ts';

/** A connected directory from which licences and users come, and how old what we know of it is. */
export type Source = {
  readonly tenantId: TenantId;
  readonly name: string;
  readonly directoryId: DirectoryId;
  /** Since when it is disabled, so that what is known of it is as of then; null where it is not. */
  readonly disabledAt: Date | null;
  /** When its SKUs were last read to the end; null before the first time. */
  readonly skusReadAt: Date | null;
  /** The same for its users. */
  readonly usersReadAt: Date | null;
  /** The newest import, running or ended; its problem says why it failed or is partial. */
  readonly lastRun: {
    readonly runId: RunId;
    readonly status: RunStatus;
    readonly phases: readonly PhaseRecord[];
    readonly problem: Problem | undefined;
  } | null;
  /** How far the import is that runs now. */
  readonly running: RunProgress | null;
};

const Row = z.object({
  tenantId: TenantId,
  name: z.string(),
  directoryId: DirectoryId,
  disabledAt: z.date().nullable(),
  skusReadAt: z.iso.datetime().nullable(),
  usersReadAt: z.iso.datetime().nullable(),
  runId: RunId.nullable(),
  status: z.enum(RUN_STATUSES).nullable(),
  phases: z.array(PhaseRecord).nullable(),
  problem: z.unknown(),
});

/** More than anybody has; bounds what one page reads. */
const SOURCES_MAX = 1000;

/** How far back an import is looked for that read a phase to its end. */
const RUNS_LOOKED_AT = 30;

const lastReadOf = (phase: 'skus' | 'users') => `(
  SELECT phase ->> 'endedAt'
  FROM (SELECT phases, created_at FROM import_run WHERE tenant_id = t.id ORDER BY created_at DESC LIMIT ${RUNS_LOOKED_AT}) AS recent
  CROSS JOIN jsonb_array_elements(recent.phases) AS phase
  WHERE phase ->> 'phase' = '${phase}' AND phase ->> 'state' IN ('completed', 'partial')
  ORDER BY recent.created_at DESC LIMIT 1)`;

/**
 * The Office 365 directories of the actor's organization, by name. The caller has checked what the actor may do.
 */
export async function listSources(ctx: Ctx): Promise<Source[]> {
  const { rows } = await ctx.database.pool.query<Record<string, unknown>>(
    `SELECT t.id AS "tenantId", t.name, t.directory_id AS "directoryId",
            CASE WHEN t.status = 'disabled' THEN t.status_changed_at END AS "disabledAt",
            ${lastReadOf('skus')} AS "skusReadAt", ${lastReadOf('users')} AS "usersReadAt",
            run.id AS "runId", run.status::text, run.phases, run.problem
     FROM tenant t
     LEFT JOIN LATERAL (
       SELECT id, status, phases, problem FROM import_run WHERE tenant_id = t.id ORDER BY created_at DESC LIMIT 1
     ) AS run ON true
     WHERE t.organization_id = $1 AND t.kind = 'office365' AND t.removed_at IS NULL
     ORDER BY lower(t.name), t.id LIMIT ${SOURCES_MAX}`,
    [ctx.actor.organizationId],
  );
  const now = ctx.clock();
  return rows.map((row) => toSource(Row.parse(row), now));
}

function toSource(row: z.output<typeof Row>, now: Date): Source {
  const { runId, status, phases } = row;
  return {
    tenantId: row.tenantId,
    name: row.name,
    directoryId: row.directoryId,
    disabledAt: row.disabledAt,
    skusReadAt: row.skusReadAt ? new Date(row.skusReadAt) : null,
    usersReadAt: row.usersReadAt ? new Date(row.usersReadAt) : null,
    lastRun: runId && status && phases ? { runId, status, phases, problem: readProblem(row.problem) } : null,
    running: status === 'running' && phases ? runProgress(phases, now) : null,
  };
}

/** The age of a figure over several directories: that of its oldest part. Null where none was ever read. */
export function oldestRead(dates: readonly (Date | null)[]): Date | null {
  const times = dates.filter((date) => date !== null).map((date) => date.getTime());
  return times.length > 0 ? new Date(Math.min(...times)) : null;
}
