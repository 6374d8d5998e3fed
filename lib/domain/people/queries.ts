import { OrganizationId, PersonId } from '#lib/core/ids.ts';
import type { Services } from '#lib/domain/context.ts';
import type { SessionIdentity, SessionPerson } from './model.ts';

/**
 * The person of a session with their present membership, or undefined where the session is over: they signed out
 * since, or are gone. Read anew for each request, so that a change of rights holds from the next one on.
 */
export async function findSessionPerson(
  services: Pick<Services, 'database'>,
  session: SessionIdentity,
): Promise<SessionPerson | undefined> {
  const row = await services.database.prisma.person.findUnique({
    where: { id: session.personId, sessionVersion: session.sessionVersion },
    select: {
      id: true,
      displayName: true,
      userName: true,
      memberships: {
        orderBy: [{ createdAt: 'asc' }, { organizationId: 'asc' }],
        take: 1,
        select: { portalRole: true, organization: { select: { id: true, name: true } } },
      },
    },
  });
  if (!row) return undefined;
  const { id, displayName, userName, memberships } = row;
  const person = { personId: PersonId.parse(id), displayName, userName };
  const [member] = memberships;
  if (!member) return person;
  return {
    ...person,
    membership: {
      organizationId: OrganizationId.parse(member.organization.id),
      organizationName: member.organization.name,
      portalRole: member.portalRole,
    },
  };
}
