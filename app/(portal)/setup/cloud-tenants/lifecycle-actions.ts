'use server';

import { revalidatePath } from 'next/cache';
import { redirect } from 'next/navigation';
import type { Result } from '#lib/core/result.ts';
import { currentDelegation } from '#lib/domain/delegation/queries.ts';
import { startDelegation } from '#lib/domain/delegation/start.ts';
import { disableTenant, enableTenant } from '#lib/domain/lifecycle/disable-tenant.ts';
import { EraseTenant, RemoveTenant, TenantToChange } from '#lib/domain/lifecycle/model.ts';
import { eraseRemovedTenant, removeTenant } from '#lib/domain/lifecycle/remove-tenant.ts';
import { restoreTenant } from '#lib/domain/lifecycle/restore-tenant.ts';
import { takeBackRoles } from '#lib/domain/lifecycle/take-back-roles.ts';
import { action } from '#lib/web/action.ts';
import { goToMicrosoft } from './go-to-microsoft.ts';
import { LIST_PATH, removalPath } from './paths.ts';

export const disableTenantAction = action(TenantToChange, async (ctx, input) => {
  const result = await disableTenant(ctx, input);
  if (result.ok) revalidatePath('/', 'layout');
  return result;
});

export const enableTenantAction = action(TenantToChange, async (ctx, input) => {
  const result = await enableTenant(ctx, input);
  if (result.ok) revalidatePath('/', 'layout');
  return result;
});

/** With the rights of who has signed in for it; who has not is led to Microsoft. */
export const takeBackRolesAction = action(
  TenantToChange,
  async (ctx, { tenantId }): Promise<Result<unknown>> => {
    const purpose = 'remove-tenant';
    const signIn = await currentDelegation(ctx, tenantId, purpose);
    if (!signIn) return goToMicrosoft(ctx, await startDelegation(ctx, { tenantId, purpose, subject: {} }));
    const result = await takeBackRoles(ctx, { tenantId, flowId: signIn.flowId });
    if (result.ok) revalidatePath(LIST_PATH, 'layout');
    return result;
  },
);

/** Ends on the receipt. */
export const removeTenantAction = action(RemoveTenant, async (ctx, input) => {
  const result = await removeTenant(ctx, input);
  if (!result.ok) return result;
  revalidatePath('/', 'layout');
  redirect(removalPath(result.value.removalId));
});

export const restoreTenantAction = action(TenantToChange, async (ctx, input) => {
  const result = await restoreTenant(ctx, input);
  if (result.ok) revalidatePath('/', 'layout');
  return result;
});

export const eraseTenantAction = action(EraseTenant, async (ctx, input) => {
  const result = await eraseRemovedTenant(ctx, input);
  if (result.ok) revalidatePath(LIST_PATH, 'layout');
  return result;
});
