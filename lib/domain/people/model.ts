import { z } from 'zod';
import type { PortalRole } from '#lib/access/actor.ts';
import { type DirectoryId, type OrganizationId, PersonId } from '#lib/core/ids.ts';

/** All that a session names: a person, and which generation of their sessions it belongs to. */
export const SessionIdentity = z.object({ personId: PersonId, sessionVersion: z.int().positive() });
export type SessionIdentity = z.infer<typeof SessionIdentity>;

/** A person as a verified ID token names them. */
export type DirectoryPerson = {
  readonly directoryId: DirectoryId;
  /** Their object id in that directory, lower case. */
  readonly objectId: string;
  readonly displayName: string;
  readonly userName: string;
};

/** Somebody who has signed in. */
export type Person = {
  readonly personId: PersonId;
  readonly displayName: string;
  /** Mail-like, for display only. */
  readonly userName: string;
};

/** The organization that a person works in, and what they may do there. */
export type Membership = {
  readonly organizationId: OrganizationId;
  readonly organizationName: string;
  readonly portalRole: PortalRole;
};

/** A person whose session holds; without a membership they have not joined an organization yet. */
export type SessionPerson = Person & { readonly membership?: Membership };
