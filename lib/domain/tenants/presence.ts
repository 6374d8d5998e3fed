import type { Problem } from '#lib/core/problem.ts';
import type { FlowStatus, TenantStatus } from '#lib/db/generated/client.ts';
import { SILENT_AFTER_MS } from '../consent/model.ts';
import { readProblem } from '../problem-json.ts';
import type { TenantKind } from './model.ts';

export type FlowPulse = { readonly status: FlowStatus; readonly updatedAt: Date };

/** Whether somebody should be working on a flow, but has given no sign of life for too long. */
export const isSilent = ({ status, updatedAt }: FlowPulse, now: Date): boolean =>
  status === 'working' && now.getTime() - updatedAt.getTime() > SILENT_AFTER_MS;

export type ShownStatus = { readonly status: TenantStatus; readonly problem?: Problem };

/**
 * The status as pages show it. An Azure account is under `verifying` while one process gives the roles out; where
 * that process is gone, nobody goes on, and the page says so instead of waiting for ever.
 */
export function shownStatus(
  tenant: { readonly kind: TenantKind; readonly status: TenantStatus; readonly statusProblem: unknown },
  latestFlow: FlowPulse | undefined,
  now: Date,
): ShownStatus {
  const { kind, status } = tenant;
  const isAbandoned =
    kind === 'azure' &&
    status === 'verifying' &&
    (latestFlow?.status !== 'working' || isSilent(latestFlow, now));
  if (isAbandoned) return { status: 'could_not_check', problem: { code: 'flow-interrupted' } };
  const problem = readProblem(tenant.statusProblem);
  return { status, ...(problem && { problem }) };
}
