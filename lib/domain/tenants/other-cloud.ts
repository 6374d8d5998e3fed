import { type Failure, fail } from '#lib/core/result.ts';
import type { Ctx } from '#lib/domain/context.ts';
import { type DiscoveredTenant, otherCloud } from '#lib/microsoft/entra/discover-tenant.ts';
import type { TenantKind } from './model.ts';

/** `other-cloud` where the tenant lives in a cloud that this portal's registrations and endpoints do not belong to. */
export function refuseOtherCloud(ctx: Ctx, tenant: DiscoveredTenant, kind: TenantKind): Failure | undefined {
  const { entra } = ctx.microsoft;
  const cloud = otherCloud(entra, tenant, kind === 'azure' ? 'arm' : 'graph');
  if (!cloud) return undefined;
  const portalCloud = entra.settings.cloud.label;
  return fail({ code: 'other-cloud', tenantCloud: cloud.label, portalCloud, setting: cloud.name });
}
