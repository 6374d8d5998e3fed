'use server';

import { revalidatePath } from 'next/cache';
import { AddAccount, FlowReference, TenantToReconnect } from '#lib/domain/consent/model.ts';
import { reconnectTenant, restartFlow, startFlow } from '#lib/domain/consent/start-flow.ts';
import { RenameTenant } from '#lib/domain/tenants/model.ts';
import { renameTenant } from '#lib/domain/tenants/rename-tenant.ts';
import { requestVerification } from '#lib/domain/tenants/request-verification.ts';
import { action } from '#lib/web/action.ts';
import { goToMicrosoft } from './go-to-microsoft.ts';

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
