import { z } from 'zod';

/** What the portal can do with an Office 365 account, each by application permissions of its own. */
export const CAPABILITIES = ['licences', 'users', 'organization'] as const;
export type Capability = (typeof CAPABILITIES)[number];

export type CapabilityWords = {
  readonly title: string;
  /** What it is for, as a whole sentence. */
  readonly enables: string;
  /** What does not work without it, as a whole sentence. */
  readonly withoutIt: string;
  /** The permission that our registration asks for. */
  readonly asked: string;
  /** Permissions of which one is enough, ours first. */
  readonly sufficient: readonly string[];
};

/**
 * The application permissions behind each capability.
 * @see https://learn.microsoft.com/graph/permissions-reference
 */
export const CAPABILITY: Readonly<Record<Capability, CapabilityWords>> = {
  licences: {
    title: 'Read licences',
    enables: 'Shows which products were bought, how many seats they have and how many are assigned.',
    withoutIt: 'The licence pages stay empty: no products, no seats, no daily figures.',
    asked: 'LicenseAssignment.Read.All',
    sufficient: [
      'LicenseAssignment.Read.All',
      'LicenseAssignment.ReadWrite.All',
      'Organization.Read.All',
      'Organization.ReadWrite.All',
      'Directory.Read.All',
      'Directory.ReadWrite.All',
    ],
  },
  users: {
    title: 'Read users',
    enables: 'Shows who holds which licence, with department, country and manager.',
    withoutIt: 'The user pages stay empty, and nobody can see who holds a licence.',
    asked: 'User.Read.All',
    sufficient: ['User.Read.All', 'User.ReadWrite.All', 'Directory.Read.All', 'Directory.ReadWrite.All'],
  },
  organization: {
    title: 'Read the organization',
    enables: 'Shows the name and the verified domains of the tenant.',
    withoutIt: 'The tenant shows the domain that was typed, not the one that Microsoft calls its default.',
    asked: 'Organization.Read.All',
    sufficient: [
      'Organization.Read.All',
      'Organization.ReadWrite.All',
      'Directory.Read.All',
      'Directory.ReadWrite.All',
    ],
  },
};

export type CapabilityState = 'proven' | 'missing' | 'could-not-check';

/** What the last check found out about one capability. */
export type CapabilityCheck = {
  readonly state: CapabilityState;
  /** The permission that grants it; absent where none does. */
  readonly permission?: string;
  /** An instant, ISO 8601. */
  readonly checkedAt: string;
};

export type CapabilityChecks = Readonly<Partial<Record<Capability, CapabilityCheck>>>;

const StoredCheck = z.object({
  state: z.enum(['proven', 'missing', 'could-not-check']),
  permission: z.string().optional(),
  checkedAt: z.iso.datetime(),
});

/** The checks as they are kept with the tenant; what cannot be read counts as not checked. */
export function readCapabilityChecks(stored: unknown): CapabilityChecks {
  const parsed = z.partialRecord(z.enum(CAPABILITIES), StoredCheck).safeParse(stored);
  return parsed.success ? parsed.data : {};
}

/** The granted permission, of those in a token, that a capability rests on. */
export function grantedPermission(capability: Capability, roles: readonly string[]): string | undefined {
  return CAPABILITY[capability].sufficient.find((permission) => roles.includes(permission));
}
