/*
 * For tests: connected directories with SKUs, put straight into the database as an import would leave them.
 */
import { randomUUID } from 'node:crypto';
import { DirectoryId, RunId, TenantId } from '#lib/core/ids.ts';
import type { Ctx } from '#lib/domain/context.ts';
import { type PhaseRecord, plannedPhases, type RunStatus } from '#lib/domain/imports/model.ts';
import { toJson } from '#lib/domain/problem-json.ts';
import type { PrepaidUnits } from './model.ts';

export type TestTenant = { readonly tenantId: TenantId; readonly directoryId: DirectoryId };

/** A connected Office 365 directory of the actor's organization, without data. */
export async function createTestTenant(
  ctx: Ctx,
  { name = 'Contoso', isRemoved = false }: { readonly name?: string; readonly isRemoved?: boolean } = {},
): Promise<TestTenant> {
  const tenantId = TenantId.parse(randomUUID());
  const directoryId = DirectoryId.parse(randomUUID());
  await ctx.database.prisma.tenant.create({
    data: {
      id: tenantId,
      organizationId: ctx.actor.organizationId,
      kind: 'office365',
      name,
      directoryId,
      status: isRemoved ? 'removed' : 'connected',
      boundByPerson: 'a test',
      boundAt: new Date(),
      removedAt: isRemoved ? new Date() : null,
    },
  });
  return { tenantId, directoryId };
}

export type TestSku = Partial<PrepaidUnits> & {
  readonly skuId?: string;
  readonly skuPartNumber?: string;
  readonly consumedUnits?: number;
  readonly capabilityStatus?: string;
  readonly servicePlanNames?: readonly string[];
  readonly importedAt?: Date;
};

/** Adds a SKU; returns its id. */
export async function createTestSku(ctx: Ctx, tenantId: TenantId, sku: TestSku): Promise<string> {
  const skuId = sku.skuId ?? randomUUID();
  await ctx.database.prisma.subscribedSku.create({
    data: {
      tenantId,
      skuId,
      skuPartNumber: sku.skuPartNumber ?? 'CONTOSO_OFFER',
      capabilityStatus: sku.capabilityStatus ?? 'Enabled',
      appliesTo: 'User',
      enabledUnits: sku.enabled ?? 0,
      warningUnits: sku.warning ?? 0,
      suspendedUnits: sku.suspended ?? 0,
      lockedOutUnits: sku.lockedOut ?? 0,
      consumedUnits: sku.consumedUnits ?? 0,
      servicePlans: (sku.servicePlanNames ?? []).map((servicePlanName) => ({
        servicePlanId: randomUUID(),
        servicePlanName,
        provisioningStatus: 'Success',
        appliesTo: 'User',
      })),
      importedAt: sku.importedAt ?? new Date(),
    },
  });
  return skuId;
}

/** Adds an import whose phases are as far as told; the others wait. */
export async function createTestRun(
  ctx: Ctx,
  tenantId: TenantId,
  run: { readonly status: RunStatus; readonly createdAt?: Date },
  phases: Partial<Record<PhaseRecord['phase'], Partial<PhaseRecord>>> = {},
): Promise<RunId> {
  const runId = RunId.parse(randomUUID());
  await ctx.database.prisma.importRun.create({
    data: {
      tenantId,
      id: runId,
      trigger: 'manual',
      status: run.status,
      createdAt: run.createdAt ?? new Date(),
      phases: plannedPhases('office365').map((phase) => toJson({ ...phase, ...phases[phase.phase] })),
    },
  });
  return runId;
}
