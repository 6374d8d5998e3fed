import type { Problem } from '#lib/core/problem.ts';
import type { FlowStatus, TenantStatus } from '#lib/db/generated/client.ts';
import { SILENT_AFTER_MS } from '../consent/model.ts';
import { readProblem } from '../problem-json.ts';
import type { TenantKind } from './model.ts';
import { checkPulse, readTenantCheck } from './tenant-check.ts';
import { HANDOVER_MS } from './verification.ts';

export type FlowPulse = { readonly status: FlowStatus; readonly updatedAt: Date };

/** Whether somebody should be working on a flow, but has given no sign of life for too long. */
export const isSilent = ({ status, updatedAt }: FlowPulse, now: Date): boolean =>
  status === 'working' && now.getTime() - updatedAt.getTime() > SILENT_AFTER_MS;

export type ShownStatus = { readonly status: TenantStatus; readonly problem?: Problem };

type Shown = {
  readonly kind: TenantKind;
  readonly status: TenantStatus;
  readonly statusProblem: unknown;
  readonly statusChangedAt: Date;
  readonly lastCheck: unknown;
};

/** The status as pages show it: nothing is being verified for ever where nobody is at it any more. */
export function shownStatus(tenant: Shown, latestFlow: FlowPulse | undefined, now: Date): ShownStatus {
  if (isAbandoned(tenant, latestFlow, now)) {
    return { status: 'could_not_check', problem: { code: 'flow-interrupted' } };
  }
  const problem = readProblem(tenant.statusProblem);
  return { status: tenant.status, ...(problem && { problem }) };
}

/**
 * An Azure account is worked on by one process while that gives the roles out, then by the workers' checks; an
 * Office 365 account by checks alone, for which a worker may come late.
 */
function isAbandoned(tenant: Shown, latestFlow: FlowPulse | undefined, now: Date): boolean {
  const { kind, status, statusChangedAt, lastCheck } = tenant;
  if (status !== 'verifying') return false;
  const pulse = checkPulse(readTenantCheck(lastCheck), now);
  if (pulse === 'running' || pulse === 'followed') return false;
  if (kind === 'azure') return latestFlow?.status !== 'working' || isSilent(latestFlow, now);
  return now.getTime() - statusChangedAt.getTime() > HANDOVER_MS;
}
