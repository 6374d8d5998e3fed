import type { ChangeId, FlowId, RunId, TenantId } from '#lib/core/ids.ts';
import type { LendingPurpose } from '#lib/domain/delegation/model.ts';
import type { RemovalId } from '#lib/domain/lifecycle/model.ts';
import type { TenantKind } from '#lib/domain/tenants/model.ts';

export const LIST_PATH = '/setup/cloud-tenants';
export const ADD_PATH = `${LIST_PATH}/add`;

export const tenantPath = (tenantId: TenantId): string => `${LIST_PATH}/${tenantId}`;
export const accessTokensPath = (tenantId: TenantId): string => `${tenantPath(tenantId)}/access-tokens`;
export const enrollmentsPath = (tenantId: TenantId): string => `${tenantPath(tenantId)}/enrollments`;
export const flowPath = (flowId: FlowId): string => `${LIST_PATH}/connect/${flowId}`;

export const settingsPath = (tenantId: TenantId): string => `${tenantPath(tenantId)}/settings`;
export const removePath = (tenantId: TenantId): string => `${settingsPath(tenantId)}/remove`;
/** The receipts of removed tenants. */
export const REMOVED_PATH = `${LIST_PATH}/removed`;
export const removalPath = (removalId: RemovalId): string => `${REMOVED_PATH}/${removalId}`;

/** What becomes of the imports of a tenant. */
export const importsPath = (tenantId: TenantId): string => `${tenantPath(tenantId)}/imports`;
export const importPath = (tenantId: TenantId, runId: RunId): string => `${importsPath(tenantId)}/${runId}`;

/** The commands for those who cannot sign in, or do not want to. */
export const commandsPath = (tenantId: TenantId): string => `${tenantPath(tenantId)}/subscriptions/commands`;

/** All uses of people's rights in a tenant. */
export const receiptsPath = (tenantId: TenantId): string => `${tenantPath(tenantId)}/receipts`;

/** What was done with the rights of a person who signed in for a purpose. */
export const receiptPath = (tenantId: TenantId, flowId: FlowId): string =>
  `${tenantPath(tenantId)}/receipts/${flowId}`;

/** The same as a file. */
export const receiptFilePath = (tenantId: TenantId, flowId: FlowId, format: 'json' | 'csv'): string =>
  `${receiptPath(tenantId, flowId)}/export?format=${format}`;

const PURPOSE_PAGE: Readonly<Record<LendingPurpose, string>> = {
  'add-subscriptions': '/subscriptions/add',
  'change-access': '/subscriptions/access',
  'enrollment-role': '/enrollments',
  'billing-accounts': '/enrollments',
  'remove-tenant': '/settings/remove',
};

/** Where a person goes on who has signed in for a purpose, together with `?flow={flowId}`. */
export const purposePath = (tenantId: TenantId, purpose: LendingPurpose): string =>
  tenantPath(tenantId) + PURPOSE_PAGE[purpose];

/** A plan to change access levels, and what has become of it. */
export const changePath = (tenantId: TenantId, changeId: ChangeId): string =>
  `${purposePath(tenantId, 'change-access')}/${changeId}`;

/** The form with some of its answers filled in. */
export const addPath = (answers: { readonly kind: TenantKind; readonly tenant: string }): string =>
  `${ADD_PATH}?${new URLSearchParams(answers)}`;
