/*
 * For tests: a tenant with a row in every table that has rows of tenants.
 */
import { randomUUID } from 'node:crypto';
import { FlowId, type TenantId } from '#lib/core/ids.ts';
import { plannedPhases } from '../imports/model.ts';
import { createTestTenant } from '../tenants/testing.ts';
import type { MemberCtx } from '../testing.ts';

/** How many users it has: more than one batch of the test's. */
export const FILLED_USERS = 7;

const DAY = new Date('2026-11-01T00:00:00Z');

/**
 * A connected Azure tenant with at least one row in each table. A table that comes with a new part of the product gets
 * its row here; the test of the erasure fails until it does.
 */
export async function createFilledTenant(ctx: MemberCtx): Promise<TenantId> {
  const { prisma } = ctx.database;
  const { organizationId, personId } = ctx.actor;
  const { tenantId, directoryId } = await createTestTenant(ctx, { kind: 'azure' });
  const subscriptionId = randomUUID();
  const flowId = FlowId.parse(randomUUID());
  const runId = randomUUID();
  const id = () => randomUUID();
  await prisma.azureSubscription.create({
    data: { tenantId, subscriptionId, displayName: 'Production', state: 'Enabled', status: 'added' },
  });
  await prisma.roleAssignment.create({
    data: {
      tenantId,
      roleScope: `/subscriptions/${subscriptionId}`,
      name: id(),
      roleDefinitionId: 'acdd72a7-3385-48ef-bd42-f606fba81ae7',
      principalId: id(),
      createdAt: DAY,
    },
  });
  await prisma.accessChange.create({
    data: {
      tenantId,
      id: id(),
      personId,
      personName: 'Test',
      createdAt: DAY,
      items: {
        create: {
          subscriptionId,
          fromLevel: 'resources',
          toLevel: 'tags_in',
          state: 'planned',
          plan: {},
          updatedAt: DAY,
        },
      },
    },
  });
  await prisma.consentFlow.create({
    data: {
      id: flowId,
      organizationId,
      personId,
      kind: 'azure',
      name: 'Contoso',
      directoryId,
      status: 'succeeded',
      tenantId,
      redirects: {
        create: {
          stateHash: id(),
          leg: 'sign_in',
          browserHash: 'x',
          nonce: 'n',
          codeVerifier: new Uint8Array([1, 2, 3]),
          createdAt: DAY,
          expiresAt: DAY,
        },
      },
      delegation: {
        create: {
          organizationId,
          tenantId,
          personId,
          purpose: 'add-subscriptions',
          subject: {},
          signedInAs: 'Alex Admin (alex.admin@contoso.com)',
          accessToken: new Uint8Array([1, 2, 3]),
          createdAt: DAY,
          startedAt: DAY,
          expiresAt: DAY,
          calls: { create: { id: id(), at: DAY, method: 'GET', target: 'x' } },
        },
      },
    },
  });
  await prisma.managementGroup.create({
    data: { tenantId, name: 'production', displayName: 'Production', accessLevel: 'resources', addedAt: DAY },
  });
  await prisma.subscriptionAddition.create({
    data: {
      tenantId,
      id: id(),
      personId,
      flowId,
      state: 'ended',
      accessLevel: 'resources',
      createdAt: DAY,
      updatedAt: DAY,
      items: {
        create: {
          subscriptionId,
          displayName: 'Production',
          state: 'Enabled',
          isAdded: false,
          roles: [],
          isChosen: true,
        },
      },
    },
  });
  await prisma.accessToken.create({
    data: {
      id: id(),
      tenantId,
      enrollmentNumber: '8608480',
      encryptedKey: new Uint8Array([1, 2, 3]),
      lastFour: 'abcd',
      addedBy: 'Test',
      addedAt: DAY,
      state: 'valid',
      checkedAt: DAY,
      nextCheckAt: DAY,
    },
  });
  await prisma.notice.create({
    data: {
      id: id(),
      organizationId,
      tenantId,
      subject: 'access_token',
      subjectId: id(),
      kind: 'expiry',
      daysBefore: 7,
      happensAt: DAY,
      label: 'access token',
      createdAt: DAY,
    },
  });
  await prisma.billingAccount.create({
    data: {
      tenantId,
      name: '8608480',
      agreementType: 'EnterpriseAgreement',
      assignedBy: 'Alex Admin (alex.admin@contoso.com)',
      assignedAt: DAY,
      addedBy: 'Test',
      addedAt: DAY,
    },
  });
  // An attempt that connected nothing names people of the directory, too.
  await prisma.consentFlow.create({
    data: {
      id: id(),
      organizationId,
      personId,
      kind: 'azure',
      name: 'Contoso',
      directoryId,
      status: 'failed',
      createdAt: DAY,
    },
  });
  await prisma.importRun.create({
    data: {
      tenantId,
      id: runId,
      trigger: 'manual',
      status: 'running',
      phases: plannedPhases('azure'),
      pages: { create: { pageNo: 1, userIds: [id()] } },
    },
  });
  await prisma.directoryUser.createMany({
    data: Array.from({ length: FILLED_USERS }, (_, index) => ({
      tenantId,
      id: id(),
      displayName: `User ${index}`,
      contentHash: new Uint8Array([index]),
      importedAt: DAY,
    })),
  });
  const units = { enabledUnits: 1, warningUnits: 0, suspendedUnits: 0, lockedOutUnits: 0, consumedUnits: 1 };
  const skuId = id();
  await prisma.subscribedSku.create({
    data: {
      tenantId,
      skuId,
      skuPartNumber: 'X',
      capabilityStatus: 'Enabled',
      servicePlans: [],
      importedAt: DAY,
      ...units,
    },
  });
  await prisma.skuSnapshot.create({ data: { tenantId, skuId, day: DAY, ...units } });
  await prisma.licenceFigure.create({
    data: { tenantId, dimension: 'all', value: '', skuId, fromDay: DAY, users: 1 },
  });
  await prisma.directorySubscription.create({
    data: {
      tenantId,
      id: id(),
      skuId,
      skuPartNumber: 'X',
      status: 'Enabled',
      totalLicenses: 1,
      importedAt: DAY,
    },
  });
  const groupId = id();
  await prisma.licensedGroup.create({ data: { tenantId, id: groupId, importedAt: DAY } });
  const { id: userId } = await prisma.directoryUser.findFirstOrThrow({ where: { tenantId } });
  await prisma.licenceError.create({
    data: { tenantId, groupId, userId, skuId, state: 'Error', error: 'CountViolation' },
  });
  await prisma.directorySync.create({ data: { tenantId } });
  await prisma.importFreshness.create({
    data: { tenantId, phase: 'users', runId: id(), freshAt: DAY, method: 'full' },
  });
  await prisma.directoryUserChange.create({
    data: { tenantId, id: id(), changedAt: DAY, runId: id(), kind: 'added' },
  });
  await prisma.erasedPerson.create({
    data: { tenantId, id: id(), erasedAt: DAY, erasedBy: id() },
  });
  return tenantId;
}
