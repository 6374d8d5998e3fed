import { guidOf, seedOf } from './hash.ts';
import type { Lags } from './settings.ts';

/** An Entra directory. Its users are computed, not stored (see `directory/`). */
export type Tenant = {
  readonly id: string;
  readonly displayName: string;
  /** Verified domains; the first is the default one, the last the initial `…onmicrosoft.com`. */
  readonly domains: readonly string[];
  readonly users: number;
  readonly seed: number;
  readonly region: 'EU' | 'NA' | 'AS';
  /** Where it lives, if not in the simulated cloud: discovery says so, and nothing else works there. */
  readonly cloud?: string;
  readonly countryLetterCode: string;
  /** Has Entra ID P1 or better: without it sign-in activity is refused. */
  readonly premium: boolean;
  /** Whether plain users may consent to permissions that do not need an administrator. */
  userConsent: 'allowed' | 'denied';
  readonly createdDateTime: string;
  /** Where they differ from those of the settings. */
  lags?: Lags;
  /** How its delta queries differ from what is documented best. */
  delta?: DeltaManners;
};

/** Ways of delta queries that the documents leave open. */
export type DeltaManners = {
  /** Rows do not say how licences came. */
  readonly withoutAssignmentStates?: boolean;
  /** The manager is named where it changed only, instead of wherever there is one. */
  readonly changedManagersOnly?: boolean;
  /** Nothing tells of those whose manager was deleted or restored. */
  readonly keepsLinks?: boolean;
  /** The reason for every removal. */
  readonly removalReason?: string;
  /** So many changes from before the link are told again. */
  readonly replays?: number;
};

/** Directory role template ids, as `wids` carries them. @see https://learn.microsoft.com/entra/identity/role-based-access-control/permissions-reference */
export const DIRECTORY_ROLES: Readonly<Record<string, string>> = {
  'Global Administrator': '62e90394-69f5-4237-9190-012177145e10',
  'Privileged Role Administrator': 'e8611ab8-c189-46e8-94e1-60213ab1f814',
  'Cloud Application Administrator': '158c047a-c907-4556-b7ef-446551a6b5f7',
  'Application Administrator': '9b895d92-2cd3-44c7-9d02-a6ac2d5ea5c3',
  'Global Reader': 'f2ef992c-3afb-46b9-b7cf-a126ee74c451',
  'User Administrator': 'fe930be7-5e62-47db-91af-98c3a49a38b1',
  'License Administrator': '4d6ac14f-3453-41d0-bef9-a3e0c569773a',
};

/** What `wids` holds for every member of a directory, with or without an administrative role. */
export const MEMBER_WID = 'b79fbf4d-3ef9-4689-8143-76b194e85509';

/** A person's account in one directory; a guest has one in each directory that invited them. */
export type Membership = {
  readonly tenantId: string;
  readonly mail: string;
  readonly objectId: string;
  readonly userType: 'Member' | 'Guest';
  /** Names from `DIRECTORY_ROLES`. */
  directoryRoles: string[];
};

/** Somebody who can sign in. */
export type Persona = {
  readonly displayName: string;
  readonly givenName: string;
  readonly surname: string;
  readonly mail: string;
  readonly homeTenantId: string;
  /** What the sign-in page says about the person. */
  readonly role: string;
};

const tenant = (
  id: string,
  displayName: string,
  slug: string,
  users: number,
  more: Partial<Pick<Tenant, 'region' | 'countryLetterCode' | 'premium'>> = {},
): Tenant => ({
  id,
  displayName,
  domains: [`${slug}.com`, `${slug}.onmicrosoft.com`],
  users,
  seed: seedOf(id),
  region: more.region ?? 'EU',
  countryLetterCode: more.countryLetterCode ?? 'DE',
  premium: more.premium ?? true,
  userConsent: 'allowed',
  createdDateTime: '2016-03-14T09:26:53Z',
});

export const CONTOSO_ID = 'c0000000-0000-4000-8000-00000000c001';
export const FABRIKAM_ID = 'f0000000-0000-4000-8000-00000000f001';
export const ADATUM_ID = 'a0000000-0000-4000-8000-00000000a001';
export const NORTHWIND_ID = 'b0000000-0000-4000-8000-00000000b001';

