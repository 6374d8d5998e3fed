import { randomUUID } from 'node:crypto';
import { deny } from '#lib/access/permissions.ts';
import { DirectoryId, FlowId, type TenantId } from '#lib/core/ids.ts';
import type { Problem } from '#lib/core/problem.ts';
import { fail, ok, type Result } from '#lib/core/result.ts';
import type { Ctx } from '#lib/domain/context.ts';
import { discoverTenant } from '#lib/microsoft/entra/discover-tenant.ts';
import { CONNECTS } from '../delegation/model.ts';
import { limitMember } from '../limits/limit.ts';
import { readProblem, toJson } from '../problem-json.ts';
import { findConnected } from '../tenants/connected.ts';
import type { Agreement, TenantKind } from '../tenants/model.ts';
import { refuseOtherCloud } from '../tenants/other-cloud.ts';
import { typedDomain } from '../tenants/resolve.ts';
import { FLOW, type Flow, toFlow } from './flow-row.ts';
import {
  type AddAccount,
  type FlowReference,
  type StartedFlow,
  type Step,
  type TenantToReconnect,
  withStep,
} from './model.ts';
import { openRedirect } from './redirects.ts';
import { hashSecret, randomSecret } from './secrets.ts';

type Wanted = {
  readonly kind: TenantKind;
  readonly name: string;
  readonly directoryId: DirectoryId;
  readonly domain?: string | null;
  readonly agreement?: Agreement | null;
  readonly enrollmentNumber?: string | null;
  /** Set where a tenant that is there is connected anew. */
  readonly tenantId?: TenantId;
  /** Of an earlier attempt that got as far as this: only the sign-in is left. */
  readonly approval?: Step;
};

/**
 * Begins to connect a directory: finds it, remembers the attempt, and says where the browser goes. Nothing is stored
 * for the tenant itself until somebody entitled has signed in to it.
 * Problems: forbidden, rate-limited, tenant-unknown, other-cloud, already-connected, tenant-removed, throttled,
 * upstream-unavailable, upstream-shape.
 */
export async function startFlow(ctx: Ctx, input: AddAccount): Promise<Result<StartedFlow>> {
  const denied = deny(ctx.actor, 'tenant.connect');
  if (denied) return denied;
  const limited = await limitMember(ctx, 'flow.start');
  if (limited) return limited;
  const { kind, name, tenant, agreement, enrollmentNumber } = input;
  const discovered = await discoverTenant(ctx.microsoft.entra, tenant);
  if (!discovered.ok) return discovered;
  const refused = refuseOtherCloud(ctx, discovered.value, kind);
  if (refused) return refused;
  const { directoryId } = discovered.value;
  const connected = await findConnected(ctx, directoryId, kind);
  if (connected) return connected;
  return open(ctx, { kind, name, directoryId, domain: typedDomain(tenant), agreement, enrollmentNumber });
}

/**
 * Begins again with what an earlier flow of the organization had asked for, and with what it had come to: nobody is
 * asked a second time for an approval that was given. Where that flow had bound its tenant already, the tenant is
 * completed instead of being added a second time.
 * Problems: forbidden, rate-limited, not-found, already-connected, tenant-removed, tenant-disabled.
 */
export async function restartFlow(ctx: Ctx, { flowId }: FlowReference): Promise<Result<StartedFlow>> {
  const denied = deny(ctx.actor, 'tenant.connect');
  if (denied) return denied;
  const limited = await limitMember(ctx, 'flow.start');
  if (limited) return limited;
  const row = await ctx.database.prisma.consentFlow.findFirst({
    where: { id: flowId, organizationId: ctx.actor.organizationId, ...CONNECTS },
    select: { ...FLOW, problem: true },
  });
  if (!row) return fail({ code: 'not-found', entity: 'flow' });
  const flow = toFlow(row);
  const { tenantId, ...wanted } = flow;
  if (tenantId) {
    const reconnected = await reconnect(ctx, tenantId);
    if (reconnected.ok || reconnected.problem.code !== 'not-found') return reconnected;
  }
  const connected = await findConnected(ctx, wanted.directoryId, wanted.kind);
  const approval = standingApproval(flow, readProblem(row.problem));
  return connected ?? open(ctx, { ...wanted, ...(approval && { approval }) });
}

/** Problems of a sign-in that say that the approval before it is not there, or not enough. */
const DOUBTS_APPROVAL: ReadonlySet<Problem['code'] | undefined> = new Set<Problem['code']>([
  'admin-needed',
  'consent-declined',
  'consent-required',
]);

const standingApproval = ({ steps }: Flow, problem: Problem | undefined): Step | undefined =>
  DOUBTS_APPROVAL.has(problem?.code)
    ? undefined
    : steps.find(({ step, state }) => step === 'approval' && state === 'ok');

/**
 * Begins to connect a tenant of the organization anew: to approve what is missing, or to add the subscriptions that
 * could not be added. Until somebody entitled has signed in again, the tenant stays as it is.
 * Problems: forbidden, rate-limited, not-found, tenant-disabled.
 */
export async function reconnectTenant(
  ctx: Ctx,
  { tenantId }: TenantToReconnect,
): Promise<Result<StartedFlow>> {
  const denied = deny(ctx.actor, 'tenant.connect');
  if (denied) return denied;
  return (await limitMember(ctx, 'flow.start')) ?? reconnect(ctx, tenantId);
}

async function reconnect(ctx: Ctx, tenantId: TenantId): Promise<Result<StartedFlow>> {
  const tenant = await ctx.database.prisma.tenant.findFirst({
    where: { id: tenantId, organizationId: ctx.actor.organizationId, removedAt: null },
    select: {
      kind: true,
      name: true,
      directoryId: true,
      domain: true,
      agreement: true,
      enrollmentNumber: true,
      status: true,
    },
  });
  if (!tenant) return fail({ code: 'not-found', entity: 'tenant' });
  const { status, ...wanted } = tenant;
  if (status === 'disabled') return fail({ code: 'tenant-disabled' });
  return open(ctx, { ...wanted, directoryId: DirectoryId.parse(tenant.directoryId), tenantId });
}

async function open(ctx: Ctx, wanted: Wanted): Promise<Result<StartedFlow>> {
  const { actor } = ctx;
  // Only a person can go to Microsoft.
  if (actor.type !== 'member') return fail({ code: 'forbidden', need: 'admin' });
  const { kind, name, directoryId, domain, agreement, enrollmentNumber, tenantId, approval } = wanted;
  const flowId = FlowId.parse(randomUUID());
  const browserCookie = randomSecret();
  const now = ctx.clock();
  const redirectUrl = await ctx.database.prisma.$transaction(async (tx) => {
    await tx.consentFlow.create({
      data: {
        id: flowId,
        organizationId: actor.organizationId,
        personId: actor.personId,
        kind,
        name,
        directoryId,
        domain,
        agreement,
        enrollmentNumber,
        tenantId,
        status: 'redirected',
        steps: approval ? withStep([approval], { step: 'sign-in', state: 'waiting' }, now).map(toJson) : [],
        createdAt: now,
        updatedAt: now,
      },
      select: { id: true },
    });
    const leg = kind === 'office365' && !approval ? 'admin_consent' : 'sign_in';
    return openRedirect(tx, ctx, { id: flowId, kind, directoryId }, leg, hashSecret(browserCookie));
  });
  ctx.log.info('consent flow started', { flowId, kind, directoryId });
  return ok({ flowId, redirectUrl, browserCookie });
}
