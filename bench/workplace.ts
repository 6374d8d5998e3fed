import { z } from 'zod';
import type { Runtime } from '#lib/runtime.ts';
import type { LoadGenerator } from './bench.ts';
import type { DatabaseKind } from './databases.ts';
import type { Environment } from './processes.ts';
import {
  type ConnectedTenant,
  connectTenant,
  createRun,
  openProduct,
  productEnvironment,
} from './product.ts';
import { type Scope, withScope } from './scope.ts';
import { type Outcome, runTrial } from './trial.ts';

/** A database in which a directory is imported again and again. */
export type Workplace = {
  readonly generator: LoadGenerator;
  readonly env: Environment;
  readonly product: Runtime;
  readonly tenant: ConnectedTenant;
};

export type ReadMethod = 'full' | 'incremental';

export type ImportOutcome = Outcome & {
  /** Requests to Graph, those of all phases. */
  readonly requests: number;
  /** Users that were written. */
  readonly written: number;
};

/** Of a run's record what measurements rely on; a product that does not say it cannot be measured. */
const UsersPhase = z.object({
  phase: z.literal('users'),
  received: z.int(),
  written: z.int(),
  /** Why the read was full. */
  methodReason: z.string().optional(),
  certificate: z.object({ method: z.enum(['full', 'incremental']), green: z.literal(true) }),
});

export async function openWorkplace(
  scope: Scope,
  kind: DatabaseKind,
  generator: LoadGenerator,
): Promise<Workplace> {
  const env = productEnvironment(await kind.create(scope), generator.url);
  // Its connections end, and so tell what they have written before anything is counted.
  const tenant = await withScope(scope, (preparing) => connectTenant(openProduct(preparing, env)));
  return { generator, env, product: openProduct(scope, env), tenant };
}

/** One import, in a process of its own. Throws unless it was complete, and read in the way that is to be measured. */
export async function importOnce(
  scope: Scope,
  { generator, env, product, tenant }: Workplace,
  method: ReadMethod,
): Promise<ImportOutcome> {
  const runId = await createRun(product, tenant);
  const before = await generator.tell({});
  const outcome = await runTrial(scope, 'bench/product-import.ts', {
    ...env,
    ORGANIZATION_ID: tenant.organizationId,
    TENANT_ID: tenant.tenantId,
    RUN_ID: runId,
  });
  const after = await generator.tell({});
  const run = await product.services.database.prisma.importRun.findUniqueOrThrow({
    where: { tenantId_id: { tenantId: tenant.tenantId, id: runId } },
    select: { status: true, phases: true, problem: true },
  });
  if (run.status !== 'completed') {
    throw new Error(`The import ended as ${run.status}: ${JSON.stringify(run.problem)}.`);
  }
  const phases = z.array(z.looseObject({ phase: z.string() })).parse(run.phases);
  const record = phases.find(({ phase }) => phase === 'users');
  const users = UsersPhase.safeParse(record).data;
  if (!users) {
    const certificate = JSON.stringify(record?.certificate) ?? 'none';
    throw new Error(`The import does not prove how it read and that it was complete: ${certificate}.`);
  }
  if (users.certificate.method !== method) {
    const reason = users.methodReason === undefined ? '' : ` (${users.methodReason})`;
    throw new Error(
      `The import was ${users.certificate.method}${reason}, but ${method} is what is to be measured.`,
    );
  }
  return { ...outcome, requests: after.graphRequests - before.graphRequests, written: users.written };
}

/** Makes the next import a full one: the weekly verification is due. */
export async function makeFullReadDue({ product, tenant }: Workplace): Promise<void> {
  const { count } = await product.services.database.prisma.directorySync.updateMany({
    where: { tenantId: tenant.tenantId, fullReadAt: { not: null } },
    data: { fullReadAt: new Date(Date.now() - 8 * 24 * 60 * 60 * 1000) },
  });
  if (count === 0) throw new Error('The product does not know when it last read the directory in full.');
}

/** What a server does by itself in the day between two imports. */
export async function vacuum({ product }: Workplace): Promise<void> {
  await product.services.database.pool.query('VACUUM ANALYZE');
}
