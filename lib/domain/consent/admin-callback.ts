import { deny } from '#lib/access/permissions.ts';
import type { Problem } from '#lib/core/problem.ts';
import type { Ctx } from '#lib/domain/context.ts';
import { readRedirectError } from '#lib/microsoft/entra/redirect-error.ts';
import type { Flow } from './flow-row.ts';
import type { CallbackInput, CallbackOutcome } from './model.ts';
import { trackProgress } from './progress.ts';
import { openRedirect, takeRedirect } from './redirects.ts';
import { refusedState } from './refused-state.ts';

/**
 * Takes back a person from Microsoft's admin consent page. This call names nobody and proves nothing, and all of it
 * but the state can be forged: so nothing is stored for the tenant, and the person goes on at once to sign in to it.
 * @see https://learn.microsoft.com/entra/identity-platform/v2-admin-consent
 */
export async function adminCallback(ctx: Ctx, input: CallbackInput): Promise<CallbackOutcome> {
  const denied = deny(ctx.actor, 'tenant.connect');
  if (denied) return { next: 'nowhere', problem: denied.problem };
  const taken = await takeRedirect(ctx, 'admin_consent', input);
  if (!taken.ok) return refusedState(ctx, taken.state);
  const { flow, browserHash } = taken.value;
  const progress = trackProgress(ctx, flow);
  const problem = readRedirectError(input.query) ?? wrongTenant(flow, input.query.get('tenant'));
  if (problem) {
    await progress.fail(problem, { step: 'approval', state: 'needs-you' });
    return { next: 'flow', flowId: flow.id };
  }
  await progress.record({
    step: 'approval',
    state: 'ok',
    detail: 'Microsoft reports the approval. What it granted is proven below.',
  });
  await progress.record({ step: 'sign-in', state: 'waiting' });
  const url = await openRedirect(ctx.database.prisma, ctx, flow, 'sign_in', browserHash);
  return { next: 'microsoft', flowId: flow.id, url };
}

/** Anybody can write any tenant into the address; one that differs is a mistake worth naming, no more. */
function wrongTenant(flow: Flow, tenant: string | null): Problem | undefined {
  if (!tenant || tenant.toLowerCase() === flow.directoryId) return undefined;
  return { code: 'wrong-tenant', expected: flow.directoryId, actual: tenant.slice(0, 100) };
}
