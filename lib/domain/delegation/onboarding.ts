import { randomUUID } from 'node:crypto';
import type { TenantId } from '#lib/core/ids.ts';
import { ok } from '#lib/core/result.ts';
import type { Transaction } from '#lib/db/database.ts';
import type { Prisma } from '#lib/db/generated/client.ts';
import type { Ctx } from '#lib/domain/context.ts';
import type { SignedInPerson } from '#lib/microsoft/entra/redeem-code.ts';
import type { CallWatch } from '#lib/microsoft/http/watch-calls.ts';
import { nameOfPerson } from '../consent/bind-tenant.ts';
import type { Flow } from '../consent/flow-row.ts';
import { ONBOARDING } from './model.ts';
import { answerOf } from './record-calls.ts';

type Line = Omit<Prisma.DelegatedCallCreateManyInput, 'flowId'>;

/** Calls that are kept in memory: as long as no tenant is bound, there is no receipt to write them to. */
export type CallBuffer = { readonly watch: CallWatch; readonly lines: readonly Line[] };

export function bufferCalls({ clock }: Pick<Ctx, 'clock'>): CallBuffer {
  const lines: Line[] = [];
  return {
    lines,
    watch: {
      async begin(call) {
        const line: Line = { id: randomUUID(), at: clock(), method: call.method, target: call.target };
        lines.push(line);
        return ok(async (outcome) => void Object.assign(line, answerOf(call, outcome)));
      },
    },
  };
}

export type OnboardingReceipt = {
  readonly flow: Flow;
  readonly tenantId: TenantId;
  readonly person: SignedInPerson;
  /** When the code was redeemed. */
  readonly startedAt: Date;
  readonly expiresAt: Date;
  /** Made before the tenant was bound. */
  readonly calls: CallBuffer;
};

/** Begins the receipt of an onboarding with the calls made so far, in the transaction that binds the tenant. */
export async function beginOnboardingReceipt(
  tx: Transaction,
  { flow, tenantId, person, startedAt, expiresAt, calls }: OnboardingReceipt,
): Promise<void> {
  const { id: flowId, organizationId, personId } = flow;
  await tx.delegation.create({
    data: {
      flowId,
      organizationId,
      tenantId,
      personId,
      purpose: ONBOARDING,
      subject: {},
      signedInAs: nameOfPerson(person),
      signedInObjectId: person.objectId,
      createdAt: startedAt,
      startedAt,
      expiresAt,
    },
    select: { flowId: true },
  });
  await tx.delegatedCall.createMany({ data: calls.lines.map((line) => ({ ...line, flowId })) });
}

/** The person's rights are used no more. */
export async function endOnboardingReceipt(
  { database, clock }: Pick<Ctx, 'database' | 'clock'>,
  { id: flowId, organizationId }: Flow,
): Promise<void> {
  await database.prisma.delegation.updateMany({
    where: { flowId, organizationId, endedAt: null },
    data: { endedAt: clock(), endedWhy: 'finished' },
  });
}
