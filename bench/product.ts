import { randomBytes, randomUUID } from 'node:crypto';
import { readConfig } from '#lib/config/env.ts';
import { OrganizationId, RunId, TenantId } from '#lib/core/ids.ts';
import { plannedPhases } from '#lib/domain/imports/model.ts';
import { createRuntime, type Runtime } from '#lib/runtime.ts';
import type { TrialDatabase } from './databases.ts';
import { DIRECTORY_ID, smallDirectoryId } from './load/directory.ts';
import type { Environment } from './processes.ts';
import type { Scope } from './scope.ts';

/** Settings with which processes of the product use a trial's database and take the generator for Microsoft. */
export function productEnvironment(database: TrialDatabase, microsoftUrl: string): Environment {
  return {
    ...database.env,
    AUTH_SECRET: randomBytes(32).toString('base64url'),
    ENCRYPTION_KEYS: `bench:${randomBytes(32).toString('base64')}`,
    MICROSOFT_CLIENT_ID: '10ad0000-0000-4000-8000-00000000a991',
    MICROSOFT_CLIENT_SECRET: 'not-checked',
    MICROSOFT_AUTHORITY_URL: microsoftUrl,
    MICROSOFT_GRAPH_URL: microsoftUrl,
    MICROSOFT_ARM_URL: microsoftUrl,
    LOG_LEVEL: 'warn',
  };
}

/** The product's parts in this process, to prepare and to ask; the scope closes them. */
export function openProduct(scope: Scope, env: Environment): Runtime {
  const runtime = createRuntime(readConfig(env));
  scope.defer(() => runtime.close());
  return runtime;
}

export type ConnectedTenant = { readonly organizationId: OrganizationId; readonly tenantId: TenantId };

/** An organization that has connected the generator's directory. */
export async function connectTenant({ services }: Runtime): Promise<ConnectedTenant> {
  const organizationId = OrganizationId.parse(randomUUID());
  const { prisma } = services.database;
  await prisma.organization.create({ data: { id: organizationId, name: 'Benchmark' } });
  const tenant = tenantOf(organizationId, DIRECTORY_ID);
  await prisma.tenant.create({ data: tenant });
  return { organizationId, tenantId: tenant.id };
}

/** An organization with many tenants: so many of the generator's small directories. */
export async function connectSmallTenants({ services }: Runtime, amount: number): Promise<ConnectedTenant[]> {
  const organizationId = OrganizationId.parse(randomUUID());
  const { prisma } = services.database;
  await prisma.organization.create({ data: { id: organizationId, name: 'Many tenants' } });
  const tenants = Array.from({ length: amount }, (_, n) => ({
    ...tenantOf(organizationId, smallDirectoryId(n)),
    name: `Small ${n}`,
  }));
  await prisma.tenant.createMany({ data: tenants });
  return tenants.map(({ id }) => ({ organizationId, tenantId: id }));
}

const tenantOf = (organizationId: OrganizationId, directoryId: string) => ({
  id: TenantId.parse(randomUUID()),
  organizationId,
  kind: 'office365' as const,
  name: 'Load',
  directoryId,
  status: 'connected' as const,
  boundByPerson: 'benchmark',
  boundAt: new Date(),
});

/** A run that waits for whoever works on it; nobody is told. */
export async function createRun({ services }: Runtime, { tenantId }: ConnectedTenant): Promise<RunId> {
  const id = RunId.parse(randomUUID());
  await services.database.prisma.importRun.create({
    data: { tenantId, id, trigger: 'schedule', status: 'running', phases: plannedPhases('office365') },
  });
  return id;
}

/**
 * What an import has left behind, as one text: the same for two databases if, and for all that matters only if, both
 * hold the same users with the same licences.
 */
export async function fingerprint({ services }: Runtime): Promise<string> {
  const { rows } = await services.database.pool.query<{ users: string; skus: string }>(
    `SELECT
       (SELECT count(*) || ' users ' || sum(hashtextextended((to_jsonb(u) - '{tenant_id,content_hash,imported_at}'::text[])::text, 0))
        FROM directory_user u) AS users,
       (SELECT count(*) || ' SKUs ' || sum(hashtextextended((sku_id, sku_part_number, enabled_units, consumed_units)::text, 0))
        FROM subscribed_sku) AS skus`,
  );
  return `${rows[0]?.users}, ${rows[0]?.skus}`;
}
