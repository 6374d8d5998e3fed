import { notFound } from 'next/navigation';
import { RunId } from '#lib/core/ids.ts';
import { getImport, type ImportDetails } from '#lib/domain/imports/queries.ts';
import type { TenantDetails } from '#lib/domain/tenants/queries.ts';
import { signedInContext } from '#lib/web/signed-in-context.ts';

export type RunPageProps = { readonly params: Promise<{ readonly id: string; readonly runId: string }> };

/** The run of the address. One that does not exist and one of another tenant are the same: no such page. */
export async function loadRun({ tenantId }: TenantDetails, id: string): Promise<ImportDetails> {
  const runId = RunId.safeParse(id);
  if (!runId.success) notFound();
  const found = await getImport(await signedInContext(), { tenantId, runId: runId.data });
  if (!found.ok) notFound();
  return found.value;
}
