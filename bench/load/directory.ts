/** The people and licences of an invented directory. The same on every machine, so that figures can be compared. */
import { createHash } from 'node:crypto';

/** The directory of whoever names none: LOAD_USERS users. */
export const DIRECTORY_ID = '10ad0000-0000-4000-8000-00000000d1c7';

/** One of any number of small directories, all with the same users. */
export const smallDirectoryId = (n: number): string => SMALL_DIRECTORY + n.toString(16).padStart(8, '0');

export const isSmallDirectory = (directoryId: string): boolean => directoryId.startsWith(SMALL_DIRECTORY);

const SMALL_DIRECTORY = '10ad0000-0000-4000-8000-5ba1';

export type LoadSku = {
  readonly skuId: string;
  readonly skuPartNumber: string;
  readonly plans: readonly string[];
};

/** A well mixed number of 32 bits for anything that is counted: what looks random here never is. */
function mix(kind: string, n: number): Buffer {
  return createHash('sha256').update(`${kind} ${n}`).digest();
}

/** A GUID like those of Entra: no order in it, so keys arrive in the least pleasant order for an index. */
function guid(kind: string, n: number): string {
  const hex = mix(kind, n).toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

/** The id of the n-th user. */
export const idOf = (n: number): string => guid('user', n);

function pick<T extends readonly [unknown, ...unknown[]]>(list: T, n: number): T[number] {
  return list[n % list.length];
}

/** Part numbers of products that many directories have, the most common first. */
const PART_NUMBERS = [
  'SPE_E3',
  'FLOW_FREE',
  'SPE_E5',
  'POWER_BI_STANDARD',
  'EMS',
  'TEAMS_EXPLORATORY',
  'POWER_BI_PRO',
  'SPE_F1',
  'VISIOCLIENT',
  'PROJECTPROFESSIONAL',
  'EXCHANGESTANDARD',
  'STREAM',
] as const;

export const SKUS: readonly LoadSku[] = PART_NUMBERS.map((skuPartNumber, n) => ({
  skuId: guid('sku', n),
  skuPartNumber,
  plans: Array.from({ length: 4 + ((n * 7) % 30) }, (_, plan) => guid(`plan of ${n}`, plan)),
}));

const GIVEN_NAMES = [
  ...(['Anna', 'Ben', 'Chloé', 'David', 'Elif', 'Femke', 'Giulia', 'Hiro', 'Ines', 'Jürgen'] as const),
  ...(['Karim', 'Léa', 'Mateo', 'Nadia', 'Oskar', 'Priya', 'Quentin', 'Rosa', 'Søren', 'Tomás'] as const),
] as const;
const SURNAMES = [
  ...(['Almeida', 'Bauer', 'Castro', 'Dubois', 'Eriksen', 'Fischer', 'García', 'Haddad'] as const),
  ...(['Ito', 'Jansen', 'Kowalski', 'Larsen', 'Müller', 'Novák', "O'Brien", 'Petrov'] as const),
  ...(['Quist', 'Rossi', 'Schmidt', 'Tanaka', 'Ünal', 'Varga', 'Weber', 'Young'] as const),
] as const;
const JOBS = ['Engineer', 'Account Manager', 'Consultant', 'Analyst', 'Nurse', 'Designer', 'Buyer'] as const;
const PLACES = [
  { city: 'Zürich', state: 'ZH', country: 'Switzerland', usageLocation: 'CH', preferredLanguage: 'de-CH' },
  {
    city: 'Lyon',
    state: 'Auvergne-Rhône-Alpes',
    country: 'France',
    usageLocation: 'FR',
    preferredLanguage: 'fr-FR',
  },
  { city: 'Austin', state: 'TX', country: 'United States', usageLocation: 'US', preferredLanguage: 'en-US' },
  { city: 'Ōsaka', state: 'Ōsaka', country: 'Japan', usageLocation: 'JP', preferredLanguage: 'ja-JP' },
] as const;

export type LoadUser = {
  readonly n: number;
  /** In seconds since 1970. */
  readonly createdAt: number;
  /** How often the user has changed. */
  readonly version: number;
};

/** A user, with the members that the portal asks Graph for, in Graph's spelling. */
export function loadUser({ n, createdAt, version }: LoadUser): Record<string, unknown> {
  const random = mix('user', n);
  const at = (index: number) => random[index] ?? 0;
  const givenName = pick(GIVEN_NAMES, at(0));
  const surname = pick(SURNAMES, at(1));
  const place = pick(PLACES, at(2));
  const isGuest = at(3) < 16;
  const local = `${givenName}.${surname}`
    .normalize('NFD')
    .replace(/[^a-zA-Z.]/g, '')
    .toLowerCase();
  const mail = `${local}.${n}@${isGuest ? 'partner.example' : 'load.example'}`;
  // Who changes gets another job, and one in three other licences.
  const states = licenseStates(isGuest ? 0 : at(4), (at(5) + (n % 3 === 0 ? version : 0)) & 255);
  return {
    id: idOf(n),
    displayName: `${givenName} ${surname}`,
    companyName: isGuest ? 'Partner Ltd.' : 'Load Test AG',
    department: `Department ${at(6) % 40}`,
    mail: at(7) < 8 ? null : mail,
    givenName,
    surname,
    jobTitle: pick(JOBS, at(8) + version),
    state: place.state,
    postalCode: String(1000 + at(9) * 30),
    streetAddress: at(10) < 128 ? `Long Street ${at(11)}, "Building ${at(12) % 9}"` : null,
    city: place.city,
    preferredLanguage: at(13) < 64 ? place.preferredLanguage : null,
    usageLocation: place.usageLocation,
    userPrincipalName: isGuest ? `${local}.${n}_partner.example#EXT#@load.onmicrosoft.com` : mail,
    officeLocation: `B${at(14) % 9}/${at(15)}`,
    country: place.country,
    userType: isGuest ? 'Guest' : 'Member',
    accountEnabled: at(16) > 20,
    createdDateTime: new Date(createdAt * 1000).toISOString().replace('.000Z', 'Z'),
    assignedLicenses: [...new Set(states.map(({ skuId }) => skuId))].map((skuId) => ({
      disabledPlans: [],
      skuId,
    })),
    licenseAssignmentStates: states,
    onPremisesExtensionAttributes: extensionAttributes(at(17), n),
    ...(n > 0 && {
      manager: { '@odata.type': '#microsoft.graph.user', id: idOf(Math.floor(n / 9)) },
    }),
  };
}

/** None for one in eight, else one to three; some by a group, some with plans switched off. */
function licenseStates(amount: number, which: number) {
  const count = amount < 32 ? 0 : amount < 150 ? 1 : amount < 220 ? 2 : 3;
  return Array.from({ length: count }, (_, k) => {
    // The smaller of two: common products are held by many, rare ones by few.
    const sku = SKUS[Math.min((which + k) % SKUS.length, ((which >> 3) + k) % SKUS.length)];
    return {
      skuId: sku?.skuId ?? '',
      disabledPlans: which % 5 === 0 ? (sku?.plans.slice(0, 2) ?? []) : [],
      assignedByGroup: which % 3 === 0 ? guid('group', which % 7) : null,
      state: 'Active',
      error: 'None',
      lastUpdatedDateTime: '2026-05-04T08:15:30Z',
    };
  });
}

/** Graph sends the whole object of fifteen, whether or not any of them has a value. */
function extensionAttributes(random: number, n: number): Record<string, string | null> {
  const entries = Array.from(
    { length: 15 },
    (_, k) => [`extensionAttribute${k + 1}`, null] as [string, string | null],
  );
  if (random < 80 && entries[0]) entries[0][1] = `CC-${1000 + (n % 500)}`;
  if (random < 30 && entries[4]) entries[4][1] = 'payroll';
  return Object.fromEntries(entries);
}

/** Somewhat more than half of all users came on two days, when the directory was set up and when a company joined. */
const HISTORY = [
  { share: 0.4, from: Date.UTC(2016, 2, 5, 6), to: Date.UTC(2016, 2, 6, 20) },
  { share: 0.3, from: Date.UTC(2016, 2, 7), to: Date.UTC(2021, 9, 1) },
  { share: 0.15, from: Date.UTC(2021, 9, 2, 4), to: Date.UTC(2021, 9, 2, 16) },
  { share: 0.15, from: Date.UTC(2021, 9, 3), to: Date.UTC(2026, 9, 1) },
] as const;

/** When the n-th of so many users was made, in seconds since 1970: no later than the one after. */
export function createdAt(n: number, users: number): number {
  let from = 0;
  for (const era of HISTORY) {
    const within = (n / users - from) / era.share;
    if (within < 1 || era === HISTORY.at(-1)) {
      return Math.floor((era.from + Math.min(1, within) * (era.to - era.from)) / 1000);
    }
    from += era.share;
  }
  throw new Error('The history has an end.');
}

/** The answer of `/subscribedSkus`. */
export const subscribedSkus = (directoryId: string, users: number) =>
  SKUS.map(({ skuId, skuPartNumber, plans }) => ({
    id: `${directoryId}_${skuId}`,
    accountId: directoryId,
    accountName: 'load',
    appliesTo: 'User',
    capabilityStatus: 'Enabled',
    consumedUnits: Math.floor(users / 3),
    skuId,
    skuPartNumber,
    subscriptionIds: [guid(`subscription of ${skuPartNumber}`, 0)],
    prepaidUnits: { enabled: users, suspended: 0, warning: 0, lockedOut: 0 },
    servicePlans: plans.map((servicePlanId, n) => ({
      servicePlanId,
      servicePlanName: `${skuPartNumber}_PLAN_${n}`,
      provisioningStatus: 'Success',
      appliesTo: 'User',
    })),
  }));

/** The answer of `/directory/subscriptions`. */
export const directorySubscriptions = (users: number) =>
  SKUS.map(({ skuId, skuPartNumber }, n) => ({
    id: guid(`subscription of ${skuPartNumber}`, 0),
    commerceSubscriptionId: guid(`order of ${skuPartNumber}`, 0),
    createdDateTime: '2024-11-01T00:00:00Z',
    nextLifecycleDateTime: `2027-0${1 + (n % 9)}-28T00:00:00Z`,
    isTrial: n % 6 === 5,
    skuId,
    skuPartNumber,
    status: 'Enabled',
    totalLicenses: users,
    ownerId: null,
    ownerTenantId: null,
    ownerType: null,
    serviceStatus: [],
  }));

/** The groups that give licences. */
export const licensedGroups = Array.from({ length: 7 }, (_, n) => ({
  id: guid('group', n),
  displayName: `Licences ${n}`,
  groupTypes: n % 2 === 0 ? [] : ['DynamicMembership'],
  membershipRule: n % 2 === 0 ? null : 'user.accountEnabled -eq true',
  assignedLicenses: [{ skuId: SKUS[n]?.skuId, disabledPlans: [] }],
  licenseProcessingState: { state: 'ProcessingComplete' },
}));

/** The answer of `/organization`. */
export const organization = (directoryId: string) => ({
  id: directoryId,
  displayName: 'Load Test AG',
  countryLetterCode: 'CH',
  tenantType: 'AAD',
  verifiedDomains: [
    {
      name: 'load.onmicrosoft.com',
      isDefault: false,
      isInitial: true,
      type: 'Managed',
      capabilities: 'Email',
    },
    { name: 'load.example', isDefault: true, isInitial: false, type: 'Managed', capabilities: 'Email' },
  ],
});
