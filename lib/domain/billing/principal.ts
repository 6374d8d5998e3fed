import { DirectoryId, type TenantId } from '#lib/core/ids.ts';
import { fail, ok, type Result } from '#lib/core/result.ts';
import type { Ctx } from '#lib/domain/context.ts';
import { appOnlyToken } from '#lib/microsoft/entra/app-only-token.ts';

export type Principal = { readonly directoryId: DirectoryId; readonly servicePrincipalId: string };

/**
 * The object id of our service principal in a tenant of the organization, as our own token there names it: one that was
 * deleted and made anew has another id than it had. Problems: not-found, and those of the token.
 */
export async function findPrincipal(ctx: Ctx, tenantId: TenantId): Promise<Result<Principal>> {
  const tenant = await ctx.database.prisma.tenant.findFirst({
    where: { id: tenantId, organizationId: ctx.actor.organizationId, kind: 'azure', removedAt: null },
    select: { directoryId: true, servicePrincipalId: true },
  });
  if (!tenant) return fail({ code: 'not-found', entity: 'tenant' });
  const directoryId = DirectoryId.parse(tenant.directoryId);
  const token = await appOnlyToken(ctx.microsoft.entra, {
    registration: 'azure',
    directoryId,
    resource: 'arm',
    patience: 'interactive',
  });
  if (!token.ok) return token;
  const servicePrincipalId = token.value.servicePrincipalId ?? tenant.servicePrincipalId;
  if (!servicePrincipalId) return fail({ code: 'token-invalid', reason: 'no oid' });
  return ok({ directoryId, servicePrincipalId });
}
