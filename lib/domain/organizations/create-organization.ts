import { randomUUID } from 'node:crypto';
import { OrganizationId } from '#lib/core/ids.ts';
import { ok, type Result } from '#lib/core/result.ts';
import { recordAudit } from '#lib/domain/audit/record.ts';
import type { Services } from '#lib/domain/context.ts';
import { limit } from '#lib/domain/limits/limit.ts';
import type { Person } from '#lib/domain/people/model.ts';
import type { NewOrganization } from './model.ts';

export type CreatedOrganization = {
  readonly organizationId: OrganizationId;
  /** False where the person had an organization already, which is then the one named here. */
  readonly isNew: boolean;
};

/**
 * Gives a person without an organization one of their own, in which they are the owner. A person has one
 * organization at most: who has one gets that one back, unchanged, also when the form was sent twice at once.
 * Problems: rate-limited.
 */
export async function createOrganization(
  services: Services,
  person: Person,
  input: NewOrganization,
): Promise<Result<CreatedOrganization>> {
  const limited = await limit(services, 'organization.create', { person: person.personId });
  if (limited) return limited;
  return services.database.prisma.$transaction(async (tx) => {
    // The lock on the person makes a second request wait until the first one's membership can be seen.
    await tx.$queryRaw`SELECT 1 FROM person WHERE id = ${person.personId}::uuid FOR UPDATE`;
    const existing = await tx.member.findFirst({
      where: { personId: person.personId },
      orderBy: [{ createdAt: 'asc' }, { organizationId: 'asc' }],
      select: { organizationId: true },
    });
    if (existing) return ok({ organizationId: OrganizationId.parse(existing.organizationId), isNew: false });

    const organizationId = OrganizationId.parse(randomUUID());
    const createdAt = services.clock();
    await tx.organization.create({
      data: {
        id: organizationId,
        name: input.name,
        createdAt,
        members: { create: { personId: person.personId, portalRole: 'owner', createdAt } },
      },
      select: { id: true },
    });
    const { personId, displayName } = person;
    await recordAudit(
      tx,
      {
        clock: services.clock,
        actor: { type: 'member', personId, displayName, organizationId, portalRole: 'owner' },
      },
      {
        action: 'organization.create',
        entity: 'organization',
        entityId: organizationId,
        after: { name: input.name },
      },
    );
    return ok({ organizationId, isNew: true });
  });
}
