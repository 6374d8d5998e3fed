import type { Ctx } from '#lib/domain/context.ts';
import { enqueueSignedIn } from '../access-changes/enqueue.ts';
import type { Flow } from '../consent/flow-row.ts';
import { goOnWithAddition } from '../subscription-additions/go-on.ts';
import type { LendingPurpose } from './model.ts';

type FollowUp = (ctx: Ctx, flowId: Flow['id']) => Promise<void>;

/** What begins by itself once somebody has signed in for a purpose; mostly a job for a worker. */
const FOLLOW_UPS: Partial<Record<LendingPurpose, FollowUp>> = {
  'add-subscriptions': goOnWithAddition,
  'change-access': enqueueSignedIn,
};

/** Called right after the sign-in, before the person is back on the page of the purpose. */
export async function followUp(ctx: Ctx, { id, delegation }: Pick<Flow, 'id' | 'delegation'>): Promise<void> {
  if (delegation) await FOLLOW_UPS[delegation.purpose]?.(ctx, id);
}
