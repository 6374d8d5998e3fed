import type { Context, Env } from 'hono';
import type { Tenant } from '../../state/tenants.ts';
import type { AccessClaims } from '../../state/tokens.ts';
import { graphErrorBody, statusOf } from '../errors.ts';

/** What the middleware of Graph's routes has found out about the caller. */
export interface GraphEnv extends Env {
  Variables: {
    claims: AccessClaims;
    tenant: Tenant;
    requestId: string;
    clientRequestId: string;
    /** A fault rule asks for a page without rows that goes on. */
    emptyPage: boolean | undefined;
  };
}

export type GraphContext = Context<GraphEnv>;

/** An error answer in Graph's envelope. */
export function graphError(
  c: GraphContext,
  status: number,
  code: string,
  message: string,
  inner: Readonly<Record<string, string>> = {},
): Response {
  const ids = { now: Date.now(), requestId: c.get('requestId'), clientRequestId: c.get('clientRequestId') };
  return c.json(graphErrorBody(code, message, ids, inner), statusOf(status));
}

export const badRequest = (c: GraphContext, message: string, code = 'Request_BadRequest'): Response =>
  graphError(c, 400, code, message);

export const denied = (c: GraphContext): Response =>
  graphError(c, 403, 'Authorization_RequestDenied', 'Insufficient privileges to complete the operation.');

/** Whether an app-only token carries one of the roles, or a delegated one of the scopes. */
export function allowed(claims: AccessClaims, names: readonly string[]): boolean {
  const held = claims.idtyp === 'app' ? claims.roles : claims.scp;
  return names.some((name) => held.includes(name));
}

export const READ_USERS = [
  'User.Read.All',
  'User.ReadWrite.All',
  'Directory.Read.All',
  'Directory.ReadWrite.All',
];
export const READ_SKUS = [
  'LicenseAssignment.Read.All',
  'LicenseAssignment.ReadWrite.All',
  'Organization.Read.All',
  'Directory.Read.All',
  'Organization.ReadWrite.All',
  'Directory.ReadWrite.All',
];
export const READ_ORGANIZATION = [
  'Organization.Read.All',
  'Directory.Read.All',
  'Organization.ReadWrite.All',
  'Directory.ReadWrite.All',
];
export const READ_APPLICATIONS = ['Application.Read.All', 'Directory.Read.All', 'Application.ReadWrite.All'];
export const READ_GROUPS = [
  'GroupMember.Read.All',
  'Group.Read.All',
  'Group.ReadWrite.All',
  'Directory.Read.All',
  'Directory.ReadWrite.All',
];
