import { Guid } from '#lib/core/ids.ts';

/** The ARM path of a subscription, which is also the scope of its role assignments. Throws for what is no GUID. */
export function subscriptionScope(subscriptionId: string): string {
  return `/subscriptions/${Guid.parse(subscriptionId)}`;
}

/** @see https://learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules#microsoftmanagement */
const GROUP_NAME = /^[\p{L}\p{N}_().-]{1,90}$/u;

/** Whether Azure takes it for the name of a management group. */
export const isManagementGroupName = (name: string): boolean => GROUP_NAME.test(name);

/** The ARM path of a management group, which is also the scope of its role assignments. Throws for what is no name. */
export function managementGroupScope(name: string): string {
  if (!isManagementGroupName(name)) throw new Error('not the name of a management group');
  return `/providers/Microsoft.Management/managementGroups/${name}`;
}
