import { deny } from '#lib/access/permissions.ts';
import type { Problem } from '#lib/core/problem.ts';
import { fail, type Result } from '#lib/core/result.ts';
import type { Ctx } from '#lib/domain/context.ts';
import { type RedeemedCode, redeemCode } from '#lib/microsoft/entra/redeem-code.ts';
import { readRedirectError } from '#lib/microsoft/entra/redirect-error.ts';
import { acceptDelegation } from '../delegation/accept.ts';
import { followUp } from '../delegation/follow-up.ts';
import { bindOffice365 } from './bind-office365.ts';
import { nameOfPerson } from './bind-tenant.ts';
import type { Flow } from './flow-row.ts';
import type { CallbackInput, CallbackOutcome } from './model.ts';
import { onboardAzure } from './onboard-azure.ts';
import { realWait, type Wait } from './patience.ts';
import { type Progress, trackProgress } from './progress.ts';
import { REGISTRATION, type ReturnedRedirect, redirectUri, signInScopes, takeRedirect } from './redirects.ts';
import { refusedState } from './refused-state.ts';

/**
 * Takes back a person from the sign-in in the customer's tenant: the one proof of who connects it. Redeems the code,
 * verifies the ID token, and binds (Office 365) or hands the delegated token to the onboarding, which goes on after
 * the answer (Azure). The outcome is written to the flow.
 */
export async function signInCallback(
  ctx: Ctx,
  input: CallbackInput,
  wait: Wait = realWait,
): Promise<CallbackOutcome> {
  const denied = deny(ctx.actor, 'tenant.connect');
  if (denied) return { next: 'nowhere', problem: denied.problem };
  const taken = await takeRedirect(ctx, 'sign_in', input);
  if (!taken.ok) return refusedState(ctx, taken.state);
  const { flow } = taken.value;
  if (flow.delegation) return delegate(ctx, taken.value, flow.delegation, input.query);
  const outcome: CallbackOutcome = { next: 'flow', flowId: flow.id };
  await startWork(ctx, flow);
  const progress = trackProgress(ctx, flow);
  const redeemed = await redeem(ctx, taken.value, input.query);
  const signedInAt = ctx.clock();
  if (!redeemed.ok) {
    await progress.fail(redeemed.problem, { step: 'sign-in', state: 'needs-you' });
    return outcome;
  }
  const { person, accessToken, accessTokenExpiresAt } = redeemed.value;
  await progress.record({
    step: 'sign-in',
    state: 'ok',
    detail: `${nameOfPerson(person)} signed in to this tenant.`,
  });
  if (flow.kind === 'office365') {
    await bindOffice365(ctx, flow, person, progress);
    return outcome;
  }
  if (!accessToken) {
    await progress.fail(
      { code: 'token-invalid', reason: 'no access token' },
      { step: 'sign-in', state: 'needs-you' },
    );
    return outcome;
  }
  const onboarding = { flow, progress, person, signedInAt, accessToken, accessTokenExpiresAt };
  return {
    ...outcome,
    afterwards: () => finish(ctx, flow, progress, () => onboardAzure(ctx, onboarding, wait)),
  };
}

/** Nothing is bound: the tenant is connected, and the person lends their rights for the purpose. */
async function delegate(
  ctx: Ctx,
  returned: ReturnedRedirect,
  delegation: NonNullable<Flow['delegation']>,
  query: URLSearchParams,
): Promise<CallbackOutcome> {
  const { flow } = returned;
  const redeemed = await redeem(ctx, returned, query);
  const problem = redeemed.ok ? await acceptDelegation(ctx, flow, redeemed.value) : redeemed.problem;
  if (problem) await trackProgress(ctx, flow).fail(problem);
  else await followUp(ctx, flow);
  return { next: 'delegation', flowId: flow.id, ...delegation, isActive: !problem };
}

async function startWork(ctx: Ctx, { id, organizationId }: Flow): Promise<void> {
  await ctx.database.prisma.consentFlow.updateMany({
    where: { id, organizationId, status: 'redirected' },
    data: { status: 'working', updatedAt: ctx.clock() },
  });
}

/** Who cancels here has approved before, and must not read that nothing was approved. */
function afterApproval({ kind }: Flow, problem: Problem): Problem {
  if (kind !== 'office365' || problem.code !== 'consent-declined') return problem;
  return { code: 'sign-in-cancelled', ...(problem.microsoft && { microsoft: problem.microsoft }) };
}

async function redeem(
  ctx: Ctx,
  { flow, secrets }: ReturnedRedirect,
  query: URLSearchParams,
): Promise<Result<RedeemedCode>> {
  const refusal = readRedirectError(query);
  if (refusal) return fail(afterApproval(flow, refusal));
  const code = query.get('code');
  if (!code || !secrets) return fail({ code: 'token-invalid', reason: 'no code' });
  return redeemCode(ctx.microsoft.entra, {
    registration: REGISTRATION[flow.kind],
    directoryId: flow.directoryId,
    code,
    redirectUri: redirectUri(ctx, 'sign_in'),
    ...secrets,
    oauthScopes: signInScopes(ctx, flow.kind),
  });
}

/** Nobody waits for this work, so what it throws is logged here and ends the flow. */
async function finish(ctx: Ctx, flow: Flow, progress: Progress, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    ctx.log.error('onboarding failed unexpectedly', { flowId: flow.id, error });
    await progress.fail({ code: 'flow-interrupted' });
  }
}
