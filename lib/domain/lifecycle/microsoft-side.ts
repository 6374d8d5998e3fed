import { z } from 'zod';
import type { Problem } from '#lib/core/problem.ts';
import type { Transaction } from '#lib/db/database.ts';
import type { Ctx } from '#lib/domain/context.ts';
import { enrollmentRoleCall } from '#lib/microsoft/arm/billing-roles.ts';
import { ROLE } from '#lib/microsoft/arm/role-assignments.ts';
import { isEnrollment, roleFor } from '../billing/model.ts';
import { readProblem, toJson } from '../problem-json.ts';
import { CAPABILITIES, readCapabilityChecks } from '../tenants/capabilities.ts';
import { applicationOf } from '../tenants/queries.ts';
import { readTenantCheck } from '../tenants/tenant-check.ts';

/** What has become of it: `absent` where Microsoft said that it was not there any more. */
const OUTCOMES = ['left', 'removed', 'absent', 'failed'] as const;

const Came = {
  outcome: z.enum(OUTCOMES),
  at: z.iso.datetime().optional(),
  problem: z
    .unknown()
    .optional()
    .transform((stored): Problem | undefined => readProblem(stored)),
};

const RoleAssignmentThing = z.object({
  kind: z.literal('role-assignment'),
  /** Of the subscription or management group, as Azure writes it. */
  scope: z.string(),
  scopeName: z.string(),
  role: z.string(),
  /** The GUID that names the assignment. */
  name: z.string(),
  ...Came,
});
const ServicePrincipalThing = z.object({
  kind: z.literal('service-principal'),
  appId: z.string(),
  /** Its object id in the directory, where it is known. */
  objectId: z.string().optional(),
  ...Came,
});
const AppRoleThing = z.object({ kind: z.literal('app-role'), permission: z.string(), ...Came });
const BillingRoleThing = z.object({
  kind: z.literal('billing-role'),
  /** The billing account or enrollment. */
  account: z.string(),
  role: z.string(),
  /** The path of the assignment, where it is known. */
  path: z.string().optional(),
  /** Whether somebody gave it through the portal. */
  isOurs: z.boolean().default(false),
  ...Came,
});

const StoredThing = z.discriminatedUnion('kind', [
  RoleAssignmentThing,
  ServicePrincipalThing,
  AppRoleThing,
  BillingRoleThing,
]);

/** Something of ours that exists in the customer's directory or in Azure, and what has become of it. */
export type MicrosoftThing = z.output<typeof StoredThing>;
export type RoleAssignmentThing = z.output<typeof RoleAssignmentThing>;
export type BillingRoleThing = z.output<typeof BillingRoleThing>;

/** What is kept with a removal; what cannot be read is left out. */
export const readMicrosoftSide = (stored: unknown): MicrosoftThing[] =>
  z
    .array(z.unknown())
    .catch([])
    .parse(stored)
    .flatMap((thing) => StoredThing.safeParse(thing).data ?? []);

/** The same for the column. */
export const storedMicrosoftSide = (things: readonly MicrosoftThing[]) => things.map(toJson);

/** By which a thing is the same one after it was listed anew. */
export function keyOfThing(thing: MicrosoftThing): string {
  switch (thing.kind) {
    case 'role-assignment':
      return `${thing.scope}/${thing.name}`.toLowerCase();
    case 'service-principal':
      return thing.appId;
    case 'app-role':
      return thing.permission;
    case 'billing-role':
      return `${thing.account}/${thing.role}`.toLowerCase();
  }
}

export const isLeft = ({ outcome }: MicrosoftThing): boolean => outcome === 'left' || outcome === 'failed';

/** What a sign-in of the right person takes back: roles that were given through the portal. */
export type RoleThing = RoleAssignmentThing | BillingRoleThing;
export const isOwnRole = (thing: MicrosoftThing): thing is RoleThing =>
  thing.kind === 'role-assignment' || (thing.kind === 'billing-role' && thing.isOurs);

const ROLE_NAME: ReadonlyMap<string, string> = new Map([
  [ROLE.reader, 'Reader'],
  [ROLE.tagContributor, 'Tag Contributor'],
]);

type Db = Pick<Transaction, 'tenant'>;

/**
 * What the portal has made at Microsoft for a tenant and not taken back, as it knows from its own records: role
 * assignments, application permissions, the service principal. Nobody is asked.
 */
