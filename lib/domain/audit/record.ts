import { randomUUID } from 'node:crypto';
import type { Transaction } from '#lib/db/database.ts';
import type { Prisma } from '#lib/db/generated/client.ts';
import type { Ctx } from '#lib/domain/context.ts';

export type AuditEntry = {
  /** Noun and verb, such as `tenant.connect`. */
  readonly action: `${string}.${string}`;
  /** What kind of thing was changed, such as `tenant`. */
  readonly entity: string;
  readonly entityId: string;
  /** The members that changed, as they were and as they are. Never a secret: people read this. */
  readonly before?: Prisma.InputJsonObject;
  readonly after?: Prisma.InputJsonObject;
};

/**
 * Writes down who changed what, in the transaction of the change itself, so that neither exists without the
 * other. Belongs to the actor's organization; the time is that of the context's clock.
 */
export async function recordAudit(
  tx: Transaction,
  ctx: Pick<Ctx, 'actor' | 'clock'>,
  entry: AuditEntry,
): Promise<void> {
  const { actor, clock } = ctx;
  const [id, name] =
    actor.type === 'member'
      ? [`person:${actor.personId}`, actor.displayName]
      : [`job:${actor.job}`, actor.job];
  await tx.auditEvent.create({
    data: {
      organizationId: actor.organizationId,
      id: randomUUID(),
      at: clock(),
      actor: id,
      actorName: name,
      ...entry,
    },
    select: { id: true },
  });
}
