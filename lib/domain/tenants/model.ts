import { z } from 'zod';
import { TenantId } from '#lib/core/ids.ts';
import { nameOf } from '#lib/core/name.ts';

export const TENANT_KINDS = ['azure', 'office365'] as const;
export type TenantKind = (typeof TENANT_KINDS)[number];

/** What a kind of account is called on every page. */
export const KIND_LABEL: Readonly<Record<TenantKind, string>> = { azure: 'Azure', office365: 'Office 365' };

export const AGREEMENTS = ['ea', 'mca', 'mpsa'] as const;
export type Agreement = (typeof AGREEMENTS)[number];

export const AGREEMENT_LABEL: Readonly<Record<Agreement, string>> = {
  ea: 'Enterprise Agreement',
  mca: 'Microsoft Customer Agreement',
  mpsa: 'MPSA',
};

export const ACCESS_LEVELS = ['resources', 'tags_in', 'tags_in_out'] as const;
export type AccessLevel = (typeof ACCESS_LEVELS)[number];

/** What the portal does with a subscription, in the words of the pages. */
export const ACCESS_LEVEL_LABEL: Readonly<Record<AccessLevel, string>> = {
  resources: 'Sync resources only, no tags – write back of tags disabled',
  tags_in: 'Sync resources and tags – write back of tags disabled',
  tags_in_out: 'Sync resources and tags – write back of tags enabled',
};

/** Of tenants that jobs may touch: neither removed nor disabled. A condition for Prisma. */
export const IN_USE = { removedAt: null, status: { not: 'disabled' } } as const;

/** The name that people of the organization give to a tenant. */
export const TenantName = nameOf('the tenant');

export const RenameTenant = z.object({ tenantId: TenantId, name: TenantName });
export type RenameTenant = z.infer<typeof RenameTenant>;
