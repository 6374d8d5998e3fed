import { ok, type Result } from '#lib/core/result.ts';
import { listSubscribedSkus } from '#lib/microsoft/graph/subscribed-skus.ts';
import type { ActiveRun } from '../../active-run.ts';
import { mapSkus } from './map.ts';
import { writeSkus } from './write.ts';

/** Reads what the tenant has bought, and keeps the figures of the day. */
export async function importSkus(run: ActiveRun): Promise<Result<undefined>> {
  const graph = run.ctx.microsoft.graph(run.claim.directoryId);
  const listed = await listSubscribedSkus(graph, run.callOptions('skus'));
  if (!listed.ok) return listed;
  const skus = mapSkus(listed.value);
  await run.endPhase('skus', async (client) => ({
    state: 'completed',
    received: skus.length,
    expected: skus.length,
    ...(await writeSkus(client, run.lease.tenantId, skus, run.ctx.clock())),
  }));
  return ok(undefined);
}
