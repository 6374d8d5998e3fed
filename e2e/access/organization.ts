import { randomUUID } from 'node:crypto';
import { TenantId } from '#lib/core/ids.ts';
import type { Database } from '#lib/db/database.ts';
import type { Prisma } from '#lib/db/generated/client.ts';
import { toJson } from '#lib/domain/problem-json.ts';
import { encodeCursor } from '#lib/domain/users/cursor.ts';
import type { Kind } from '../../scripts/access/model.ts';

export type Ids = Readonly<Record<Kind, string>>;

/** An organization whose every datum has its mark: a word that occurs nowhere else, in all names and ids. */
export type Organization = {
  readonly mark: string;
  readonly ids: Ids;
  /** How the thing of each kind is called where it is shown. */
  readonly names: Readonly<Record<Kind, string>>;
  /** Of its members: made by the portal, and so without the mark. */
  readonly personIds: readonly string[];
};

const DAY_MS = 86_400_000;

export const idWith = (mark: string): string => `${mark}${randomUUID().slice(8)}`;
export const domainOf = (mark: string): string => `${mark}.example.com`;

/** A cursor before the first user by name. */
export const cursorAt = (id: string, tenantId: string): string =>
  encodeCursor('name', 'asc', { rank: 0, keys: [''], id, tenantId: TenantId.parse(tenantId) });

type Membership = {
  readonly personId: string;
  readonly portalRole: 'owner' | 'admin' | 'viewer';
};

