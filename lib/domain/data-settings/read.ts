import { deny, may } from '#lib/access/permissions.ts';
import { TenantId } from '#lib/core/ids.ts';
import { ok, type Result } from '#lib/core/result.ts';
import { type Ctx, organizationOf } from '#lib/domain/context.ts';
import { type SwitchableField, switchableFields } from '#lib/domain/imports/fields.ts';

export type ErasedPerson = {
  readonly tenantId: TenantId;
  readonly tenantName: string;
  readonly id: string;
  readonly erasedAt: Date;
  readonly erasedBy: string;
};

export type DataSettings = {
  readonly switchedOff: readonly SwitchableField[];
  readonly historyDays: number;
  /** The latest ones first. */
  readonly erased: readonly ErasedPerson[];
  readonly mayChange: boolean;
};

/** More than anybody looks through. */
const ERASED_MAX = 500;

/** What an organization has set about the data that it keeps of users. Problems: forbidden. */
export async function dataSettings(ctx: Ctx): Promise<Result<DataSettings>> {
  const denied = deny(ctx.actor, 'data-settings.read');
  if (denied) return denied;
  const organizationId = organizationOf(ctx);
  const { prisma } = ctx.database;
  const organization = await prisma.organization.findUniqueOrThrow({
    where: { id: organizationId },
    select: { switchedOffFields: true, historyDays: true },
  });
  const erased = await prisma.erasedPerson.findMany({
    where: { tenant: { organizationId, removedAt: null } },
    select: { tenantId: true, id: true, erasedAt: true, erasedBy: true, tenant: { select: { name: true } } },
    orderBy: [{ erasedAt: 'desc' }, { id: 'asc' }],
    take: ERASED_MAX,
  });
  return ok({
    switchedOff: switchableFields(organization.switchedOffFields),
    historyDays: organization.historyDays,
    erased: erased.map(({ tenant, ...row }) => ({
      ...row,
      tenantId: TenantId.parse(row.tenantId),
      tenantName: tenant.name,
    })),
    mayChange: may(ctx.actor, 'data-settings.change'),
  });
}
