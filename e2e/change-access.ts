import { randomUUID } from 'node:crypto';
import { Control } from '../simulator/testing.ts';
import { CustomerTenant, test as connected, type Home } from './consent.ts';
import { inDatabase } from './database.ts';
import { AZURE_APP } from './microsoft.ts';

const ROLE_NAMES: Readonly<Record<string, string>> = {
  'acdd72a7-3385-48ef-bd42-f606fba81ae7': 'Reader',
  '4a9ae827-6dc8-4573-8ac7-8239d42aa03f': 'Tag Contributor',
};

type State = {
  readonly subscriptions: readonly { id: string; tenantId: string; displayName: string }[];
  readonly roleAssignments: readonly { name: string; scope: string; roleId: string; principalId: string }[];
};

/** An Azure account that is connected, with the portal as Reader of three subscriptions. */
export class AzureAccount {
  readonly tenantId = randomUUID();
  readonly tenant: CustomerTenant;
  readonly principalId: string;
  /** In the order of their names. */
  readonly subscriptions: readonly { readonly id: string; readonly name: string }[];

  private constructor(tenant: CustomerTenant, principalId: string, subscriptions: State['subscriptions']) {
    this.tenant = tenant;
    this.principalId = principalId;
    this.subscriptions = subscriptions.map(({ id, displayName }) => ({ id, name: displayName }));
  }

  static async connect(tenant: CustomerTenant, home: Home): Promise<AzureAccount> {
    const { control } = tenant;
    const { objectId } = await control.grant(tenant.id, AZURE_APP.clientId);
    const read = () => control.request<State>('GET', '/state');
    const own = (await read()).subscriptions.filter(({ tenantId }) => tenantId === tenant.id);
    const account = new AzureAccount(
      tenant,
      objectId,
      own.toSorted((a, b) => a.displayName.localeCompare(b.displayName, 'en')),
    );
    for (const { id } of account.subscriptions) await account.give(id, 'Reader');
    await account.#store(home, (await read()).roleAssignments);
    return account;
  }

  get path(): string {
    return `/setup/cloud-tenants/${this.tenantId}`;
  }

  /** Gives the portal a role as Azure has it; what the portal knows of it is another matter. */
  give = (subscriptionId: string, role: string) =>
    this.tenant.control.request<State['roleAssignments'][number]>('POST', '/role-assignments', {
      scope: `/subscriptions/${subscriptionId}`,
      role,
      principalId: this.principalId,
    });

  /** The portal's roles on each subscription, as Azure has them. */
  async roles(): Promise<string[]> {
    const { roleAssignments } = await this.tenant.control.request<State>('GET', '/state');
    return this.subscriptions.map(({ id }) =>
      roleAssignments
        .filter(({ scope, principalId }) => {
          return scope === `/subscriptions/${id}` && principalId === this.principalId;
        })
        .map(({ roleId }) => ROLE_NAMES[roleId] ?? roleId)
        .toSorted()
        .join(', '),
    );
  }

  async levels(): Promise<(string | null)[]> {
    const rows = await inDatabase(({ prisma }) =>
      prisma.azureSubscription.findMany({
        where: { tenantId: this.tenantId },
        orderBy: { displayName: 'asc' },
        select: { accessLevel: true },
      }),
    );
    return rows.map(({ accessLevel }) => accessLevel);
  }

  async record(assignments: State['roleAssignments']): Promise<void> {
    const { tenantId, principalId } = this;
    await inDatabase(({ prisma }) =>
      prisma.roleAssignment.createMany({
        data: assignments.map(({ name, scope, roleId }) => ({
          tenantId,
          roleScope: scope,
          name,
          roleDefinitionId: roleId,
          principalId,
          createdAt: new Date(),
        })),
      }),
    );
  }

  async #store({ organization }: Home, assignments: State['roleAssignments']): Promise<void> {
    await inDatabase(async ({ prisma }) => {
      const { id: organizationId } = await prisma.organization.findFirstOrThrow({
        where: { name: organization },
        select: { id: true },
      });
      await prisma.tenant.create({
        data: {
          id: this.tenantId,
          organizationId,
          kind: 'azure',
          name: this.tenant.name,
          directoryId: this.tenant.id,
          status: 'connected',
          servicePrincipalId: this.principalId,
          boundByPerson: this.tenant.admin,
          boundAt: new Date(),
          azureSubscriptions: {
            create: this.subscriptions.map(({ id, name }) => ({
              subscriptionId: id,
              displayName: name,
              state: 'Enabled',
              status: 'added' as const,
              accessLevel: 'resources' as const,
              addedAt: new Date(),
            })),
          },
        },
      });
    });
    await this.record(assignments.filter(({ principalId }) => principalId === this.principalId));
  }
}

/** Tests with a connected Azure account of their own. */
export const test = connected.extend<{ readonly account: AzureAccount }>({
  tenant: async ({ simulatorUrl }, use) => {
    const tenant = await CustomerTenant.create(new Control(simulatorUrl), 'levels', 3);
    await use(tenant);
    await tenant.calm();
  },
  account: async ({ tenant, home }, use) => use(await AzureAccount.connect(tenant, home)),
});
