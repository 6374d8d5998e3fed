import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { DirectoryId, type FlowId, type TenantId } from '#lib/core/ids.ts';
import { startTestDatabase, type TestDatabase } from '#lib/db/testing.ts';
import { listBillingRoleAssignments } from '#lib/microsoft/arm/billing-roles.ts';
import { ROLE, roleAssignmentName } from '#lib/microsoft/arm/role-assignments.ts';
import {
  ARM_IMPERSONATION,
  AZURE_APP,
  delegatedToken,
  type RunningSimulator,
  startSimulator,
} from '../../../simulator/testing.ts';
import { addEnrollment } from '../billing/enrollments.ts';
import { migrateEnrollment } from '../billing/migrate.ts';
import { simulatorClients } from '../consent/testing.ts';
import { delegateAs } from '../delegation/testing.ts';
import { recordRole } from '../role-assignments/record.ts';
import { createTestTenant } from '../tenants/testing.ts';
import { createTestMember, type MemberCtx, testServices } from '../testing.ts';
import { getRemoval, previewRemoval } from './queries.ts';
import { removeTenant } from './remove-tenant.ts';
import { takeBackRoles } from './take-back-roles.ts';

const NO_LAG = {
  servicePrincipalLagMs: 0,
  grantLagMs: 0,
  principalLagMs: 0,
  roleAssignmentLagMs: 0,
  billingRoleLagMs: 0,
};
const State = z.object({
  subscriptions: z.array(z.object({ id: z.string(), tenantId: z.string() })),
  roleAssignments: z.array(z.object({ name: z.string(), scope: z.string(), principalId: z.string() })),
});

let db: TestDatabase;
let simulator: RunningSimulator;
let ctx: MemberCtx;
let tenantId: TenantId;
let directoryId: DirectoryId;
let principalId: string;
let subscriptions: string[];
let owner: string;

beforeAll(async () => {
  [db, simulator] = await Promise.all([startTestDatabase(), startSimulator({ settings: NO_LAG })]);
});
afterAll(async () => {
  await Promise.all([db.stop(), simulator.stop()]);
});

/** A tenant of its own with three subscriptions, on each of which the portal has given itself Reader. */
beforeEach(async () => {
  ctx = await createTestMember(
    testServices(db.database, {
      microsoft: simulatorClients(simulator.url, { wait: async () => undefined }),
    }),
    'admin',
  );
  const domain = `${crypto.randomUUID().slice(0, 8)}.example`;
  const { tenant, persona } = await simulator.control.createTenant({ domain, users: 1, subscriptions: 3 });
  owner = persona.mail;
  directoryId = DirectoryId.parse(tenant.id);
  ({ objectId: principalId } = await simulator.control.grant(tenant.id, AZURE_APP.clientId));
  subscriptions = State.parse(await simulator.control.state())
    .subscriptions.filter((each) => each.tenantId === tenant.id)
    .map(({ id }) => id);
  tenantId = await connect(ctx);
});

/** Connected with the roles given, as onboarding leaves it. */
async function connect(member: MemberCtx): Promise<TenantId> {
  const created = await createTestTenant(member, {
    kind: 'azure',
    directoryId,
    servicePrincipalId: principalId,
  });
  for (const subscriptionId of subscriptions) {
    const roleScope = `/subscriptions/${subscriptionId}`;
    const name = roleAssignmentName(roleScope, principalId, ROLE.reader);
    await simulator.control.request('POST', '/role-assignments', {
      scope: roleScope,
      role: 'Reader',
      principalId,
      name,
    });
    await recordRole(db.database.prisma, new Date(), {
      tenantId: created.tenantId,
      roleScope,
      name,
      roleDefinitionId: ROLE.reader,
      principalId,
    });
    await db.database.prisma.azureSubscription.create({
      data: {
        tenantId: created.tenantId,
        subscriptionId,
        displayName: `Subscription ${subscriptionId}`,
        state: 'Enabled',
        status: 'added',
      },
    });
  }
  return created.tenantId;
}

const signIn = (account = owner): Promise<FlowId> =>
  delegateAs(ctx, { tenantId, purpose: 'remove-tenant', subject: {} }, account);

/** Scopes on which our service principal has a role, as Azure has it. */
async function scopesInAzure(): Promise<string[]> {
  const { roleAssignments } = State.parse(await simulator.control.state());
  return roleAssignments.filter((each) => each.principalId === principalId).map(({ scope }) => scope);
}

async function thingsOf(member = ctx) {
  const preview = await previewRemoval(member, { tenantId });
  if (!preview.ok) throw new Error(preview.problem.code);
  return preview.value;
}

