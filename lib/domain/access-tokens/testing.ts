/*
 * For tests: people of an organization with an Azure tenant, and a simulator that issues keys.
 */
import { randomInt } from 'node:crypto';
import type { TenantId } from '#lib/core/ids.ts';
import { startTestDatabase, type TestDatabase } from '#lib/db/testing.ts';
import { type RunningSimulator, startSimulator } from '../../../simulator/testing.ts';
import { simulatorClients } from '../consent/testing.ts';
import type { Ctx } from '../context.ts';
import { createTestTenant } from '../tenants/testing.ts';
import { createTestMember, type MemberCtx, recordingJobs, testServices } from '../testing.ts';
import { addAccessToken } from './add.ts';
import { AddAccessToken } from './model.ts';
import { listAccessTokens } from './queries.ts';

export const DAY_MS = 86_400_000;

export type TokenBed = {
  readonly db: TestDatabase;
  readonly simulator: RunningSimulator;
  stop(): Promise<unknown>;
};

export async function startTokenBed(): Promise<TokenBed> {
  const [db, simulator] = await Promise.all([startTestDatabase(), startSimulator()]);
  return { db, simulator, stop: () => Promise.all([db.stop(), simulator.stop()]) };
}

/** An admin and a viewer of a new organization, its Azure tenant, an enrollment of its own, and a clock to turn. */
export async function createTokenHome({ db, simulator }: TokenBed) {
  let passedMs = 0;
  const clock = () => new Date(Date.now() + passedMs);
  const jobs = recordingJobs();
  const services = testServices(db.database, {
    jobs,
    clock,
    microsoft: simulatorClients(simulator.url, { wait: async () => undefined, clock }),
  });
  const admin = await createTestMember(services, 'admin');
  const viewer = await createTestMember(services, 'viewer', admin.actor.organizationId);
  const stranger = await createTestMember(services, 'owner');
  const { tenantId } = await createTestTenant(admin, { kind: 'azure', agreement: 'ea' });
  const enrollment = `7${randomInt(100_000_000, 999_999_999)}`;
  return {
    services,
    jobs,
    admin,
    viewer,
    stranger,
    tenantId,
    enrollment,
    newKey: (more: Readonly<Record<string, unknown>> = {}) => simulator.control.eaKey(enrollment, more),
    /** What happens to this enrollment's requests until it is taken back. */
    async fault(rule: Readonly<Record<string, unknown>>) {
      const path = `/enrollments/${enrollment}/`;
      const { id } = await simulator.control.fault({ ...rule, service: 'ea', path });
      return () => simulator.control.request('DELETE', `/faults/${id}`);
    },
    add: (accessToken: string, enrollmentNumber = enrollment, ctx: MemberCtx = admin) =>
      addAccessToken(ctx, AddAccessToken.parse({ tenantId, enrollmentNumber, accessToken })),
    list: (ctx: Ctx = admin) => tokensOf(ctx, tenantId),
    /** The portal's clock; Microsoft's stays. */
    pass(ms: number) {
      passedMs += ms;
    },
  };
}

export type TokenHome = Awaited<ReturnType<typeof createTokenHome>>;

async function tokensOf(ctx: Ctx, tenantId: TenantId) {
  const list = await listAccessTokens(ctx, { tenantId });
  if (!list.ok) throw new Error(list.problem.code);
  return list.value.tokens;
}
