'use server';

import { revalidatePath } from 'next/cache';
import { redirect } from 'next/navigation';
import { FlowReference } from '#lib/domain/consent/model.ts';
import { beginAddition } from '#lib/domain/subscription-additions/begin.ts';
import { addChosen, retryFailed, signInAgainWith } from '#lib/domain/subscription-additions/choose.ts';
import { BeginAddition, ChooseSubscriptions } from '#lib/domain/subscription-additions/model.ts';
import { action } from '#lib/web/action.ts';
import { goToMicrosoft } from '../../go-to-microsoft.ts';
import { addPath, LIST_PATH } from '../../paths.ts';

export const beginAdditionAction = action(BeginAddition, async (ctx, input) => {
  const begun = await beginAddition(ctx, input);
  if (!begun.ok) return begun;
  if (begun.value.next === 'add-account') redirect(addPath(begun.value));
  return goToMicrosoft(ctx, { ok: true, value: begun.value.started });
});

export const addSubscriptionsAction = action(ChooseSubscriptions, async (ctx, input) => {
  const result = await addChosen(ctx, input);
  if (result.ok) revalidatePath(LIST_PATH, 'layout');
  return result;
});

export const signInAgainWithAction = action(ChooseSubscriptions, async (ctx, input) =>
  goToMicrosoft(ctx, await signInAgainWith(ctx, input)),
);

export const retryFailedAction = action(FlowReference, async (ctx, input) => {
  const result = await retryFailed(ctx, input);
  if (result.ok) revalidatePath(LIST_PATH, 'layout');
  return result;
});