export const defaultTenants = (): Tenant[] => [
  tenant(CONTOSO_ID, 'Contoso', 'contoso', 2500),
  tenant(FABRIKAM_ID, 'Fabrikam', 'fabrikam', 300, { countryLetterCode: 'NO', premium: false }),
  tenant(ADATUM_ID, 'Adatum', 'adatum', 20, { countryLetterCode: 'US', region: 'NA' }),
  tenant(NORTHWIND_ID, 'Northwind Traders', 'northwind', 100_000, { countryLetterCode: 'GB' }),
];

const persona = (name: string, mail: string, homeTenantId: string, role: string): Persona => {
  const [givenName = name, surname = ''] = name.split(' ');
  return { displayName: name, givenName, surname, mail, homeTenantId, role };
};

export const defaultPersonas = (): Persona[] => [
  persona(
    'Alex Admin',
    'alex.admin@contoso.com',
    CONTOSO_ID,
    'Global Administrator of Contoso, Owner of four subscriptions',
  ),
  persona(
    'Olivia Owner',
    'olivia.owner@contoso.com',
    CONTOSO_ID,
    'Owner of two Contoso subscriptions, no directory role',
  ),
  persona('Uma User', 'uma.user@contoso.com', CONTOSO_ID, 'User of Contoso without any role'),
  persona('Gus Guest', 'gus.guest@fabrikam.com', FABRIKAM_ID, 'Guest in Contoso, member of Fabrikam'),
  persona('Fiona Fabrikam', 'fiona.admin@fabrikam.com', FABRIKAM_ID, 'Global Administrator of Fabrikam'),
  persona(
    'Ada Adatum',
    'ada.admin@adatum.com',
    ADATUM_ID,
    'Global Administrator of Adatum, unknown elsewhere',
  ),
  persona(
    'Nora Northwind',
    'nora.admin@northwind.com',
    NORTHWIND_ID,
    'Global Administrator of Northwind (100,000 users)',
  ),
];

export const membershipOf = (
  tenantId: string,
  mail: string,
  directoryRoles: readonly string[] = [],
  userType: Membership['userType'] = 'Member',
): Membership => ({
  tenantId,
  mail,
  objectId: guidOf('user', tenantId, mail),
  userType,
  directoryRoles: [...directoryRoles],
});

export const defaultMemberships = (): Membership[] => [
  membershipOf(CONTOSO_ID, 'alex.admin@contoso.com', ['Global Administrator']),
  membershipOf(CONTOSO_ID, 'olivia.owner@contoso.com'),
  membershipOf(CONTOSO_ID, 'uma.user@contoso.com'),
  membershipOf(CONTOSO_ID, 'gus.guest@fabrikam.com', [], 'Guest'),
  membershipOf(FABRIKAM_ID, 'fiona.admin@fabrikam.com', ['Global Administrator']),
  membershipOf(FABRIKAM_ID, 'gus.guest@fabrikam.com'),
  membershipOf(ADATUM_ID, 'ada.admin@adatum.com', ['Global Administrator']),
  membershipOf(NORTHWIND_ID, 'nora.admin@northwind.com', ['Global Administrator']),
];

/** The values of `wids` for an account. */
export function widsOf(membership: Membership): string[] {
  const roles = membership.directoryRoles.flatMap((name) => DIRECTORY_ROLES[name] ?? []);
  return [...roles, MEMBER_WID];
}

/** May grant every permission, application permissions of Microsoft Graph included. */
export const mayGrantEverything = (membership: Membership): boolean =>
  membership.directoryRoles.some(
    (role) => role === 'Global Administrator' || role === 'Privileged Role Administrator',
  );

/** May grant everything but application permissions of Microsoft Graph. */
export const mayGrantDelegated = (membership: Membership): boolean =>
  mayGrantEverything(membership) ||
  membership.directoryRoles.some(
    (role) => role === 'Cloud Application Administrator' || role === 'Application Administrator',
  );
