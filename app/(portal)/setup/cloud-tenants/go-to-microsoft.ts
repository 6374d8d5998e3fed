import { redirect } from 'next/navigation';
import { giveBrowserCookie } from '#app/api/consent/browser-cookie.ts';
import type { Result } from '#lib/core/result.ts';
import type { StartedFlow } from '#lib/domain/consent/model.ts';
import type { Ctx } from '#lib/domain/context.ts';

/** Leaves the portal; without a flow to leave with, says why. For server actions. */
export async function goToMicrosoft(ctx: Ctx, started: Result<StartedFlow>): Promise<Result<StartedFlow>> {
  if (!started.ok) return started;
  await giveBrowserCookie(ctx, started.value);
  redirect(started.value.redirectUrl);
}
