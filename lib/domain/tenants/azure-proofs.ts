import type { DirectoryId } from '#lib/core/ids.ts';
import type { Problem } from '#lib/core/problem.ts';
import { fail, type Result } from '#lib/core/result.ts';
import type { Ctx } from '#lib/domain/context.ts';
import { listAzureSubscriptions } from '#lib/microsoft/arm/azure-subscriptions.ts';
import { listPermissions, mayReadResources } from '#lib/microsoft/arm/permissions.ts';
import { type AppOnlyToken, appOnlyToken } from '#lib/microsoft/entra/app-only-token.ts';
import type { CallOptions } from '#lib/microsoft/http/call-options.ts';
import { forEachConcurrently } from '../consent/patience.ts';
import { type OnLook, tokenProof } from './office365-proofs.ts';
import { type FoundState, foundAt, NOT_CHECKED, type Proof, wasProvenSince } from './proof.ts';
import type { SubscriptionCheck } from './subscription-checks.ts';
import type { Findings, Item } from './verification.ts';

const CALL: CallOptions = { patience: 'interactive' };
const CONCURRENT_READS = 6;

const SEEN: Problem = { code: 'permission-missing', permission: 'Microsoft.Resources/subscriptions/read' };
const READABLE: Problem = {
  code: 'permission-missing',
  permission: 'Microsoft.Resources/subscriptions/resources/read',
};

/** A subscription that was added, with the check before. */
export type AddedSubscription = {
  readonly subscriptionId: string;
  readonly check: SubscriptionCheck | undefined;
};

export type AzureEvidence = {
  /** A token of our application in the tenant, issued for this check. */
  readonly token: Result<AppOnlyToken>;
  /** The new check of each added subscription. */
  readonly checks: ReadonlyMap<string, SubscriptionCheck>;
};

/**
 * Looks whether our application can use its roles: a fresh token, the list of subscriptions it is shown, and for each
 * added one its rights there. What this series of checks has proven already is not asked again.
 */
export async function gatherAzure(
  ctx: Ctx,
  directoryId: DirectoryId,
  { added, since }: { readonly added: readonly AddedSubscription[]; readonly since: Date },
  onLook: OnLook,
): Promise<AzureEvidence> {
  const all = 2 + added.length;
  const now = ctx.clock();
  const at = now.toISOString();
  const checks = new Map<string, SubscriptionCheck>();
  const keep = ({ subscriptionId, check }: AddedSubscription, listed: Proof, read: Proof) => {
    const state = stateOf(listed, read);
    checks.set(subscriptionId, { state, ...foundAt(check, state, now), listed, read });
  };
  await onLook(0, all);
  const token = await freshToken(ctx, directoryId);
  if (!token.ok) {
    for (const subscription of added) keep(subscription, tokenProof(token.problem, at), NOT_CHECKED);
    return { token, checks };
  }
  await onLook(1, all);
  const arm = ctx.microsoft.armAsApp(directoryId);
  const list = await listAzureSubscriptions(arm, CALL);
  if (!list.ok) {
    const listed: Proof = { state: 'could-not-check', at, problem: list.problem };
    for (const subscription of added) keep(subscription, listed, NOT_CHECKED);
    return { token, checks };
  }
  await onLook(2, all);
  const seen = new Set(list.value.map(({ subscriptionId }) => subscriptionId));
  let done = 2;
  await forEachConcurrently(added, CONCURRENT_READS, async (subscription) => {
    const { subscriptionId, check } = subscription;
    if (!seen.has(subscriptionId)) keep(subscription, { state: 'missing', at, problem: SEEN }, NOT_CHECKED);
    else if (check?.state === 'proven' && Date.parse(check.checkedAt) >= since.getTime())
      checks.set(subscriptionId, check);
    else {
      const permissions = await listPermissions(arm, subscriptionId, CALL);
      keep(subscription, { state: 'ok', at }, readProof(permissions, at));
    }
    done += 1;
    await onLook(done, all);
  });
  return { token, checks };
}

async function freshToken(ctx: Ctx, directoryId: DirectoryId): Promise<Result<AppOnlyToken>> {
  const token = await appOnlyToken(ctx.microsoft.entra, {
    ...CALL,
    registration: 'azure',
    directoryId,
    resource: 'arm',
    fresh: true,
  });
  if (!token.ok) return token;
  const actual = token.value.directoryId ?? directoryId;
  return actual === directoryId ? token : fail({ code: 'wrong-tenant', expected: directoryId, actual });
}

function readProof(permissions: Awaited<ReturnType<typeof listPermissions>>, at: string): Proof {
  if (permissions.ok) {
    return mayReadResources(permissions.value)
      ? { state: 'ok', at }
      : { state: 'missing', at, problem: READABLE };
  }
  const { problem } = permissions;
  const isAnswer = problem.code === 'permission-missing' || problem.code === 'resource-not-found';
  return { state: isAnswer ? 'missing' : 'could-not-check', at, problem };
}

function stateOf(listed: Proof, read: Proof): FoundState {
  if (listed.state === 'missing' || read.state === 'missing') return 'missing';
  return listed.state === 'ok' && read.state === 'ok' ? 'proven' : 'could-not-check';
}

/** The findings of a check, for the verdict. `boundAt` is since when proofs count for this sign-in. */
export function azureFindings(
  { token, checks }: AzureEvidence,
  lost: readonly Problem[],
  boundAt: Date,
): Findings {
  const items = [...checks.values()].map((check): Item => {
    const problem = check.listed.problem ?? check.read.problem;
    return {
      state: check.state,
      hasBeenProven: wasProvenSince(check, boundAt),
      ...(problem && { problem }),
    };
  });
  return { items, lost, ...(!token.ok && { problem: token.problem }) };
}
