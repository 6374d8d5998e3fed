'use server';

import { revalidatePath } from 'next/cache';
import type { Result } from '#lib/core/result.ts';
import { ok } from '#lib/core/result.ts';
import { beginChange } from '#lib/domain/access-changes/begin.ts';
import { checkAccessChange } from '#lib/domain/access-changes/check.ts';
import { ChangeAccess, ChangeReference } from '#lib/domain/access-changes/model.ts';
import { planAccessChange, planUndo } from '#lib/domain/access-changes/plan.ts';
import { action } from '#lib/web/action.ts';
import { goToMicrosoft } from '../../../go-to-microsoft.ts';
import { changePath, tenantPath } from '../../../paths.ts';

/** The address of the plan, where the browser goes on. */
function toPlan(planned: Result<ChangeReference>): Result<string> {
  if (!planned.ok) return planned;
  const { tenantId, changeId } = planned.value;
  revalidatePath(tenantPath(tenantId), 'layout');
  return ok(changePath(tenantId, changeId));
}

export const changeAccessAction = action(ChangeAccess, async (ctx, input) =>
  toPlan(await planAccessChange(ctx, input)),
);

export const undoChangeAction = action(ChangeReference, async (ctx, input) =>
  toPlan(await planUndo(ctx, input)),
);

/** On with what is open: at once while an earlier sign-in lasts, else by way of Microsoft. */
export const applyChangeAction = action(ChangeReference, async (ctx, input) => {
  const begun = await beginChange(ctx, input);
  if (begun.ok && begun.value.next === 'microsoft') return goToMicrosoft(ctx, ok(begun.value.started));
  if (begun.ok) revalidatePath(tenantPath(input.tenantId), 'layout');
  return begun.ok ? ok(undefined) : begun;
});

export const checkChangeAction = action(ChangeReference, async (ctx, input) => {
  const result = await checkAccessChange(ctx, input);
  if (result.ok) revalidatePath(tenantPath(input.tenantId), 'layout');
  return result;
});
