/*
 * For tests: a person who signs in for a purpose at the simulator and comes back.
 */
import type { FlowId } from '#lib/core/ids.ts';
import { atMicrosoft, comeBack, TestBrowser } from '../consent/testing.ts';
import type { Ctx } from '../context.ts';
import { type StartDelegation, startDelegation } from './start.ts';

/** Signs in with an account and comes back; returns the flow's id. Throws where it did not work. */
export async function delegateAs(ctx: Ctx, input: StartDelegation, account: string): Promise<FlowId> {
  const browser = new TestBrowser();
  const started = browser.begin(await startDelegation(ctx, input));
  const outcome = await comeBack(ctx, browser, await atMicrosoft(started.redirectUrl, account));
  if (outcome.next !== 'delegation' || !outcome.isActive) {
    throw new Error(`nobody signed in: ${JSON.stringify(outcome)}`);
  }
  return outcome.flowId;
}
