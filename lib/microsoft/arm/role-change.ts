import { z } from 'zod';
import type { WatchedCall, WatchedOutcome } from '../http/watch-calls.ts';

/** What a call did to the role assignments of a scope, in Azure or in billing. */
export type RoleChange = {
  /** `kept`: it was there already. */
  readonly change: 'made' | 'kept' | 'removed';
  /** Where it applies: a path in Azure Resource Manager. */
  readonly roleScope: string;
  /** The assignment's name, as far as it is known. */
  readonly name?: string;
  /** The role's GUID. */
  readonly roleDefinitionId?: string;
  readonly principalId?: string;
};

const Named = z.object({ roleDefinitionId: z.string().optional(), principalId: z.string().optional() });
/** Azure wraps the members, billing of 2024 does not. */
const Assignment = z.union([
  z.object({ properties: Named }).transform(({ properties }) => properties),
  Named,
]);

const AZURE = /^[^/]+(\/.*?)\/providers\/Microsoft\.Authorization\/roleAssignments\/([^/]+)$/i;
const BILLING = /^[^/]+(\/.*?)\/billingRoleAssignments\/([^/]+)$/i;
const BILLING_CREATE = /^[^/]+(\/.*?)\/createBillingRoleAssignment$/i;

/** Reads from a call and its answer which role assignment it has made or removed; undefined for every other call. */
export function readRoleChange(
  { method, target, body }: WatchedCall,
  { status, problem, json }: WatchedOutcome,
): RoleChange | undefined {
  const [, roleScope, name] =
    AZURE.exec(target) ?? BILLING.exec(target) ?? ((method === 'POST' && BILLING_CREATE.exec(target)) || []);
  if (!roleScope) return undefined;
  const existed = problem?.code === 'conflict' && problem.microsoft?.code === 'RoleAssignmentExists';
  if (problem && !existed) return undefined;
  const change = changeOf(method, status, existed);
  if (!change) return undefined;
  const named = read(change === 'removed' ? json : body);
  return { change, roleScope, ...(name && { name }), ...named };
}

function changeOf(
  method: string,
  status: number | undefined,
  existed: boolean,
): RoleChange['change'] | undefined {
  if (method === 'DELETE') return status === 204 ? undefined : 'removed';
  if (method === 'POST') return 'made';
  if (method !== 'PUT') return undefined;
  return existed ? 'kept' : 'made';
}

function read(source: unknown): Pick<RoleChange, 'roleDefinitionId' | 'principalId'> {
  const parsed = Assignment.safeParse(typeof source === 'string' ? parse(source) : source);
  if (!parsed.success) return {};
  const { roleDefinitionId, principalId } = parsed.data;
  return {
    ...(roleDefinitionId && {
      roleDefinitionId: roleDefinitionId.slice(roleDefinitionId.lastIndexOf('/') + 1),
    }),
    ...(principalId && { principalId }),
  };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
