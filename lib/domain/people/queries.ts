import { z } from 'zod';
import { PORTAL_ROLES } from '#lib/access/actor.ts';
import { OrganizationId, PersonId } from '#lib/core/ids.ts';
import type { Services } from '#lib/domain/context.ts';
import type { SessionIdentity, SessionPerson } from './model.ts';

const Row = z.object({
  personId: PersonId,
  displayName: z.string(),
  userName: z.string(),
  organizationId: OrganizationId.nullable(),
  organizationName: z.string().nullable(),
  portalRole: z.enum(PORTAL_ROLES).nullable(),
});

// One statement by hand: every request begins with it, and Prisma would make three of it.
const STATEMENT = `
  SELECT p.id AS "personId", p.display_name AS "displayName", p.user_name AS "userName",
    o.id AS "organizationId", o.name AS "organizationName", m.portal_role::text AS "portalRole"
  FROM person p
  LEFT JOIN member m ON m.person_id = p.id
  LEFT JOIN organization o ON o.id = m.organization_id
  WHERE p.id = $1 AND p.session_version = $2
  ORDER BY m.created_at, m.organization_id LIMIT 1`;

/**
 * The person of a session with their present membership, or undefined where the session is over: they signed out
 * since, or are gone. Read anew for each request, so that a change of rights holds from the next one on.
 */
export async function findSessionPerson(
  { database }: Pick<Services, 'database'>,
  { personId, sessionVersion }: SessionIdentity,
): Promise<SessionPerson | undefined> {
  const { rows } = await database.pool.query<Record<string, unknown>>(STATEMENT, [personId, sessionVersion]);
  if (!rows[0]) return undefined;
  const { organizationId, organizationName, portalRole, ...person } = Row.parse(rows[0]);
  if (organizationId === null || organizationName === null || portalRole === null) return person;
  return { ...person, membership: { organizationId, organizationName, portalRole } };
}
