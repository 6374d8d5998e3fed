import { z } from 'zod';

/** A GUID in any casing Microsoft or a person may use; compared and kept in lower case. */
export const Guid = z
  .string()
  .regex(/^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i)
  .transform((text) => text.toLowerCase());

/** Whoever uses this portal; owns tenants, members and everything below. */
export const OrganizationId = Guid.brand<'OrganizationId'>();
export type OrganizationId = z.infer<typeof OrganizationId>;

/** A person who has signed in, known by the `tid` and `oid` of the ID token. */
export const PersonId = Guid.brand<'PersonId'>();
export type PersonId = z.infer<typeof PersonId>;

/** The portal's own id of a connected tenant, as in `/setup/cloud-tenants/{id}`. Not the directory's GUID. */
export const TenantId = Guid.brand<'TenantId'>();
export type TenantId = z.infer<typeof TenantId>;

/** An Entra directory: what Microsoft and the pages call the tenant ID. */
export const DirectoryId = Guid.brand<'DirectoryId'>();
export type DirectoryId = z.infer<typeof DirectoryId>;

export const FlowId = Guid.brand<'FlowId'>();
export type FlowId = z.infer<typeof FlowId>;

/** A kept key of the EA reporting API; not the key itself. */
export const AccessTokenId = Guid.brand<'AccessTokenId'>();
export type AccessTokenId = z.infer<typeof AccessTokenId>;

export const RunId = Guid.brand<'RunId'>();
export type RunId = z.infer<typeof RunId>;

/** A plan to change access levels, as in the address of its page. */
export const ChangeId = Guid.brand<'ChangeId'>();
export type ChangeId = z.infer<typeof ChangeId>;
