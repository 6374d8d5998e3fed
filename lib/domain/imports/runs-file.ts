import { deny } from '#lib/access/permissions.ts';
import { type CsvCell, type CsvFile, csvLine } from '#lib/core/csv.ts';
import type { TenantId } from '#lib/core/ids.ts';
import { fail, ok, type Result } from '#lib/core/result.ts';
import { type Ctx, organizationOf } from '#lib/domain/context.ts';
import { limitMember } from '#lib/domain/limits/limit.ts';
import type { PhaseName, PhaseRecord, RunView } from './model.ts';
import { allRuns } from './queries.ts';

const sum = (run: RunView, of: (phase: PhaseRecord) => number): number =>
  run.phases.reduce((total, phase) => total + of(phase), 0);

const of = (run: RunView, name: PhaseName): PhaseRecord | undefined =>
  run.phases.find(({ phase }) => phase === name);

/** The part of an import that people mean when they ask how much it brought. */
export const mainPhase = (run: RunView): PhaseRecord | undefined =>
  of(run, 'users') ?? of(run, 'azure-subscriptions') ?? run.phases.at(-1);

/** Requests to Microsoft of all its phases. */
export const requestsOf = (run: RunView): number => sum(run, ({ requests }) => requests);

/** How often Microsoft asked to slow down. */
export const throttledOf = (run: RunView): number => sum(run, ({ throttled }) => throttled);

/** One row a run. Rows of the main part: users, or Azure subscriptions. */
const COLUMNS: ReadonlyArray<readonly [name: string, cell: (run: RunView) => CsvCell]> = [
  ['RunId', ({ runId }) => runId],
  ['Status', ({ status }) => status],
  ['Trigger', ({ trigger }) => trigger],
  ['CreatedAt', ({ createdAt }) => createdAt.toISOString()],
  ['StartedAt', ({ startedAt }) => startedAt?.toISOString() ?? null],
  ['FinishedAt', ({ finishedAt }) => finishedAt?.toISOString() ?? null],
  ['DurationMs', ({ durationMs }) => durationMs],
  ['Phase', (run) => mainPhase(run)?.phase ?? null],
  ['Method', (run) => mainPhase(run)?.method ?? null],
  ['Received', (run) => mainPhase(run)?.received ?? null],
  ['Expected', (run) => mainPhase(run)?.expected ?? null],
  ['Written', (run) => mainPhase(run)?.written ?? null],
  ['Retired', (run) => mainPhase(run)?.retired ?? null],
  ['Requests', requestsOf],
  ['Throttled', throttledOf],
  ['CertificateGreen', (run) => mainPhase(run)?.certificate?.green ?? null],
  ['Problem', ({ problem }) => problem?.code ?? null],
];

/**
 * The imports of a tenant as a CSV file, newest first, all that are kept.
 * Problems: forbidden, rate-limited, not-found.
 */
export async function exportRuns(
  ctx: Ctx,
  { tenantId }: { readonly tenantId: TenantId },
): Promise<Result<CsvFile>> {
  const denied = deny(ctx.actor, 'import.read');
  if (denied) return denied;
  const limited = await limitMember(ctx, 'export');
  if (limited) return limited;
  const tenant = await ctx.database.prisma.tenant.findFirst({
    where: { id: tenantId, organizationId: organizationOf(ctx), removedAt: null },
    select: { id: true },
  });
  if (!tenant) return fail({ code: 'not-found', entity: 'tenant' });
  return ok({
    fileName: `imports-${ctx.clock().toISOString().slice(0, 10)}.csv`,
    chunks: lines(ctx, tenantId),
  });
}

async function* lines(ctx: Ctx, tenantId: TenantId): AsyncGenerator<string, void, undefined> {
  yield csvLine(COLUMNS.map(([name]) => name));
  for await (const run of allRuns(ctx, tenantId)) yield csvLine(COLUMNS.map(([, cell]) => cell(run)));
}
