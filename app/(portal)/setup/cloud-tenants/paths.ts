import type { FlowId, TenantId } from '#lib/core/ids.ts';
import type { TenantKind } from '#lib/domain/tenants/model.ts';

export const LIST_PATH = '/setup/cloud-tenants';
export const ADD_PATH = `${LIST_PATH}/add`;

export const tenantPath = (tenantId: TenantId): string => `${LIST_PATH}/${tenantId}`;
export const accessTokensPath = (tenantId: TenantId): string => `${tenantPath(tenantId)}/access-tokens`;
export const flowPath = (flowId: FlowId): string => `${LIST_PATH}/connect/${flowId}`;

/** The form with some of its answers filled in. */
export const addPath = (answers: { readonly kind: TenantKind; readonly tenant: string }): string =>
  `${ADD_PATH}?${new URLSearchParams(answers)}`;
