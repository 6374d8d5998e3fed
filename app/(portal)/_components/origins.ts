import type { TenantId } from '#lib/core/ids.ts';
import type { PhaseName } from '#lib/domain/imports/model.ts';
import { listOrigins, type Origin } from '#lib/domain/imports/provenance.ts';
import { signedInContext } from '#lib/web/signed-in-context.ts';

/** The imports behind a figure over some tenants, for `FigureProvenance`. */
export async function originsOf(
  phase: PhaseName,
  tenantIds: readonly TenantId[],
): Promise<readonly Origin[]> {
  return listOrigins(await signedInContext(), { phase, tenantIds });
}
