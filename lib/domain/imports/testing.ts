/*
 * For tests of imports: a database of the test file's own, a simulator with directories of the size a test needs, and
 * what the simulator itself says about them, read past our client.
 */
import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { DirectoryId, RunId, TenantId } from '#lib/core/ids.ts';
import { startTestDatabase } from '#lib/db/testing.ts';
import type { Ctx, Services } from '#lib/domain/context.ts';
import { readProblem } from '#lib/domain/problem-json.ts';
import type { TenantKind } from '#lib/domain/tenants/model.ts';
import { createTestMember, testServices } from '#lib/domain/testing.ts';
import { createMicrosoftClients, type MicrosoftClientsOptions } from '#lib/microsoft/clients.ts';
import { quietLog, testSettings } from '#lib/microsoft/testing.ts';
import { AZURE_APP, appToken, GRAPH_APP, startSimulator } from '../../../simulator/testing.ts';
import { PhaseRecord, type RunTrigger, UsersCheckpoint } from './model.ts';
import type { Reading } from './reading.ts';
import { runImport } from './run.ts';
import { startImport } from './start.ts';

export type TestTenant = {
  readonly ctx: Ctx;
  readonly tenantId: TenantId;
  readonly directoryId: DirectoryId;
  /** How it is read, where not as usual. */
  readonly reading?: Reading;
};

export type ImportBed = Awaited<ReturnType<typeof startImportBed>>;

/** Starts database and simulator; `stop` ends both. */
export async function startImportBed(options: MicrosoftClientsOptions = {}) {
  const [db, simulator] = await Promise.all([startTestDatabase(), startSimulator()]);
  const origins = { authority: simulator.url, graph: simulator.url, arm: simulator.url };
  const settings = testSettings(origins);
  const microsoft = createMicrosoftClients(
    {
      ...settings,
      registrations: {
        azure: { clientId: AZURE_APP.clientId, credential: { type: 'secret', secret: AZURE_APP.secret } },
        graph: { clientId: GRAPH_APP.clientId, credential: { type: 'secret', secret: GRAPH_APP.secret } },
      },
    },
    quietLog,
    options,
  );
  const services = testServices(db.database, { microsoft });
  let directories = 0;

  return {
    db,
    simulator,
    services,
    pool: db.database.pool,

    /** A directory of its own at Microsoft, with as many users, that has approved everything. */
    async createDirectory(users: number, appRoles?: readonly string[]): Promise<DirectoryId> {
      directories += 1;
      const { tenant } = await simulator.control.createTenant({ domain: `d${directories}.example`, users });
      await simulator.control.grant(tenant.id, GRAPH_APP.clientId, appRoles);
      return DirectoryId.parse(tenant.id);
    },

    /** A tenant of a new organization, connected to the directory. */
    async connect(directoryId: DirectoryId, kind: TenantKind = 'office365'): Promise<TestTenant> {
      return connectTenant(services, directoryId, kind);
    },

    async stop() {
      await simulator.stop();
      await db.stop();
    },
  };
}

/** A tenant of a new organization, connected to the directory. */
export async function connectTenant(
  services: Services,
  directoryId: DirectoryId,
  kind: TenantKind,
): Promise<TestTenant> {
  const ctx = await createTestMember(services, 'admin');
  const tenantId = TenantId.parse(randomUUID());
  await services.database.prisma.tenant.create({
    data: {
      id: tenantId,
      organizationId: ctx.actor.organizationId,
      kind,
      name: `Tenant ${tenantId}`,
      directoryId,
      status: 'connected',
      boundByPerson: 'Test',
      boundAt: new Date(),
    },
  });
  return { ctx, tenantId, directoryId };
}

/** Starts a run without working on it; a read of all users, unless `full` says otherwise. */
export async function start(
  { ctx, tenantId }: TestTenant,
  trigger: RunTrigger = 'manual',
  full = true,
): Promise<RunId> {
  const started = await startImport(ctx, { tenantId, trigger, full });
  if (!started.ok) throw new Error(`not started: ${started.problem.code}`);
  return started.value.runId;
}

