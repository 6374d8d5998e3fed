import { ok, type Result } from '#lib/core/result.ts';
import { listDirectorySubscriptions } from '#lib/microsoft/graph/directory-subscriptions.ts';
import type { ActiveRun } from '../../active-run.ts';
import { mapDirectorySubscriptions } from './map.ts';
import { writeDirectorySubscriptions } from './write.ts';

/** Reads what the tenant has bought purchase by purchase: seats, trial or not, and when the status changes. */
export async function importDirectorySubscriptions(run: ActiveRun): Promise<Result<undefined>> {
  const graph = run.ctx.microsoft.graph(run.claim.directoryId);
  const listed = await listDirectorySubscriptions(graph, run.callOptions('directory-subscriptions'));
  if (!listed.ok) return listed;
  const rows = mapDirectorySubscriptions(listed.value);
  await run.endPhase('directory-subscriptions', async (client) => ({
    state: 'completed',
    received: rows.length,
    expected: rows.length,
    ...(await writeDirectorySubscriptions(client, run.lease.tenantId, rows, run.ctx.clock())),
  }));
  return ok(undefined);
}
