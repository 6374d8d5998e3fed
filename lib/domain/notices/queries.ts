import { deny } from '#lib/access/permissions.ts';
import { TenantId } from '#lib/core/ids.ts';
import { ok, type Result } from '#lib/core/result.ts';
import type { NoticeSubject } from '#lib/db/generated/client.ts';
import type { Ctx } from '#lib/domain/context.ts';
import { daysLeft } from './model.ts';

export type NoticeView = {
  readonly tenantId: TenantId;
  readonly tenantName: string;
  readonly subject: NoticeSubject;
  readonly subjectId: string;
  readonly label: string;
  readonly happensAt: Date;
  /** 0 or less once it has happened. */
  readonly daysLeft: number;
};

const NOTICES_MAX = 500;

/**
 * What people of the organization are to be told, the most urgent first, about all of its tenants or one: of each
 * subject the latest notice. Problems: forbidden.
 */
export async function listNotices(
  ctx: Ctx,
  { tenantId }: { readonly tenantId?: TenantId } = {},
): Promise<Result<readonly NoticeView[]>> {
  const denied = deny(ctx.actor, 'tenant.read');
  if (denied) return denied;
  const { organizationId } = ctx.actor;
  const rows = await ctx.database.prisma.notice.findMany({
    where: { organizationId, ...(tenantId && { tenantId }), tenant: { organizationId, removedAt: null } },
    orderBy: [{ happensAt: 'asc' }, { subjectId: 'asc' }, { daysBefore: 'asc' }],
    distinct: ['subjectId'],
    take: NOTICES_MAX,
    select: {
      tenantId: true,
      tenant: { select: { name: true } },
      subject: true,
      subjectId: true,
      label: true,
      happensAt: true,
    },
  });
  const now = ctx.clock();
  return ok(
    rows.map(({ tenant, ...row }) => ({
      ...row,
      tenantId: TenantId.parse(row.tenantId),
      tenantName: tenant.name,
      daysLeft: daysLeft(row.happensAt, now),
    })),
  );
}
