import { type Failure, fail } from '#lib/core/result.ts';
import type { Actor, PortalRole } from './actor.ts';

/** What can be done in the portal, with the least portal role that may do it. */
const LEAST_ROLE = {
  'tenant.read': 'viewer',
  'tenant.connect': 'admin',
  'tenant.update': 'admin',
  'access-token.read': 'viewer',
  'access-token.manage': 'admin',
  'access.change': 'admin',
  'tenant.disable': 'admin',
  'tenant.remove': 'admin',
  'tenant.erase': 'owner',
  'import.read': 'viewer',
  'import.start': 'admin',
  'licensing.read': 'viewer',
  'users.read': 'viewer',
  'data-settings.read': 'viewer',
  'data-settings.change': 'admin',
} as const satisfies Record<string, PortalRole>;

export type Permission = keyof typeof LEAST_ROLE;

const RANK: Readonly<Record<PortalRole, number>> = { viewer: 0, admin: 1, owner: 2 };

/** Whether the actor may do it. Jobs act with the rights their organization's admins gave when they set them up. */
export function may(actor: Actor, permission: Permission): boolean {
  return actor.type === 'job' || RANK[actor.portalRole] >= RANK[LEAST_ROLE[permission]];
}

/** The refusal, or undefined where the actor may go on: `const denied = deny(…); if (denied) return denied;` */
export function deny(actor: Actor, permission: Permission): Failure | undefined {
  if (may(actor, permission)) return undefined;
  return fail({
    code: 'forbidden',
    need: LEAST_ROLE[permission] === 'viewer' ? 'admin' : LEAST_ROLE[permission],
  });
}
