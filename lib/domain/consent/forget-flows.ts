import type { Services } from '#lib/domain/context.ts';

const DAY_MS = 24 * 60 * 60_000;
/** How long a redirect is kept after its end, so that a late or repeated call gets the right answer. */
const REDIRECT_KEPT_MS = DAY_MS;
/** How long a flow is kept that has connected nothing; one that has is the receipt of its tenant. */
const FLOW_KEPT_MS = 30 * DAY_MS;

/**
 * Deletes what nobody will come back to: redirects a day after they expired, and flows that have stood still for 30
 * days without a tenant, or without the sign-in that they were for.
 */
export async function forgetOldFlows({
  database,
  clock,
}: Pick<Services, 'database' | 'clock'>): Promise<void> {
  const now = clock().getTime();
  const { consentRedirect, consentFlow } = database.prisma;
  await consentRedirect.deleteMany({ where: { expiresAt: { lt: new Date(now - REDIRECT_KEPT_MS) } } });
  await consentFlow.deleteMany({
    where: {
      updatedAt: { lt: new Date(now - FLOW_KEPT_MS) },
      OR: [{ tenantId: null }, { delegation: { startedAt: null } }],
    },
  });
}
