import { z } from 'zod';
import { deny } from '#lib/access/permissions.ts';
import type { TenantId } from '#lib/core/ids.ts';
import { fail, ok, type Result } from '#lib/core/result.ts';
import type { Ctx } from '#lib/domain/context.ts';
import { ServicePlan } from '#lib/domain/licensing/model.ts';
import {
  productNameById,
  productOf,
  servicePlanName,
} from '#lib/domain/licensing/product-names/product-names.ts';
import { listSources, type Source } from '#lib/domain/licensing/sources.ts';

/** One way in which a user got a licence. */
export type LicenseAssignment = {
  /** The group that gives it; null where it was assigned to the user directly. */
  readonly groupId: string | null;
  /** Null where the tenant does not let us read groups, or the group has no name. */
  readonly groupName: string | null;
  /** `Active`, `ActiveWithError`, `Disabled`, `Error`; null where Microsoft did not say. */
  readonly state: string | null;
  /** Why it does not work, in Microsoft's word such as `CountViolation`; null where it does. */
  readonly error: string | null;
  /** The service plans switched off in it, by name. */
  readonly disabledPlans: readonly string[];
};

/** A licence of a user, with the ways in which it came. */
export type HeldLicense = {
  readonly skuId: string;
  /** Undefined where the directory no longer lists the SKU. */
  readonly skuPartNumber: string | undefined;
  readonly name: string;
  readonly isKnown: boolean;
  /** Whether it counts: an assignment in error takes no seat. */
  readonly isAssigned: boolean;
  readonly assignments: readonly LicenseAssignment[];
};

export type Manager = {
  readonly id: string;
  readonly displayName: string | null;
  /** Whether the manager is a user of the directory who can be looked at. */
  readonly isListed: boolean;
};

/** Everything that is known of a user. */
export type User = {
  readonly source: Source;
  readonly id: string;
  readonly displayName: string | null;
  readonly userPrincipalName: string | null;
  readonly mail: string | null;
  readonly givenName: string | null;
  readonly surname: string | null;
  readonly jobTitle: string | null;
  readonly companyName: string | null;
  readonly department: string | null;
  readonly officeLocation: string | null;
  readonly streetAddress: string | null;
  readonly postalCode: string | null;
  readonly city: string | null;
  readonly state: string | null;
  readonly country: string | null;
  readonly usageLocation: string | null;
  readonly preferredLanguage: string | null;
  readonly userType: string | null;
  readonly accountEnabled: boolean | null;
  readonly createdDateTime: Date | null;
  /** The extension attributes that have a value, by name. */
  readonly extensionAttributes: ReadonlyArray<readonly [name: string, value: string]>;
  readonly manager: Manager | null;
  readonly directReports: number;
  readonly licenses: readonly HeldLicense[];
  /** When something about the user was last found changed. */
  readonly changedAt: Date;
};

/**
 * A user who is in the directory now. Problems: forbidden; not-found for one who is not, or who belongs to another
 * organization.
 */
export async function getUser(
  ctx: Ctx,
  input: { readonly tenantId: TenantId; readonly userId: string },
): Promise<Result<User>> {
  const denied = deny(ctx.actor, 'users.read');
  if (denied) return denied;
  const { prisma } = ctx.database;
  const { tenantId, userId } = input;
  const tenant = { organizationId: ctx.actor.organizationId, removedAt: null };
  const user = await prisma.directoryUser.findFirst({
    where: { tenantId, id: userId, deletedAt: null, tenant },
    omit: { contentHash: true, skuIds: false },
  });
  const source = user && (await listSources(ctx)).find((candidate) => candidate.tenantId === tenantId);
  if (!user || !source) return fail({ code: 'not-found', entity: 'user' });

  const assignments = Assignments.parse(user.licenseAssignments);
  const [manager, directReports, skus, groups] = await Promise.all([
    user.managerId
      ? prisma.directoryUser.findFirst({
          where: { tenantId, id: user.managerId, deletedAt: null, tenant },
          select: { displayName: true, userPrincipalName: true },
        })
      : null,
    prisma.directoryUser.count({ where: { tenantId, managerId: userId, deletedAt: null, tenant } }),
    prisma.subscribedSku.findMany({
      where: { tenantId, tenant },
      select: { skuId: true, skuPartNumber: true, servicePlans: true },
      take: SKUS_MAX,
    }),
    prisma.licensedGroup.findMany({
      where: { tenantId, tenant, id: { in: givingGroups(assignments) } },
      select: { id: true, displayName: true },
    }),
  ]);
  return ok({
    ...user,
    source,
    extensionAttributes: attributesOf(user.onPremisesExtensionAttributes),
    manager: user.managerId
      ? {
          id: user.managerId,
          displayName: manager?.displayName ?? manager?.userPrincipalName ?? null,
          isListed: manager !== null,
        }
      : null,
    directReports,
    licenses: licensesOf(user.skuIds, assignments, skus, new Map(groups.map((group) => [group.id, group]))),
    changedAt: user.importedAt,
  });
}

const SKUS_MAX = 5_000;

const Assignments = z.array(
  z.object({
    skuId: z.string(),
    disabledPlans: z.array(z.string()),
    assignedByGroup: z.string().nullable(),
    state: z.string().nullable(),
    error: z.string().nullable(),
  }),
);

const givingGroups = (assignments: z.infer<typeof Assignments>): string[] =>
  assignments.flatMap(({ assignedByGroup }) => assignedByGroup ?? []);

const Attributes = z.record(z.string(), z.string().nullable());

function attributesOf(json: string | null): Array<[string, string]> {
  if (json === null) return [];
  return Object.entries(Attributes.parse(JSON.parse(json)))
    .filter((entry): entry is [string, string] => entry[1] !== null)
    .sort(([a], [b]) => a.localeCompare(b, 'en', { numeric: true }));
}

/** The licences that the user has, and those that an assignment tried to give in vain; by name. */
function licensesOf(
  skuIds: readonly string[],
  assignments: z.infer<typeof Assignments>,
  skus: ReadonlyArray<{ skuId: string; skuPartNumber: string; servicePlans: unknown }>,
  groups: ReadonlyMap<string, { readonly displayName: string | null }>,
): HeldLicense[] {
  const listed = new Map(skus.map((sku) => [sku.skuId, sku]));
  const ids = new Set([...skuIds, ...assignments.map(({ skuId }) => skuId)]);
  return [...ids]
    .map((skuId) => {
      const sku = listed.get(skuId);
      const name = productNameById(skuId);
      const product = sku
        ? productOf(skuId, sku.skuPartNumber)
        : { name: name ?? skuId, isKnown: name !== undefined };
      const plans = new Map(
        ServicePlan.array()
          .parse(sku?.servicePlans ?? [])
          .map((plan) => [plan.servicePlanId, plan.servicePlanName]),
      );
      return {
        skuId,
        skuPartNumber: sku?.skuPartNumber,
        ...product,
        isAssigned: skuIds.includes(skuId),
        assignments: assignments
          .filter((assignment) => assignment.skuId === skuId)
          .map(({ assignedByGroup, state, error, disabledPlans }) => ({
            groupId: assignedByGroup,
            groupName: (assignedByGroup && groups.get(assignedByGroup)?.displayName?.trim()) || null,
            state,
            // Documented as null on success, "None" is what comes.
            error: error === 'None' ? null : error,
            disabledPlans: disabledPlans.map((id) => servicePlanName(id) ?? plans.get(id) ?? id).sort(),
          })),
      };
    })
    .sort((a, b) => a.name.localeCompare(b.name, 'en'));
}