test('what exists at Microsoft is listed, with commands for this tenant', async () => {
  const { microsoftSide, remedies } = await thingsOf();
  expect(microsoftSide.map(({ kind, outcome }) => `${kind} ${outcome}`)).toEqual([
    'role-assignment left',
    'role-assignment left',
    'role-assignment left',
    'service-principal left',
  ]);
  const commands = remedies.flatMap((remedy) => remedy.commands.map(({ text }) => text)).join('\n');
  expect(commands).toContain(`az login --tenant ${directoryId}`);
  expect(commands).toContain(`az ad sp delete --id ${AZURE_APP.clientId}`);
  for (const id of subscriptions) {
    const name = roleAssignmentName(`/subscriptions/${id}`, principalId, ROLE.reader);
    expect(commands).toContain(
      `/subscriptions/${id}/providers/Microsoft.Authorization/roleAssignments/${name}`,
    );
  }
});

test('the roles are taken back with the rights of who signs in, and the receipt says so', async () => {
  const flowId = await signIn();
  expect(await takeBackRoles(ctx, { tenantId, flowId })).toEqual({
    ok: true,
    value: { takenBack: 3, left: 0 },
  });
  expect(await scopesInAzure()).toEqual([]);
  // The token is gone as soon as the work is done.
  expect(await takeBackRoles(ctx, { tenantId, flowId })).toMatchObject({
    problem: { code: 'delegation-ended' },
  });
  expect((await thingsOf()).remedies.map(({ about }) => about)).toEqual(['application']);
  const removed = await removeTenant(ctx, { tenantId, confirmation: 'Contoso', keep: 'days' });
  if (!removed.ok) throw new Error(removed.problem.code);
  const receipt = await getRemoval(ctx, removed.value);
  if (!receipt.ok) throw new Error(receipt.problem.code);
  expect(receipt.value.microsoftSide.map(({ kind, outcome }) => `${kind} ${outcome}`)).toEqual([
    'role-assignment removed',
    'role-assignment removed',
    'role-assignment removed',
    'service-principal left',
  ]);
  expect(receipt.value.left).toBe(1);
});

test('a lock and a missing right are that assignment’s own; the others go on, and a second press does the rest', async () => {
  const [locked = '', gone = ''] = subscriptions;
  await simulator.control.request('POST', `/subscriptions/${gone}`, { isDeleted: true });
  const { id } = await simulator.control.fault({
    kind: 'error',
    service: 'arm',
    tenantId: directoryId,
    method: 'DELETE',
    path: `/subscriptions/${locked}`,
    status: 409,
    code: 'ScopeLocked',
    message: 'The scope is locked.',
  });
  const flowId = await signIn();
  expect(await takeBackRoles(ctx, { tenantId, flowId })).toMatchObject({ value: { takenBack: 2, left: 1 } });
  const { microsoftSide } = await thingsOf();
  expect(microsoftSide).toContainEqual(
    expect.objectContaining({
      scope: `/subscriptions/${locked}`,
      outcome: 'failed',
      problem: expect.objectContaining({ code: 'request-rejected' }),
    }),
  );
  expect(microsoftSide).toContainEqual(
    expect.objectContaining({ scope: `/subscriptions/${gone}`, outcome: 'absent' }),
  );
  await simulator.control.request('DELETE', `/faults/${id}`);
  expect(await takeBackRoles(ctx, { tenantId, flowId })).toMatchObject({ value: { takenBack: 1, left: 0 } });
});

test('who may not take roles away takes none away', async () => {
  const mail = `reader@${directoryId}.example`;
  await simulator.control.request('POST', '/personas', {
    tenantId: directoryId,
    mail,
    displayName: 'Reader',
  });
  for (const id of subscriptions) {
    await simulator.control.request('POST', '/role-assignments', {
      scope: `/subscriptions/${id}`,
      role: 'Reader',
      mail,
    });
  }
  const flowId = await signIn(mail);
  expect(await takeBackRoles(ctx, { tenantId, flowId })).toMatchObject({ value: { takenBack: 0, left: 3 } });
  expect(await scopesInAzure()).toHaveLength(3);
  const { microsoftSide } = await thingsOf();
  expect(microsoftSide.filter(({ outcome }) => outcome === 'failed')).toHaveLength(3);
});

test('a role that another connection stands on stays, and nothing is said of it', async () => {
  const stranger = await createTestMember(ctx, 'owner');
  const { prisma } = db.database;
  const other = await createTestTenant(stranger, { kind: 'azure', directoryId, name: 'Somebody else' });
  const [shared = ''] = subscriptions;
  const roleScope = `/subscriptions/${shared}`;
  await recordRole(prisma, new Date(), {
    tenantId: other.tenantId,
    roleScope,
    name: roleAssignmentName(roleScope, principalId, ROLE.reader),
    roleDefinitionId: ROLE.reader,
    principalId,
  });
  const flowId = await signIn();
  expect(await takeBackRoles(ctx, { tenantId, flowId })).toMatchObject({ value: { takenBack: 2, left: 0 } });
  expect(await scopesInAzure()).toEqual([roleScope]);
  const preview = await thingsOf();
  expect(preview.microsoftSide).toContainEqual(
    expect.objectContaining({ scope: roleScope, outcome: 'left' }),
  );
  expect(JSON.stringify(preview)).not.toContain('Somebody else');
});

