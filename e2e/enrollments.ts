import { randomUUID } from 'node:crypto';
import type { CustomerTenant, Home } from './consent.ts';
import { inDatabase } from './database.ts';
import { AZURE_APP } from './microsoft.ts';

/** A tenant as onboarding leaves it, and the service principal of the portal in it. */
export type ConnectedTenant = {
  readonly path: string;
  readonly principalId: string;
};

/** Connects an Azure account of a home without going there by the pages; an enrollment is known if its number is given. */
export async function connectAzure(
  { organization }: Home,
  tenant: CustomerTenant,
  agreement: 'ea' | 'mca' | 'mpsa',
  enrollment?: string,
): Promise<ConnectedTenant> {
  await tenant.control.request('POST', `/tenants/${tenant.id}`, { billingRoleLagMs: 0 });
  const { objectId } = await tenant.control.grant(tenant.id, AZURE_APP.clientId);
  const id = randomUUID();
  const boundAt = new Date(Date.now() - 3_600_000);
  await inDatabase(async ({ prisma }) => {
    const { id: organizationId } = await prisma.organization.findFirstOrThrow({
      where: { name: organization },
      select: { id: true },
    });
    await prisma.tenant.create({
      data: {
        id,
        organizationId,
        kind: 'azure',
        name: tenant.name,
        directoryId: tenant.id,
        domain: tenant.domain,
        agreement,
        status: 'connected',
        servicePrincipalId: objectId,
        boundByPerson: tenant.admin,
        boundAt,
        ...(enrollment && {
          billingAccounts: {
            create: {
              name: enrollment,
              agreementType: 'EnterpriseAgreement',
              addedBy: tenant.admin,
              addedAt: boundAt,
            },
          },
        }),
      },
      select: { id: true },
    });
  });
  return { path: `/setup/cloud-tenants/${id}/enrollments`, principalId: objectId };
}

/** A billing account at Microsoft that the tenant's administrator administers. Returns its name. */
export async function addBillingAccount(
  { control, id, domain }: CustomerTenant,
  account: Readonly<Record<string, unknown>>,
): Promise<string> {
  const { name } = await control.request<{ name: string }>('POST', '/billing-accounts', {
    tenantId: id,
    administrators: [`admin@${domain}`],
    ...account,
  });
  return name;
}

/** An enrollment number that no other test has. */
export const newEnrollment = (): string => String(Math.floor(10_000_000 + Math.random() * 89_999_999));
