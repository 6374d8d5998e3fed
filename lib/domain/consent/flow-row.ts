import { DirectoryId, FlowId, OrganizationId, TenantId } from '#lib/core/ids.ts';
import type { Prisma } from '#lib/db/generated/client.ts';
import { type LendingPurpose, ONBOARDING, toPurpose } from '../delegation/model.ts';
import type { Agreement, TenantKind } from '../tenants/model.ts';
import { readSteps, type Step } from './model.ts';

/** The columns behind `Flow`. */
export const FLOW = {
  id: true,
  organizationId: true,
  personId: true,
  kind: true,
  name: true,
  directoryId: true,
  domain: true,
  agreement: true,
  enrollmentNumber: true,
  status: true,
  steps: true,
  tenantId: true,
  delegation: { select: { tenantId: true, purpose: true } },
} as const satisfies Prisma.ConsentFlowSelect;

/** One attempt to connect a directory, as the steps of the flow work with it. */
export type Flow = {
  readonly id: FlowId;
  readonly organizationId: OrganizationId;
  readonly personId: string;
  readonly kind: TenantKind;
  readonly name: string;
  readonly directoryId: DirectoryId;
  readonly domain: string | null;
  readonly agreement: Agreement | null;
  readonly enrollmentNumber: string | null;
  readonly status: 'redirected' | 'working' | 'succeeded' | 'failed';
  readonly steps: readonly Step[];
  /** The tenant it connects anew, or has bound. */
  readonly tenantId: TenantId | undefined;
  /** Set where it connects nothing: somebody signs in again for a purpose. */
  readonly delegation: { readonly tenantId: TenantId; readonly purpose: LendingPurpose } | undefined;
};

export const toFlow = (row: Prisma.ConsentFlowGetPayload<{ select: typeof FLOW }>): Flow => ({
  ...row,
  id: FlowId.parse(row.id),
  organizationId: OrganizationId.parse(row.organizationId),
  directoryId: DirectoryId.parse(row.directoryId),
  steps: readSteps(row.steps),
  tenantId: row.tenantId === null ? undefined : TenantId.parse(row.tenantId),
  delegation: row.delegation ? toDelegated(row.delegation) : undefined,
});

function toDelegated(row: { readonly tenantId: string; readonly purpose: string }): Flow['delegation'] {
  const purpose = toPurpose(row.purpose);
  return purpose === ONBOARDING ? undefined : { tenantId: TenantId.parse(row.tenantId), purpose };
}
