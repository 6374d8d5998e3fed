import { deny } from '#lib/access/permissions.ts';
import type { RunId, TenantId } from '#lib/core/ids.ts';
import { fail, type Result } from '#lib/core/result.ts';
import type { Ctx } from '#lib/domain/context.ts';
import { isNotGranted, type PhaseName, type RunView } from './model.ts';
import { getImport } from './queries.ts';
import { startImport } from './start.ts';

/** The parts that a run did not read completely, for whatever reason but that the tenant need not grant them. */
export const missedPhases = ({ status, phases }: RunView): readonly PhaseName[] =>
  status === 'running'
    ? []
    : phases.filter((phase) => phase.state !== 'completed' && !isNotGranted(phase)).map(({ phase }) => phase);

/**
 * Starts an import of what another one did not read completely; what that one has read is kept as it is.
 * Problems: forbidden, not-found, invalid-input where nothing was missed, and those of `startImport`.
 */
export async function retryImport(
  ctx: Ctx,
  { tenantId, runId }: { readonly tenantId: TenantId; readonly runId: RunId },
): Promise<Result<{ runId: RunId }>> {
  const denied = deny(ctx.actor, 'import.start');
  if (denied) return denied;
  const found = await getImport(ctx, { tenantId, runId });
  if (!found.ok) return found;
  const only = missedPhases(found.value.run);
  if (only.length === 0) return fail({ code: 'invalid-input', fields: { runId: 'Nothing failed in it.' } });
  return startImport(ctx, { tenantId, trigger: 'manual', only });
}
