'use server';

import { revalidatePath } from 'next/cache';
import { redirect } from 'next/navigation';
import { giveBrowserCookie } from '#app/api/consent/browser-cookie.ts';
import type { Result } from '#lib/core/result.ts';
import { AddAccount, FlowReference, type StartedFlow, TenantToReconnect } from '#lib/domain/consent/model.ts';
import { reconnectTenant, restartFlow, startFlow } from '#lib/domain/consent/start-flow.ts';
import type { Ctx } from '#lib/domain/context.ts';
import { RenameTenant } from '#lib/domain/tenants/model.ts';
import { renameTenant } from '#lib/domain/tenants/rename-tenant.ts';
import { requestVerification } from '#lib/domain/tenants/request-verification.ts';
import { action } from '#lib/web/action.ts';

export const addAccountAction = action(AddAccount, async (ctx, input) =>
  goToMicrosoft(ctx, await startFlow(ctx, input)),
);

export const restartFlowAction = action(FlowReference, async (ctx, input) =>
  goToMicrosoft(ctx, await restartFlow(ctx, input)),
);

export const reconnectTenantAction = action(TenantToReconnect, async (ctx, input) =>
  goToMicrosoft(ctx, await reconnectTenant(ctx, input)),
);

export const checkAgainAction = action(TenantToReconnect, async (ctx, input) => {
  const result = await requestVerification(ctx, input);
  if (result.ok) revalidatePath('/setup/cloud-tenants', 'layout');
  return result;
});

export const renameTenantAction = action(RenameTenant, async (ctx, input) => {
  const result = await renameTenant(ctx, input);
  if (result.ok) revalidatePath('/setup/cloud-tenants', 'layout');
  return result;
});

/** Leaves the portal; without a flow to leave with, says why. */
async function goToMicrosoft(ctx: Ctx, started: Result<StartedFlow>): Promise<Result<StartedFlow>> {
  if (!started.ok) return started;
  await giveBrowserCookie(ctx, started.value);
  redirect(started.value.redirectUrl);
}
