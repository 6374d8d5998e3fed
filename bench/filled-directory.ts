import { randomUUID } from 'node:crypto';
import type { Runtime } from '#lib/runtime.ts';
import type { DatabaseKind } from './databases.ts';
import { DIRECTORY_ID } from './load/directory.ts';
import { PERSON_ID } from './load/login.ts';
import type { Environment } from './processes.ts';
import {
  type ConnectedTenant,
  connectTenant,
  createRun,
  openProduct,
  productEnvironment,
} from './product.ts';
import type { Scope } from './scope.ts';
import { runTrial } from './trial.ts';

/** A database with a whole directory in it, and somebody who may see it. */
export type FilledDirectory = {
  readonly env: Environment;
  readonly product: Runtime;
  readonly tenant: ConnectedTenant;
};

/** Imports the generator's directory into a fresh database, for measurements that only read. */
export async function fillDirectory(
  scope: Scope,
  kind: DatabaseKind,
  microsoftUrl: string,
): Promise<FilledDirectory> {
  const env = productEnvironment(await kind.create(scope), microsoftUrl);
  const product = openProduct(scope, env);
  const tenant = await connectTenant(product);
  await addOwner(product, tenant);
  await runTrial(scope, 'bench/product-import.ts', {
    ...env,
    ORGANIZATION_ID: tenant.organizationId,
    TENANT_ID: tenant.tenantId,
    RUN_ID: await createRun(product, tenant),
  });
  // A server does so by itself within the next minutes.
  await product.services.database.pool.query('VACUUM ANALYZE directory_user');
  return { env, product, tenant };
}

/** Whoever the login service lets in is the organization's owner. */
async function addOwner({ services }: Runtime, { organizationId }: ConnectedTenant): Promise<void> {
  await services.database.prisma.person.create({
    data: {
      id: randomUUID(),
      directoryId: DIRECTORY_ID,
      objectId: PERSON_ID,
      displayName: 'Bench Owner',
      userName: 'bench.owner@load.example',
      memberships: { create: { organizationId, portalRole: 'owner' } },
    },
  });
}
