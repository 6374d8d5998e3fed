import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { FlowId, type TenantId } from '#lib/core/ids.ts';
import type { Result } from '#lib/core/result.ts';
import { startTestDatabase, type TestDatabase } from '#lib/db/testing.ts';
import { reconnectTenant, restartFlow, startFlow } from '../consent/start-flow.ts';
import type { Services } from '../context.ts';
import { startImport } from '../imports/start.ts';
import { exportLicenses } from '../licensing/export.ts';
import { createOrganization } from '../organizations/create-organization.ts';
import { requestVerification } from '../tenants/request-verification.ts';
import { resolveTenant } from '../tenants/resolve.ts';
import { createTestTenant } from '../tenants/testing.ts';
import { createTestMember, type MemberCtx, testServices } from '../testing.ts';
import { exportUsers } from '../users/export.ts';
import { UserFilter } from '../users/model.ts';
import { LIMITS, type LimitName, type Scope } from './limits.ts';

/* What is limited really is, and nobody uses up the allowance of others. */

let db: TestDatabase;
let services: Services;

beforeAll(async () => {
  db = await startTestDatabase();
  services = testServices(db.database);
});
afterAll(() => db.stop());

type Case = {
  readonly what: string;
  readonly name: LimitName;
  readonly scopes: readonly Scope[];
  readonly isForAdmins: boolean;
  readonly call: (ctx: MemberCtx, tenantId: TenantId) => Promise<Result<unknown>>;
};

const MEMBER_SCOPES = ['person', 'organization'] as const;
const TENANT_SCOPES = ['person', 'tenant'] as const;
const flowId = FlowId.parse(randomUUID());
const account = { kind: 'office365', name: 'Contoso', tenant: 'contoso.com' } as const;

const CASES: readonly Case[] = [
  {
    what: 'looking up a tenant',
    name: 'tenant.resolve',
    scopes: MEMBER_SCOPES,
    isForAdmins: true,
    call: (ctx) => resolveTenant(ctx, { tenant: 'contoso.com' }),
  },
  {
    what: 'starting a flow',
    name: 'flow.start',
    scopes: MEMBER_SCOPES,
    isForAdmins: true,
    call: (ctx) => startFlow(ctx, account),
  },
  {
    what: 'starting a flow again',
    name: 'flow.start',
    scopes: MEMBER_SCOPES,
    isForAdmins: true,
    call: (ctx) => restartFlow(ctx, { flowId }),
  },
  {
    what: 'connecting anew',
    name: 'flow.start',
    scopes: MEMBER_SCOPES,
    isForAdmins: true,
    call: (ctx, tenantId) => reconnectTenant(ctx, { tenantId }),
  },
  {
    what: '“Import now”',
    name: 'import.start',
    scopes: TENANT_SCOPES,
    isForAdmins: true,
    call: (ctx, tenantId) => startImport(ctx, { tenantId, trigger: 'manual' }),
  },
  {
    what: '“Check now”',
    name: 'tenant.verify',
    scopes: TENANT_SCOPES,
    isForAdmins: true,
    call: (ctx, tenantId) => requestVerification(ctx, { tenantId }),
  },
  {
    what: 'the file of users',
    name: 'export',
    scopes: MEMBER_SCOPES,
    isForAdmins: false,
    call: (ctx) => exportUsers(ctx, UserFilter.parse({})),
  },
  {
    what: 'the file of licences',
    name: 'export',
    scopes: MEMBER_SCOPES,
    isForAdmins: false,
    call: (ctx) => exportLicenses(ctx, {}),
  },
  {
    what: 'creating an organization',
    name: 'organization.create',
    scopes: ['person'],
    isForAdmins: false,
    call: (ctx) =>
      createOrganization(services, { ...ctx.actor, userName: 'test@example.com' }, { name: 'Contoso' }),
  },
];

const subjectOf = ({ actor }: MemberCtx, tenantId: TenantId): Readonly<Partial<Record<Scope, string>>> => ({
  person: actor.personId,
  organization: actor.organizationId,
  tenant: `${actor.organizationId}:${tenantId}`,
});

/** The allowance is used up. */
async function exhaust(name: LimitName, scope: Scope, subject: string | undefined): Promise<void> {
  const allowances: Partial<Record<Scope, { max: number }>> = LIMITS[name];
  const endsAt = new Date(Date.now() + 3_600_000);
  await db.database.prisma.limitCounter.create({
    data: { key: `${name}:${scope}:${subject}`, count: allowances[scope]?.max ?? 0, endsAt },
  });
}

const counters = (subject: string) =>
  db.database.prisma.limitCounter.count({ where: { key: { contains: subject } } });

test.each(CASES)('$what has limits', async ({ name, scopes, call }) => {
  expect(Object.keys(LIMITS[name]).toSorted()).toEqual(scopes.toSorted());
  for (const scope of scopes) {
    const ctx = await createTestMember(services, 'admin');
    const { tenantId } = await createTestTenant(ctx);
    await exhaust(name, scope, subjectOf(ctx, tenantId)[scope]);
    expect(await call(ctx, tenantId), scope).toMatchObject({
      ok: false,
      problem: { code: 'rate-limited', retryAfterSeconds: expect.any(Number) },
    });
    const stranger = await createTestMember(services, 'admin');
    expect(await call(stranger, (await createTestTenant(stranger)).tenantId)).not.toMatchObject({
      problem: { code: 'rate-limited' },
    });
  }
});

test.each(CASES.filter(({ isForAdmins }) => isForAdmins))(
  '$what by a viewer counts for nobody',
  async ({ call }) => {
    const viewer = await createTestMember(services, 'viewer');
    const { tenantId } = await createTestTenant(viewer);
    expect(await call(viewer, tenantId)).toMatchObject({ problem: { code: 'forbidden' } });
    expect(await counters(viewer.actor.organizationId)).toBe(0);
  },
);

test('a stranger who names a tenant uses up nothing of its people’s', async () => {
  const ctx = await createTestMember(services, 'admin');
  const { tenantId } = await createTestTenant(ctx);
  const stranger = await createTestMember(services, 'admin');
  const { max } = LIMITS['import.start'].tenant;
  for (let time = 0; time <= max; time += 1) await startImport(stranger, { tenantId, trigger: 'manual' });
  expect(await startImport(ctx, { tenantId, trigger: 'manual' })).toMatchObject({ ok: true });
});

test('the imports that follow from connecting and from the schedule have no limits', async () => {
  const ctx = await createTestMember(services, 'admin');
  const { tenantId } = await createTestTenant(ctx);
  for (const scope of TENANT_SCOPES) await exhaust('import.start', scope, subjectOf(ctx, tenantId)[scope]);
  expect(await startImport(ctx, { tenantId, trigger: 'onboarding' })).toMatchObject({ ok: true });
});
