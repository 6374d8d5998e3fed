import { z } from 'zod';
import { type FoundAt, type FoundState, NOT_CHECKED, type Proof, StoredProof } from './proof.ts';

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

export type CapabilityState = FoundState;

/**
 * Three independent proofs of a capability. A missing or failed one is never made up for by the others: only
 * `not-checked` is, where our permissions do not allow to look.
 */
export type CapabilityProofs = {
  /** The roles claim of a token that was issued for this check. */
  readonly token: Proof;
  /** The grant as the tenant's directory lists it; to read it, a permission is needed that we do not ask for. */
  readonly grant: Proof;
  /** One harmless read that the capability lives on. */
  readonly read: Proof;
};

/** What the last check found out about one capability. */
export type CapabilityCheck = FoundAt & {
  readonly state: CapabilityState;
  /** The permission that grants it; absent where none does. */
  readonly permission?: string;
  readonly proofs: CapabilityProofs;
};

export type CapabilityChecks = Readonly<Partial<Record<Capability, CapabilityCheck>>>;

/** Earlier versions kept the state alone, which rested on the token. */
const StoredCheck = z
  .object({
    state: z.enum(['proven', 'missing', 'could-not-check']),
    permission: z.string().optional(),
    checkedAt: z.iso.datetime(),
    since: z.iso.datetime().optional(),
    lastProvenAt: z.iso.datetime().optional(),
    proofs: z.object({ token: StoredProof, grant: StoredProof, read: StoredProof }).optional(),
  })
  .transform(({ state, permission, checkedAt, since, lastProvenAt, proofs }): CapabilityCheck => {
    const provenAt = lastProvenAt ?? (state === 'proven' ? checkedAt : undefined);
    return {
      state,
      ...(permission && { permission }),
      checkedAt,
      since: since ?? checkedAt,
      ...(provenAt && { lastProvenAt: provenAt }),
      proofs: proofs ?? {
        token: { state: state === 'proven' ? 'ok' : state, at: checkedAt },
        grant: NOT_CHECKED,
        read: NOT_CHECKED,
      },
    };
  });

const StoredChecks = z
  .record(z.string(), z.unknown())
  .catch({})
  .transform((stored): CapabilityChecks => {
    const checks: Partial<Record<Capability, CapabilityCheck>> = {};
    for (const capability of CAPABILITIES) {
      const check = StoredCheck.safeParse(stored[capability]).data;
      if (check) checks[capability] = check;
    }
    return checks;
  });

/** The checks as they are kept with the tenant; what cannot be read counts as not checked. */
export const readCapabilityChecks = (stored: unknown): CapabilityChecks => StoredChecks.parse(stored);

/** Permissions of which one is enough to read the grants of an application in the directory. */
export const READS_GRANTS = [
  'Application.Read.All',
  'Application.ReadWrite.All',
  'Directory.Read.All',
] as const;

/**
 * Application permissions of which one is enough to read groups that give licences, the least one first. They are
 * optional: we do not ask for them, and use what is there.
 * @see https://learn.microsoft.com/graph/api/group-list
 */
export const READS_GROUPS = [
  'GroupMember.Read.All',
  'Group.Read.All',
  'Group.ReadWrite.All',
  'Directory.Read.All',
  'Directory.ReadWrite.All',
] as const;

/** Application permissions in a token that nothing here rests on: the tenant granted more than is needed. */
export function excessPermissions(roles: readonly string[]): readonly string[] {
  const needed = new Set<string | undefined>(READS_GRANTS.slice(0, 1));
  needed.add(READS_GROUPS.slice(0, 2).find((permission) => roles.includes(permission)));
  for (const capability of CAPABILITIES) {
    needed.add(CAPABILITY[capability].asked).add(grantedPermission(capability, roles));
  }
  return roles.filter((role) => !needed.has(role)).toSorted();
}

/** The granted permission, of those in a token, that a capability rests on. */
export function grantedPermission(capability: Capability, roles: readonly string[]): string | undefined {
  return CAPABILITY[capability].sufficient.find((permission) => roles.includes(permission));
}
