import type { DirectoryId } from '#lib/core/ids.ts';
import type { Problem } from '#lib/core/problem.ts';
import { ok, type Result } from '#lib/core/result.ts';
import { type ArmSubscription, listAzureSubscriptions } from '#lib/microsoft/arm/azure-subscriptions.ts';
import type { ArmClient } from '#lib/microsoft/arm/client.ts';
import { listPermissions, mayAssignRoles } from '#lib/microsoft/arm/permissions.ts';
import { forEachConcurrently, isPassing } from './patience.ts';

const CONCURRENT_CHECKS = 6;
/** Between two signs of life of a long check. */
const CHECKS_PER_REPORT = 25;

/**
 * States in which Azure refuses new role assignments for certain. In others that may, such as Warned, Azure is asked.
 * @see https://learn.microsoft.com/azure/cost-management-billing/manage/subscription-states
 */
const UNCHANGEABLE: ReadonlySet<string> = new Set(['disabled', 'deleted']);

/** A subscription that a person sees, and why it cannot be added where it cannot. */
export type SeenSubscription = { readonly subscription: ArmSubscription; readonly obstacle?: Problem };

/**
 * The subscriptions that a person sees, each with whether they may write role assignments on it: as Owner, User Access
 * Administrator or by any role that allows it, here or inherited. Problems: those of listing them.
 */
export async function findOwnedSubscriptions(
  arm: ArmClient,
  directoryId: DirectoryId,
  onChecked: (checked: number, all: number) => Promise<void>,
): Promise<Result<readonly SeenSubscription[]>> {
  const listed = await listAzureSubscriptions(arm);
  if (!listed.ok) return listed;
  const obstacles = new Map<string, Problem>();
  let checked = 0;
  await forEachConcurrently(listed.value, CONCURRENT_CHECKS, async (subscription) => {
    const obstacle = await findObstacle(arm, directoryId, subscription);
    if (obstacle) obstacles.set(subscription.subscriptionId, obstacle);
    checked += 1;
    if (checked % CHECKS_PER_REPORT === 0) await onChecked(checked, listed.value.length);
  });
  return ok(
    listed.value.map((subscription) => ({
      subscription,
      obstacle: obstacles.get(subscription.subscriptionId),
    })),
  );
}

/** What keeps a subscription from being added by the person, as far as their rights and its state tell. */
export async function findObstacle(
  arm: ArmClient,
  directoryId: DirectoryId,
  subscription: ArmSubscription,
): Promise<Problem | undefined> {
  const home = subscription.directoryId;
  // Azure Lighthouse shows subscriptions of other tenants too; they belong to whoever signs in there.
  // A subscription that does not say whose it is must not be bound either.
  if (!home) return { code: 'upstream-shape', where: '/subscriptions: tenantId' };
  if (home !== directoryId) return { code: 'wrong-tenant', expected: directoryId, actual: home };
  const permissions = await listPermissions(arm, subscription.subscriptionId);
  if (!permissions.ok) return permissions.problem;
  if (!mayAssignRoles(permissions.value)) {
    return { code: 'permission-missing', permission: 'Microsoft.Authorization/roleAssignments/write' };
  }
  const { state } = subscription;
  return UNCHANGEABLE.has(state.toLowerCase()) ? { code: 'azure-subscription-disabled', state } : undefined;
}

/** Why none could be added: where not even one check went through, that is not the person's fault. */
export function noneOwned(seen: readonly SeenSubscription[], person: string): Problem {
  const unchecked = seen.find(
    ({ obstacle }) => obstacle && (isPassing(obstacle) || obstacle.code === 'upstream-shape'),
  )?.obstacle;
  return unchecked ?? { code: 'no-owned-subscriptions', person, seen: seen.length };
}
