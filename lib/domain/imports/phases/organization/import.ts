import { fail, ok, type Result } from '#lib/core/result.ts';
import { getOrganization } from '#lib/microsoft/graph/organization.ts';
import type { ActiveRun } from '../../active-run.ts';
import { mapDomain } from './map.ts';
import { writeDomain } from './write.ts';

/** Reads the directory's own entry, and makes sure that it is the directory we mean. */
export async function importOrganization(run: ActiveRun): Promise<Result<undefined>> {
  const expected = run.claim.directoryId;
  const organization = await getOrganization(
    run.ctx.microsoft.graph(expected),
    run.callOptions('organization'),
  );
  if (!organization.ok) return organization;
  const { id } = organization.value;
  if (id !== expected) return fail({ code: 'wrong-tenant', expected, actual: id });
  await run.endPhase('organization', async (client) => ({
    state: 'completed',
    received: 1,
    expected: 1,
    written: await writeDomain(client, run.lease.tenantId, mapDomain(organization.value)),
  }));
  return ok(undefined);
}
