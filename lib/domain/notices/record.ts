import { randomUUID } from 'node:crypto';
import type { OrganizationId, TenantId } from '#lib/core/ids.ts';
import type { Transaction } from '#lib/db/database.ts';
import type { NoticeSubject } from '#lib/db/generated/client.ts';
import { dueNotice } from './model.ts';

/** Something that ends at a known time, such as a credential. */
export type Expiring = {
  readonly organizationId: OrganizationId;
  readonly tenantId: TenantId;
  readonly subject: NoticeSubject;
  readonly subjectId: string;
  /** How people call it, as it follows "The". */
  readonly label: string;
  /** Undefined where it is not known: then there is nothing to say. */
  readonly expiresAt: Date | undefined;
};

/**
 * Writes down the notices that are due by now, each once: for a subject and its date there is one notice of each
 * number of days, however often and by however many workers this is asked. A new date takes back what was said of the
 * old one. Returns how many are new.
 */
export async function recordExpiryNotices(
  tx: Transaction,
  subjects: readonly Expiring[],
  now: Date,
): Promise<number> {
  const due = subjects.flatMap(({ expiresAt, ...subject }) => {
    const daysBefore = expiresAt && dueNotice(expiresAt, now);
    return expiresAt && daysBefore ? [{ ...subject, happensAt: expiresAt, daysBefore }] : [];
  });
  if (due.length === 0) return 0;
  await tx.notice.deleteMany({
    where: {
      OR: due.map(({ subjectId, happensAt }) => ({ subjectId, kind: 'expiry', NOT: { happensAt } })),
    },
  });
  const { count } = await tx.notice.createMany({
    data: due.map((notice) => ({ ...notice, id: randomUUID(), kind: 'expiry' as const, createdAt: now })),
    skipDuplicates: true,
  });
  return count;
}

/** Takes back all notices about a subject that is gone. */
export async function forgetNotices(tx: Transaction, subjectId: string): Promise<void> {
  await tx.notice.deleteMany({ where: { subjectId } });
}
