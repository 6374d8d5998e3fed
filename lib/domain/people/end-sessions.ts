import type { PersonId } from '#lib/core/ids.ts';
import type { Services } from '#lib/domain/context.ts';

/** Ends every session of a person, in every browser: each names an older version from now on. */
export async function endSessions(services: Pick<Services, 'database'>, personId: PersonId): Promise<void> {
  await services.database.prisma.person.updateMany({
    where: { id: personId },
    data: { sessionVersion: { increment: 1 } },
  });
}
