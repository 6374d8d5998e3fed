import { randomUUID } from 'node:crypto';
import { deny } from '#lib/access/permissions.ts';
import { DirectoryId, FlowId, type TenantId } from '#lib/core/ids.ts';
import { fail, ok, type Result } from '#lib/core/result.ts';
import type { Ctx } from '#lib/domain/context.ts';
import type { FlowReference, StartedFlow } from '../consent/model.ts';
import { openRedirect } from '../consent/redirects.ts';
import { hashSecret, randomSecret } from '../consent/secrets.ts';
import { limitMember } from '../limits/limit.ts';
import { toJson } from '../problem-json.ts';
import { type LendingPurpose, ONBOARDING } from './model.ts';
import { DELEGATION, toDelegation } from './row.ts';

export type StartDelegation = {
  readonly tenantId: TenantId;
  readonly purpose: LendingPurpose;
  /** What the purpose is about, such as the ids of subscriptions: comes back in `Delegation`. No secrets. */
  readonly subject: object;
};

/**
 * Begins a sign-in in the directory of a connected Azure tenant, so that the portal may act for whoever signs in, for
 * this purpose and an hour at most. Says where the browser goes; it comes back to the page of the purpose, with
 * `?flow={flowId}`. Problems: forbidden, rate-limited, not-found.
 */
export async function startDelegation(
  ctx: Ctx,
  { tenantId, purpose, subject }: StartDelegation,
): Promise<Result<StartedFlow>> {
  const denied = deny(ctx.actor, 'tenant.connect');
  if (denied) return denied;
  const limited = await limitMember(ctx, 'flow.start');
  if (limited) return limited;
  const { actor } = ctx;
  // Only a person can go to Microsoft.
  if (actor.type !== 'member') return fail({ code: 'forbidden', need: 'admin' });
  const { organizationId, personId } = actor;
  const tenant = await ctx.database.prisma.tenant.findFirst({
    where: { id: tenantId, organizationId, kind: 'azure', removedAt: null },
    select: { name: true, directoryId: true },
  });
  if (!tenant) return fail({ code: 'not-found', entity: 'tenant' });
  const directoryId = DirectoryId.parse(tenant.directoryId);
  const flowId = FlowId.parse(randomUUID());
  const browserCookie = randomSecret();
  const createdAt = ctx.clock();
  const redirectUrl = await ctx.database.prisma.$transaction(async (tx) => {
    await tx.consentFlow.create({
      data: {
        id: flowId,
        organizationId,
        personId,
        kind: 'azure',
        name: tenant.name,
        directoryId,
        tenantId,
        status: 'redirected',
        createdAt,
        updatedAt: createdAt,
        delegation: {
          create: { organizationId, tenantId, personId, purpose, subject: toJson(subject), createdAt },
        },
      },
      select: { id: true },
    });
    return openRedirect(
      tx,
      ctx,
      { id: flowId, kind: 'azure', directoryId },
      'sign_in',
      hashSecret(browserCookie),
    );
  });
  ctx.log.info('delegation started', { flowId, tenantId, purpose });
  return ok({ flowId, redirectUrl, browserCookie });
}

/**
 * Begins again with what an earlier sign-in of the organization was for, whoever began that one.
 * Problems: forbidden, rate-limited, not-found.
 */
export async function restartDelegation(ctx: Ctx, { flowId }: FlowReference): Promise<Result<StartedFlow>> {
  const denied = deny(ctx.actor, 'tenant.connect');
  if (denied) return denied;
  const row = await ctx.database.prisma.delegation.findFirst({
    where: { flowId, organizationId: ctx.actor.organizationId },
    select: DELEGATION,
  });
  if (!row) return fail({ code: 'not-found', entity: 'sign-in' });
  const { tenantId, purpose, subject } = toDelegation(row, ctx.clock());
  // One that connects is begun again by `restartFlow`.
  if (purpose === ONBOARDING) return fail({ code: 'not-found', entity: 'sign-in' });
  return startDelegation(ctx, { tenantId, purpose, subject: Object.assign({}, subject) });
}
