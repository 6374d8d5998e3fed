import { z } from 'zod';
import { AccessTokenId, ChangeId, FlowId, Guid, OrganizationId, RunId, TenantId } from '#lib/core/ids.ts';
import type { JobContract } from './jobs.ts';

const TenantJob = z.object({ organizationId: OrganizationId, tenantId: TenantId });
const ImportTenant = TenantJob.extend({ runId: RunId });
const CheckAccessToken = TenantJob.extend({ accessTokenId: AccessTokenId });
export type CheckAccessToken = z.infer<typeof CheckAccessToken>;
const ChangeAccess = TenantJob.extend({ changeId: ChangeId, flowId: FlowId });
export type TenantJob = z.infer<typeof TenantJob>;
export type ImportTenant = z.infer<typeof ImportTenant>;
export type ChangeAccessJob = z.infer<typeof ChangeAccess>;

/** Works on an import run until it ends; a second try goes on where the first one stopped. */
export const importTenantJob: JobContract<ImportTenant> = {
  name: 'import-tenant',
  payload: ImportTenant,
  retryLimit: 10,
};

/** Erases a removed tenant whose time is over; a second try goes on where the first one stopped. */
export const eraseTenantJob: JobContract<TenantJob> = {
  name: 'erase-tenant',
  payload: TenantJob,
  retryLimit: 3,
};

/** Proves what a consent granted, again and again until Microsoft has copied it everywhere. */
export const verifyTenantJob: JobContract<TenantJob> = {
  name: 'verify-tenant',
  payload: TenantJob,
  retryLimit: 3,
};

/** Asks Microsoft again about a kept access token, once a day. */
export const checkAccessTokenJob: JobContract<CheckAccessToken> = {
  name: 'check-access-token',
  payload: CheckAccessToken,
  retryLimit: 3,
};

/** Changes roles with the rights of the person who signed in for it; a second try reads what the first one did. */
export const changeAccessJob: JobContract<ChangeAccessJob> = {
  name: 'change-access',
  payload: ChangeAccess,
  retryLimit: 10,
};

const AdditionJob = TenantJob.extend({ additionId: Guid });
export type AdditionJob = z.infer<typeof AdditionJob>;

/** Looks which subscriptions a person who has signed in may add. */
export const lookForSubscriptionsJob: JobContract<AdditionJob> = {
  name: 'look-for-subscriptions',
  payload: AdditionJob,
  retryLimit: 3,
};

/** Adds the subscriptions that a person chose; a second try goes on with those that are left. */
export const addSubscriptionsJob: JobContract<AdditionJob> = {
  name: 'add-subscriptions',
  payload: AdditionJob,
  retryLimit: 3,
};
