import type { PersonId } from '#lib/core/ids.ts';
import type { Services } from '#lib/domain/context.ts';
import { endDelegationsOf } from '../delegation/end.ts';

/**
 * Ends every session of a person, in every browser: each names an older version from now on. Rights that the person
 * has lent from one of them end as well.
 */
export async function endSessions(
  services: Pick<Services, 'database' | 'clock'>,
  personId: PersonId,
): Promise<void> {
  await endDelegationsOf(services, personId);
  await services.database.prisma.person.updateMany({
    where: { id: personId },
    data: { sessionVersion: { increment: 1 } },
  });
}