/** Works on a run once, as a worker does; one that lost its run notices within a second. */
export function workOn(
  { ctx, tenantId, reading }: TestTenant,
  runId: RunId,
  signal = new AbortController().signal,
) {
  return runImport(ctx, { tenantId, runId, signal, leaseSeconds: 3, ...(reading && { reading }) });
}

/** Starts a run and works on it until it ends; it reads all users, unless `full` says otherwise. */
export async function importNow(tenant: TestTenant, { full = true } = {}): Promise<RunState> {
  const runId = await start(tenant, 'manual', full);
  await workOn(tenant, runId);
  return runState(tenant, runId);
}

const RunRow = z.object({
  status: z.string(),
  attempts: z.number(),
  leaseHolder: z.string().nullable(),
  leaseUntil: z.date().nullable(),
  checkpoint: UsersCheckpoint.nullable(),
  problem: z.unknown().transform(readProblem),
  phases: z.array(PhaseRecord),
});
export type RunState = Awaited<ReturnType<typeof runState>>;

/** What the database says about a run. */
export async function runState({ ctx, tenantId }: TestTenant, runId: RunId) {
  const row = await ctx.database.prisma.importRun.findUniqueOrThrow({
    where: { tenantId_id: { tenantId, id: runId } },
    select: {
      status: true,
      attempts: true,
      leaseHolder: true,
      leaseUntil: true,
      checkpoint: true,
      problem: true,
      phases: true,
    },
  });
  const state = RunRow.parse(row);
  const phase = (name: string) => {
    const record = state.phases.find((candidate) => candidate.phase === name);
    if (!record) throw new Error(`no phase ${name}`);
    return record;
  };
  return { ...state, runId: RunId.parse(runId), phase };
}

/** Ids of the users that are not retired, ascending. */
export async function presentUserIds({ ctx, tenantId }: TestTenant): Promise<string[]> {
  const { rows } = await ctx.database.pool.query<{ id: string }>(
    'SELECT id FROM directory_user WHERE tenant_id = $1 AND deleted_at IS NULL ORDER BY id',
    [tenantId],
  );
  return rows.map(({ id }) => id);
}

const GraphRow = z.looseObject({ id: z.string() });
export type GraphRow = z.infer<typeof GraphRow>;
const Page = z.object({ value: z.array(GraphRow), '@odata.nextLink': z.string().optional() });

const SELECT =
  'id,displayName,companyName,department,mail,givenName,surname,jobTitle,state,postalCode,streetAddress,city,' +
  'preferredLanguage,usageLocation,userPrincipalName,officeLocation,country,userType,accountEnabled,' +
  'createdDateTime,assignedLicenses,licenseAssignmentStates,onPremisesExtensionAttributes';

/** All rows of a Graph collection, by plain requests: a second opinion on what the import must have brought. */
export async function readGraph(origin: string, directoryId: string, path: string): Promise<GraphRow[]> {
  const token = await appToken(origin, directoryId, GRAPH_APP);
  const rows: GraphRow[] = [];
  let link: string | undefined = `${origin}/v1.0${path}`;
  while (link) {
    const response: Response = await fetch(link, { headers: { authorization: `Bearer ${token}` } });
    const page = Page.parse(await response.json());
    rows.push(...page.value);
    link = page['@odata.nextLink'];
  }
  return rows;
}

export const readGraphUsers = (origin: string, directoryId: string): Promise<GraphRow[]> =>
  readGraph(origin, directoryId, `/users?$top=999&$select=${SELECT}&$expand=manager($select=id)`);

/** Ids of the directory's users, ascending. */
export async function graphUserIds(origin: string, directoryId: string): Promise<string[]> {
  const rows = await readGraph(origin, directoryId, '/users?$top=999&$select=id');
  return rows.map(({ id }) => id).sort();
}