test('a sign-in for something else, or of another tenant, takes nothing away', async () => {
  const other = await delegateAs(ctx, { tenantId, purpose: 'change-access', subject: {} }, owner);
  expect(await takeBackRoles(ctx, { tenantId, flowId: other })).toMatchObject({
    problem: { code: 'not-found' },
  });
  const { tenantId: another } = await createTestTenant(ctx, { kind: 'azure' });
  const flowId = await signIn();
  expect(await takeBackRoles(ctx, { tenantId: another, flowId })).toMatchObject({
    problem: { code: 'not-found' },
  });
  expect(await scopesInAzure()).toHaveLength(3);
});

test('a role that was given anew after it was taken back is there again', async () => {
  const flowId = await signIn();
  await takeBackRoles(ctx, { tenantId, flowId });
  const [again = ''] = subscriptions;
  const roleScope = `/subscriptions/${again}`;
  const name = roleAssignmentName(roleScope, principalId, ROLE.reader);
  const role = { tenantId, roleScope, name, roleDefinitionId: ROLE.reader, principalId };
  await recordRole(db.database.prisma, new Date(), role);
  const { microsoftSide } = await thingsOf();
  expect(
    microsoftSide.filter(({ kind }) => kind === 'role-assignment').map(({ outcome }) => outcome),
  ).toEqual(['removed', 'removed', 'left']);
});

describe('a role on an enrollment', () => {
  let enrollment: string;

  /** An enrollment that the person signing in administers; with the role given through the portal. */
  beforeEach(async () => {
    enrollment = String(10_000_000 + Math.floor(Number(`0x${tenantId.slice(0, 6)}`)));
    await simulator.control.request('POST', '/billing-accounts', {
      tenantId: directoryId,
      agreementType: 'EnterpriseAgreement',
      name: enrollment,
      administrators: [owner],
    });
    await addEnrollment(ctx, { tenantId, enrollment });
    const token = await delegatedToken(simulator.url, owner, `openid ${ARM_IMPERSONATION}`, {
      app: AZURE_APP,
      tenant: directoryId,
    });
    const arm = ctx.microsoft.armAsPerson(token);
    const migrated = await migrateEnrollment(
      ctx,
      { tenantId, account: enrollment, arm, person: owner },
      async () => undefined,
    );
    if (!migrated.ok) throw new Error(migrated.problem.code);
  });

  async function roleThere(): Promise<boolean> {
    const arm = ctx.microsoft.armAsApp(directoryId);
    const roles = await listBillingRoleAssignments(arm, enrollment);
    return roles.ok && roles.value.some((role) => role.principalId === principalId);
  }

  const stateOf = async () =>
    (await thingsOf()).microsoftSide.find(({ kind }) => kind === 'billing-role')?.outcome;

  test('is taken back where an Enterprise Administrator signs in', async () => {
    expect(await roleThere()).toBe(true);
    expect(await takeBackRoles(ctx, { tenantId, flowId: await signIn() })).toMatchObject({
      value: { takenBack: 4, left: 0 },
    });
    expect(await roleThere()).toBe(false);
    expect(await stateOf()).toBe('removed');
    expect((await thingsOf()).remedies.map(({ about }) => about)).toEqual(['application']);
  });

  test('stays where another connection of the directory uses it, or somebody else gave it', async () => {
    await db.database.prisma.billingAccount.updateMany({ where: { tenantId }, data: { assignedAt: null } });
    const flowId = await signIn();
    expect(await takeBackRoles(ctx, { tenantId, flowId })).toMatchObject({
      value: { takenBack: 3, left: 0 },
    });
    expect(await stateOf()).toBe('left');
    await db.database.prisma.billingAccount.updateMany({
      where: { tenantId },
      data: { assignedAt: new Date() },
    });
    const stranger = await createTestMember(ctx, 'admin');
    const other = await createTestTenant(stranger, {
      kind: 'azure',
      directoryId,
      servicePrincipalId: principalId,
    });
    await db.database.prisma.billingAccount.create({
      data: {
        tenantId: other.tenantId,
        name: enrollment,
        agreementType: 'EnterpriseAgreement',
        relationships: [],
        roleSince: new Date(),
        addedBy: 'somebody',
        addedAt: new Date(),
      },
    });
    expect(await takeBackRoles(ctx, { tenantId, flowId: await signIn() })).toMatchObject({
      value: { takenBack: 0, left: 0 },
    });
    expect(await roleThere()).toBe(true);
  });
});
