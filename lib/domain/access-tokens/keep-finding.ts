import type { Transaction } from '#lib/db/database.ts';
import { Prisma } from '#lib/db/generated/client.ts';
import { recordAudit } from '#lib/domain/audit/record.ts';
import type { Ctx } from '#lib/domain/context.ts';
import { toJson } from '../problem-json.ts';
import type { KeyFinding } from './check-key.ts';
import type { AccessTokenReference } from './model.ts';

const DAY_MS = 86_400_000;

/** What is stored of a finding: the state, why, and when it is looked up again. */
export const findingColumns = ({ state, problem }: KeyFinding, now: Date) => ({
  state,
  problem: problem ? toJson(problem) : Prisma.DbNull,
  checkedAt: now,
  nextCheckAt: new Date(now.getTime() + DAY_MS),
});

/** Keeps what was found out about a kept key. Only a new state is news for the audit. */
export async function keepFinding(
  tx: Transaction,
  ctx: Ctx,
  { tenantId, accessTokenId }: AccessTokenReference,
  finding: KeyFinding,
): Promise<void> {
  const where = { id: accessTokenId, tenantId, tenant: { organizationId: ctx.actor.organizationId } };
  const before = await tx.accessToken.findFirst({
    where: { ...where, deletedAt: null },
    select: { state: true },
  });
  if (!before) return;
  await tx.accessToken.update({ where, data: findingColumns(finding, ctx.clock()), select: { id: true } });
  if (before.state === finding.state) return;
  await recordAudit(tx, ctx, {
    action: 'access-token.check',
    entity: 'access-token',
    entityId: accessTokenId,
    before,
    after: { state: finding.state },
  });
}
