'use server';

import { revalidatePath } from 'next/cache';
import { redirect } from 'next/navigation';
import { checkBillingAccount } from '#lib/domain/billing/check.ts';
import { addEnrollment, removeBillingAccount } from '#lib/domain/billing/enrollments.ts';
import {
  BillingAccountReference,
  BillingSignIn,
  BillingTenant,
  NewEnrollment,
} from '#lib/domain/billing/model.ts';
import { finishBillingSignIn, startAccountSearch, startMigration } from '#lib/domain/billing/sign-in.ts';
import { action } from '#lib/web/action.ts';
import { goToMicrosoft } from '../../go-to-microsoft.ts';
import { enrollmentsPath, LIST_PATH } from '../../paths.ts';

export const addEnrollmentAction = action(NewEnrollment, async (ctx, input) => {
  const result = await addEnrollment(ctx, input);
  if (result.ok) revalidatePath(LIST_PATH, 'layout');
  return result;
});

export const removeBillingAccountAction = action(BillingAccountReference, async (ctx, input) => {
  const result = await removeBillingAccount(ctx, input);
  if (result.ok) revalidatePath(LIST_PATH, 'layout');
  return result;
});

export const checkBillingAccountAction = action(BillingAccountReference, async (ctx, input) => {
  const result = await checkBillingAccount(ctx, input);
  if (result.ok) revalidatePath(LIST_PATH, 'layout');
  return result;
});

export const migrateEnrollmentAction = action(BillingAccountReference, async (ctx, input) =>
  goToMicrosoft(ctx, await startMigration(ctx, input)),
);

export const findBillingAccountsAction = action(BillingTenant, async (ctx, input) =>
  goToMicrosoft(ctx, await startAccountSearch(ctx, input)),
);

/** After the way back from Microsoft. Where it failed the page stays, and says why. */
export const finishBillingSignInAction = action(BillingSignIn, async (ctx, input) => {
  const result = await finishBillingSignIn(ctx, input);
  if (!result.ok) return result;
  revalidatePath(LIST_PATH, 'layout');
  redirect(enrollmentsPath(input.tenantId));
});
