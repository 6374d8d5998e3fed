import type { OrganizationId, PersonId } from '#lib/core/ids.ts';

export const PORTAL_ROLES = ['owner', 'admin', 'viewer'] as const;
export type PortalRole = (typeof PORTAL_ROLES)[number];

/** Who acts: a member in the organization they work in now, or a job of the system on its behalf. */
export type Actor =
  | {
      readonly type: 'member';
      readonly personId: PersonId;
      readonly organizationId: OrganizationId;
      readonly portalRole: PortalRole;
      readonly displayName: string;
    }
  | { readonly type: 'job'; readonly job: string; readonly organizationId: OrganizationId };
