import { randomUUID } from 'node:crypto';
import type { Services } from '#lib/domain/context.ts';
import { type DirectoryPerson, SessionIdentity } from './model.ts';

/**
 * Remembers that a person has signed in, and takes over the names Microsoft has for them now. A person is known by
 * directory and object id: a mail address may change hands. Returns what their new session carries.
 */
export async function recordSignIn(
  services: Pick<Services, 'database' | 'clock'>,
  person: DirectoryPerson,
): Promise<SessionIdentity> {
  const { directoryId, objectId, displayName, userName } = person;
  const lastSignInAt = services.clock();
  const row = await services.database.prisma.person.upsert({
    where: { directoryId_objectId: { directoryId, objectId } },
    create: { id: randomUUID(), directoryId, objectId, displayName, userName, lastSignInAt },
    update: { displayName, userName, lastSignInAt },
    select: { id: true, sessionVersion: true },
  });
  return SessionIdentity.parse({ personId: row.id, sessionVersion: row.sessionVersion });
}
