'use server';

import { revalidatePath } from 'next/cache';
import { FlowReference } from '#lib/domain/consent/model.ts';
import { endDelegation } from '#lib/domain/delegation/end.ts';
import { restartDelegation } from '#lib/domain/delegation/start.ts';
import { action } from '#lib/web/action.ts';
import { goToMicrosoft } from '../../go-to-microsoft.ts';
import { LIST_PATH } from '../../paths.ts';

/** To Microsoft again, with what an earlier sign-in was for. */
export const signInAgainAction = action(FlowReference, async (ctx, input) =>
  goToMicrosoft(ctx, await restartDelegation(ctx, input)),
);

export const revokeNowAction = action(FlowReference, async (ctx, { flowId }) => {
  const result = await endDelegation(ctx, flowId, 'revoked');
  if (result.ok) revalidatePath(LIST_PATH, 'layout');
  return result;
});