/** One of everything, written as onboarding and an import would have left it. */
export async function fill(
  { prisma }: Database,
  mark: string,
  directoryId: string,
  members: readonly Membership[],
): Promise<Organization> {
  // Long ago: pages name the day, and not how many minutes it is since.
  const read = new Date(Date.now() - 100 * DAY_MS);
  // Bound after today's hour of the daily import, which would otherwise change what this test compares.
  const boundAt = new Date(Date.now() + DAY_MS);
  const organizationId = idWith(mark);
  const [tenant, azureTenant, accessToken, user, managerId, flow, delegation, run, sku] = Array.from(
    { length: 9 },
    () => idWith(mark),
  ) as [string, string, string, string, string, string, string, string, string];
  const names = {
    tenant: `Office ${mark}`,
    'azure-tenant': `Azure ${mark}`,
    'access-token': `Adder ${mark}`,
    user: `User ${mark}`,
    flow: `Flow ${mark}`,
    delegation: `Lender ${mark}`,
    subscription: `Subscription ${mark}`,
    change: `Planner ${mark}`,
    run: `Run ${mark}`,
    sku: `SKU_${mark}`,
    cursor: '',
    directory: '',
    'spare-tenant': `Spare ${mark}`,
    'removed-tenant': `Removed ${mark}`,
    removal: `Remover ${mark}`,
  };
  const subscription = idWith(mark);
  const change = idWith(mark);
  await prisma.organization.create({
    data: { id: organizationId, name: `Organization ${mark}`, members: { create: [...members] } },
  });
  const common = {
    organizationId,
    directoryId,
    domain: domainOf(mark),
    status: 'connected',
    boundByPerson: `Binder ${mark}`,
    boundAt,
    servicePrincipalId: idWith(mark),
  } as const;
  await prisma.tenant.create({ data: { ...common, id: tenant, kind: 'office365', name: names.tenant } });
  await prisma.tenant.create({
    data: {
      ...common,
      id: azureTenant,
      kind: 'azure',
      name: names['azure-tenant'],
      agreement: 'ea',
      enrollmentNumber: `E${mark}`,
      billingAccounts: {
        create: {
          name: '8608480',
          displayName: `Enrollment ${mark}`,
          agreementType: 'EnterpriseAgreement',
          addedBy: `Adder ${mark}`,
          addedAt: new Date(Date.now() - 100 * DAY_MS),
        },
      },
      azureSubscriptions: {
        create: {
          subscriptionId: subscription,
          displayName: names.subscription,
          state: 'Enabled',
          status: 'added',
          accessLevel: 'resources',
        },
      },
    },
  });
  const item = { step: null, plan: { remove: [], stays: [], isSeen: true }, updatedAt: read };
  await prisma.accessChange.create({
    data: {
      tenantId: azureTenant,
      id: change,
      personId: idWith(mark),
      personName: names.change,
      createdAt: read,
      items: {
        create: [
          {
            ...item,
            subscriptionId: subscription,
            fromLevel: 'tags_in',
            toLevel: 'resources',
            state: 'done',
          },
          {
            ...item,
            subscriptionId: idWith(mark),
            fromLevel: 'resources',
            toLevel: 'tags_in_out',
            state: 'planned',
          },
        ],
      },
    },
  });
  const [spareTenant, removedTenant, removal] = [idWith(mark), idWith(mark), idWith(mark)];
  await fillRemoved(
    { prisma },
    { ...common, directoryId: idWith(mark) },
    {
      spare: { id: spareTenant, name: names['spare-tenant'] },
      removed: { id: removedTenant, name: names['removed-tenant'] },
      removal: { id: removal, removedBy: names.removal },
    },
  );
  const at = read.toISOString();
  await prisma.importRun.create({
    data: {
      tenantId: tenant,
      id: run,
      trigger: 'manual',
      status: 'completed',
      createdAt: read,
      startedAt: read,
      finishedAt: read,
      phases: (['skus', 'organization', 'users'] as const).map((phase) => ({
        phase,
        state: 'completed',
        received: 1,
        expected: 1,
        written: 1,
        retired: 0,
        startedAt: at,
        endedAt: at,
        requests: 1,
        throttled: 0,
        waitingUntil: null,
        restarts: 0,
      })),
    },
  });
  const unitsOfNoProduct = { warningUnits: 0, suspendedUnits: 0, lockedOutUnits: 0, consumedUnits: 1 };
  await prisma.subscribedSku.create({
    data: {
      tenantId: tenant,
      skuId: sku,
      skuPartNumber: names.sku,
      capabilityStatus: 'Enabled',
      appliesTo: 'User',
      enabledUnits: 9,
      ...unitsOfNoProduct,
      servicePlans: [
        {
          servicePlanId: idWith(mark),
          servicePlanName: `PLAN_${mark}`,
          provisioningStatus: 'Success',
          appliesTo: 'User',
        },
      ],
      importedAt: read,
    },
  });
  await prisma.directorySubscription.create({
    data: {
      tenantId: tenant,
      id: idWith(mark),
      skuId: sku,
      skuPartNumber: names.sku,
      status: 'Enabled',
      totalLicenses: 9,
      importedAt: read,
    },
  });
  await prisma.skuSnapshot.create({
    data: { tenantId: tenant, skuId: sku, day: read, enabledUnits: 9, ...unitsOfNoProduct },
  });
  for (const [id, displayName] of [
    [managerId, `Manager ${mark}`],
    [user, names.user],
  ] as const) {
    await prisma.directoryUser.create({
      data: {
        tenantId: tenant,
        id,
        displayName,
        userPrincipalName: `${id}@${domainOf(mark)}`,
        mail: `${id}@${domainOf(mark)}`,
        department: `Department ${mark}`,
        country: `Country ${mark}`,
        accountEnabled: true,
        ...(id === user && { managerId }),
        skuIds: [sku],
        contentHash: new Uint8Array([0]),
        importedAt: read,
      },
    });
  }
  await prisma.consentFlow.create({
    data: {
      id: flow,
      organizationId,
      personId: members[0]?.personId ?? '',
      kind: 'office365',
      name: names.flow,
      directoryId,
      domain: domainOf(mark),
      status: 'failed',
      problem: toJson({ code: 'flow-interrupted' }),
      tenantId: tenant,
    },
  });
  const lender = members.find(({ portalRole }) => portalRole === 'owner')?.personId ?? '';
  await prisma.consentFlow.create({
    data: {
      id: delegation,
      organizationId,
      personId: lender,
      kind: 'azure',
      name: names['azure-tenant'],
      directoryId,
      status: 'succeeded',
      tenantId: azureTenant,
      delegation: {
        create: {
          organizationId,
          tenantId: azureTenant,
          personId: lender,
          purpose: 'add-subscriptions',
          subject: { additionId: delegation },
          signedInAs: names.delegation,
          signedInObjectId: idWith(mark),
          createdAt: read,
          startedAt: read,
          expiresAt: read,
          endedAt: read,
          endedWhy: 'finished',
          calls: {
            create: { id: idWith(mark), at: read, method: 'GET', target: `${mark}.example/x`, status: 200 },
          },
        },
      },
    },
  });
  await prisma.accessToken.create({
    data: {
      id: accessToken,
      tenantId: azureTenant,
      enrollmentNumber: `E${mark}`,
      lastFour: mark.slice(0, 4),
      addedBy: names['access-token'],
      addedAt: read,
      state: 'valid',
      checkedAt: read,
      nextCheckAt: boundAt,
    },
  });
  await prisma.subscriptionAddition.create({
    data: {
      tenantId: azureTenant,
      id: delegation,
      personId: lender,
      flowId: delegation,
      state: 'choosing',
      accessLevel: 'resources',
      createdAt: read,
      updatedAt: read,
      items: {
        create: {
          subscriptionId: idWith(mark),
          displayName: `Choosable ${mark}`,
          state: 'Enabled',
          isAdded: false,
          roles: [],
          isChosen: true,
        },
      },
    },
  });
  const ids = {
    tenant,
    'azure-tenant': azureTenant,
    'access-token': accessToken,
    user,
    flow,
    delegation,
    subscription,
    change,
    run,
    sku,
    cursor: cursorAt(user, tenant),
    directory: directoryId,
    'spare-tenant': spareTenant,
    'removed-tenant': removedTenant,
    removal,
  };
  return { mark, ids, names, personIds: members.map(({ personId }) => personId) };
}

type Common = Omit<Prisma.TenantUncheckedCreateInput, 'id' | 'name' | 'kind'>;

/** A tenant that nothing else looks at, and one that was removed and can be restored. */
async function fillRemoved(
  { prisma }: Pick<Database, 'prisma'>,
  common: Common,
  {
    spare,
    removed,
    removal,
  }: {
    readonly spare: { readonly id: string; readonly name: string };
    readonly removed: { readonly id: string; readonly name: string };
    readonly removal: { readonly id: string; readonly removedBy: string };
  },
): Promise<void> {
  const { organizationId, directoryId, domain } = common;
  await prisma.tenant.create({ data: { ...common, ...spare, kind: 'office365' } });
  await prisma.tenant.create({ data: { ...common, ...removed, kind: 'azure', ...justRemoved() } });
  const { removedAt, eraseAt } = justRemoved();
  await prisma.tenantRemoval.create({
    data: {
      ...removal,
      organizationId,
      formerTenantId: removed.id,
      kind: 'azure',
      name: removed.name,
      directoryId,
      domain,
      createdAt: removedAt,
      removedAt,
      eraseAt,
    },
  });
}

/** How a tenant is that was removed a while ago, and can be restored. */
export const justRemoved = () => ({
  status: 'removed' as const,
  removedAt: new Date(Date.now() - 100 * DAY_MS),
  eraseAt: new Date(Date.now() + 100 * DAY_MS),
});