export async function listMicrosoftSide(db: Db, ctx: Ctx, tenantId: string): Promise<MicrosoftThing[]> {
  const tenant = await db.tenant.findFirst({
    where: { id: tenantId, organizationId: ctx.actor.organizationId },
    select: {
      kind: true,
      servicePrincipalId: true,
      capabilities: true,
      lastCheck: true,
      azureSubscriptions: { select: { subscriptionId: true, displayName: true, goneSince: true } },
      directoryId: true,
      billingAccounts: {
        where: { OR: [{ assignedAt: { not: null } }, { roleSince: { not: null } }] },
        orderBy: { name: 'asc' },
        select: { name: true, agreementType: true, assignedAt: true },
      },
      managementGroups: { select: { name: true, displayName: true } },
      roleAssignments: {
        orderBy: [{ roleScope: 'asc' }, { name: 'asc' }],
        select: { roleScope: true, name: true, roleDefinitionId: true },
      },
    },
  });
  if (!tenant) return [];
  const subscriptions = new Map(
    tenant.azureSubscriptions.map((row) => [`/subscriptions/${row.subscriptionId}`, row]),
  );
  const groups = new Map(tenant.managementGroups.map((row) => [row.name.toLowerCase(), row.displayName]));
  const assignments = tenant.roleAssignments.map(({ roleScope, name, roleDefinitionId }): MicrosoftThing => {
    const subscription = subscriptions.get(roleScope);
    const goneSince = subscription?.goneSince;
    return {
      kind: 'role-assignment',
      scope: roleScope,
      scopeName: subscription?.displayName ?? groups.get(lastOf(roleScope)) ?? lastOf(roleScope),
      role: ROLE_NAME.get(roleDefinitionId) ?? roleDefinitionId,
      name,
      // A subscription takes its role assignments along.
      outcome: goneSince ? 'absent' : 'left',
      ...(goneSince && { at: goneSince.toISOString() }),
      problem: undefined,
    };
  });
  const { servicePrincipalId, directoryId } = tenant;
  const billing = tenant.billingAccounts.map((account): MicrosoftThing => {
    const principal =
      servicePrincipalId && isEnrollment(account)
        ? { enrollment: account.name, principalId: servicePrincipalId, principalTenantId: directoryId }
        : undefined;
    return {
      kind: 'billing-role',
      account: account.name,
      role: roleFor(account),
      ...(principal && { path: enrollmentRoleCall(principal).path }),
      isOurs: principal !== undefined && account.assignedAt !== null,
      outcome: 'left',
      problem: undefined,
    };
  });
  return [
    ...assignments,
    ...billing,
    ...permissionsOf(tenant).map(
      (permission): MicrosoftThing => ({ kind: 'app-role', permission, outcome: 'left', problem: undefined }),
    ),
    {
      kind: 'service-principal',
      appId: applicationOf(ctx, tenant.kind),
      ...(servicePrincipalId && { objectId: servicePrincipalId }),
      outcome: 'left',
      problem: undefined,
    },
  ];
}

const lastOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1);

/** The application permissions that the last check has seen, the unneeded ones too. */
function permissionsOf(tenant: { readonly capabilities: unknown; readonly lastCheck: unknown }): string[] {
  const checks = readCapabilityChecks(tenant.capabilities);
  const used = CAPABILITIES.flatMap((capability) => checks[capability]?.permission ?? []);
  return [...new Set([...used, ...(readTenantCheck(tenant.lastCheck)?.excess ?? [])])].toSorted();
}

/**
 * What exists now, together with what came of taking things back. A thing that is listed exists, even where it was
 * taken back before: then it was given anew since. Of several outcomes the last one counts.
 */
export function withOutcomes(
  listed: readonly MicrosoftThing[],
  outcomes: readonly MicrosoftThing[],
): MicrosoftThing[] {
  const latest = new Map(outcomes.map((thing) => [keyOfThing(thing), thing]));
  const current = listed.map((thing) => {
    const earlier = latest.get(keyOfThing(thing));
    return thing.outcome === 'left' && earlier?.outcome === 'failed' ? earlier : thing;
  });
  const keys = new Set(listed.map(keyOfThing));
  const takenBack = [...latest].filter(([key, thing]) => !keys.has(key) && !isLeft(thing));
  return [...takenBack.map(([, thing]) => thing), ...current];
}
