import { notFound } from 'next/navigation';
import { cache } from 'react';
import { TenantId } from '#lib/core/ids.ts';
import { getTenant, type TenantDetails } from '#lib/domain/tenants/queries.ts';
import { signedInContext } from '#lib/web/signed-in-context.ts';

export type TenantPageProps = { readonly params: Promise<{ readonly id: string }> };

/**
 * The tenant of the address, read once in a request. An id that does not exist and one of another organization are
 * the same: no such page.
 */
export const loadTenant = cache(async (id: string): Promise<TenantDetails> => {
  const tenantId = TenantId.safeParse(id);
  if (!tenantId.success) notFound();
  const tenant = await getTenant(await signedInContext(), { tenantId: tenantId.data });
  if (!tenant.ok) notFound();
  return tenant.value;
});

/** The tenant, where the page is one that only Azure accounts have. */
export async function loadAzureTenant(id: string): Promise<TenantDetails> {
  const tenant = await loadTenant(id);
  if (tenant.kind !== 'azure') notFound();
  return tenant;
}

/** The title of a tab: the tenant and the tab. */
export const tabTitle = async ({ params }: TenantPageProps, tab: string): Promise<{ title: string }> => ({
  title: `${(await loadTenant((await params).id)).name}: ${tab}`,
});
