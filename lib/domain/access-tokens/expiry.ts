import { OrganizationId, TenantId } from '#lib/core/ids.ts';
import type { Services } from '#lib/domain/context.ts';
import { DAYS_BEFORE } from '../notices/model.ts';
import { type Expiring, recordExpiryNotices } from '../notices/record.ts';

const DAY_MS = 86_400_000;
/** Who was not told in time hears of it as long as this after the end. */
const TOLD_AFTER_DAYS = 30;
/** For one call; what is left over is found by the next one. */
const TOKENS_MAX = 1_000;

type TokenRow = {
  readonly id: string;
  readonly tenantId: string;
  readonly enrollmentNumber: string;
  readonly lastFour: string;
  readonly expiresAt: Date | null;
};

/** A kept token as something that ends. */
export const expiringToken = (organizationId: string, row: TokenRow): Expiring => ({
  organizationId: OrganizationId.parse(organizationId),
  tenantId: TenantId.parse(row.tenantId),
  subject: 'access_token',
  subjectId: row.id,
  label: `access token ending in ${row.lastFour} of enrollment ${row.enrollmentNumber}`,
  expiresAt: row.expiresAt ?? undefined,
});

/**
 * Tells people ahead of time that access tokens expire. It goes by the dates of the keys alone and asks nobody, so it
 * works where the checks fail. Returns how many notices are new.
 */
export async function noticeExpiringTokens({
  database: { prisma },
  clock,
}: Pick<Services, 'database' | 'clock'>): Promise<number> {
  const now = clock();
  const inDays = (days: number) => new Date(now.getTime() + days * DAY_MS);
  const tokens = await prisma.accessToken.findMany({
    where: {
      deletedAt: null,
      expiresAt: { gt: inDays(-TOLD_AFTER_DAYS), lte: inDays(DAYS_BEFORE[0]) },
      tenant: { removedAt: null },
    },
    orderBy: { expiresAt: 'asc' },
    take: TOKENS_MAX,
    select: {
      id: true,
      tenantId: true,
      enrollmentNumber: true,
      lastFour: true,
      expiresAt: true,
      tenant: { select: { organizationId: true } },
    },
  });
  return prisma.$transaction((tx) =>
    recordExpiryNotices(
      tx,
      tokens.map(({ tenant, ...token }) => expiringToken(tenant.organizationId, token)),
      now,
    ),
  );
}
