import { guidOf } from '../state/hash.ts';
import { COMPANIES, DEPARTMENTS, JOB_TITLES, OFFICES } from './cultures.ts';
import { type Generator, pick } from './generator.ts';
import { shared } from './json.ts';
import { SKUS } from './sku-catalog.ts';

/** Computes one property of one row. */
export type Column = (rows: Generator, index: number) => unknown;

const DIE = {
  mail: 40,
  department: 41,
  title: 42,
  company: 43,
  office: 44,
  place: 45,
  phone: 46,
  usage: 47,
  extension: 48,
  employee: 49,
  language: 50,
  assignment: 51,
  plans: 52,
  signIn: 53,
} as const;

const NO_EXTENSIONS = shared(
  Object.fromEntries(Array.from({ length: 15 }, (_, n) => [`extensionAttribute${n + 1}`, null])),
);

/** Licences without disabled plans, which most are. */
const WHOLE_LICENCES = SKUS.map((sku) => shared({ disabledPlans: [], skuId: sku.skuId }));

const EXTENSION_VALUES = [
  'CC-1001',
  'Köln',
  '=SUM(A1:A9)',
  'true',
  '',
  '0042',
  '{"json":1}',
  '部門',
  'a;b,"c"',
];

/** For people who can sign in the office fields stay tidy; every fiftieth other row has an empty text. */
const optional = (rows: Generator, index: number, salt: number, value: string | null): string | null => {
  const roll = rows.die(index, salt + 1000) % 100;
  if (roll < 2) return '';
  return roll < 14 ? null : value;
};

const place = (rows: Generator, index: number) =>
  pick(rows.culture(index).places, rows.die(index, DIE.place));

/**
 * Properties that the simulator has. Those of `GET /users` without `$select` are `DEFAULT_COLUMNS`.
 * @see https://learn.microsoft.com/graph/api/resources/user
 */
export const COLUMNS: Readonly<Record<string, Column>> = {
  id: (rows, index) => rows.id(index),
  displayName: (rows, index) => rows.displayName(index),
  userPrincipalName: (rows, index) => rows.userPrincipalName(index),
  givenName: (rows, index) => {
    const person = rows.person(index);
    if (person) return person.persona.givenName;
    return rows.kind(index) === 'shared' ? null : rows.given(index).written;
  },
  surname: (rows, index) => {
    const person = rows.person(index);
    if (person) return person.persona.surname;
    return rows.kind(index) === 'shared' ? '' : rows.family(index).written;
  },
  mail: (rows, index) => {
    const person = rows.person(index);
    if (person) return person.persona.mail;
    if (rows.kind(index) === 'guest') return `${rows.login(index)}@${rows.guestDomain(index)}`;
    return rows.die(index, DIE.mail) % 8 === 0 ? null : `${rows.login(index)}@${rows.tenant.domains[0]}`;
  },
  mailNickname: (rows, index) =>
    rows.kind(index) === 'guest' ? `${rows.login(index)}_${rows.guestDomain(index)}#EXT#` : rows.login(index),
  accountEnabled: (rows, index) => rows.accountEnabled(index),
  userType: (rows, index) => {
    if (rows.isGuest(index)) return 'Guest';
    // Accounts from before the property existed have none.
    return index >= rows.people.length && rows.die(index, DIE.usage) % 199 === 0 ? null : 'Member';
  },
  companyName: (rows, index) => pick(COMPANIES, rows.die(index, DIE.company)),
  department: (rows, index) => pick(DEPARTMENTS, rows.die(index, DIE.department)),
  jobTitle: (rows, index) => pick(JOB_TITLES, rows.die(index, DIE.title)),
  officeLocation: (rows, index) => pick(OFFICES, rows.die(index, DIE.office)),
  streetAddress: (rows, index) => optional(rows, index, DIE.place, place(rows, index).street),
  city: (rows, index) => optional(rows, index, DIE.place, place(rows, index).city),
  state: (rows, index) => optional(rows, index, DIE.place, place(rows, index).state),
  postalCode: (rows, index) => optional(rows, index, DIE.place, place(rows, index).postalCode),
  country: (rows, index) => optional(rows, index, DIE.usage, rows.culture(index).country),
  usageLocation: (rows, index) =>
    rows.isGuest(index) || rows.die(index, DIE.usage) % 13 === 0 ? null : rows.culture(index).usageLocation,
  preferredLanguage: (rows, index) =>
    rows.die(index, DIE.language) % 4 === 0 ? null : rows.culture(index).language,
  businessPhones: (rows, index) => {
    const roll = rows.die(index, DIE.phone);
    return roll % 3 === 0 ? [] : [`+1 425 555 0${100 + (roll % 100)}`];
  },
  mobilePhone: (rows, index) => {
    const roll = rows.die(index, DIE.phone);
    return roll % 2 === 0 ? null : `+49 170 ${roll % 10_000_000}`;
  },
  employeeId: (rows, index) =>
    rows.die(index, DIE.employee) % 3 === 0 ? null : String(index).padStart(6, '0'),
  employeeType: (rows, index) =>
    rows.isGuest(index) ? null : pick(['Employee', 'Contractor', null], rows.die(index, DIE.employee)),
  createdDateTime: (rows, index) =>
    rows.hasCreatedDateTime(index) ? `${new Date(rows.createdAt(index)).toISOString().slice(0, 19)}Z` : null,
  onPremisesSyncEnabled: (rows, index) =>
    rows.isGuest(index) || rows.die(index, DIE.employee) % 4 === 0 ? null : true,
  onPremisesImmutableId: (rows, index) =>
    rows.isGuest(index) ? null : Buffer.from(rows.id(index).slice(0, 16)).toString('base64'),
  onPremisesExtensionAttributes: (rows, index) => {
    const roll = rows.die(index, DIE.extension);
    if (roll % 10 < 7) return NO_EXTENSIONS;
    const attributes: Record<string, string | null> = { ...NO_EXTENSIONS };
    for (let set = 0; set <= (roll >>> 4) % 4; set++) {
      const name = `extensionAttribute${1 + ((roll >>> (8 + set * 4)) % 15)}`;
      attributes[name] = pick(EXTENSION_VALUES, roll >>> (10 + set * 3));
    }
    return attributes;
  },
  proxyAddresses: (rows, index) =>
    rows.kind(index) === 'guest' ? [] : [`SMTP:${rows.login(index)}@${rows.tenant.domains[0]}`],
  otherMails: (rows, index) =>
    rows.kind(index) === 'guest' ? [`${rows.login(index)}@${rows.guestDomain(index)}`] : [],
  creationType: (rows, index) => (rows.kind(index) === 'guest' ? 'Invitation' : null),
  externalUserState: (rows, index) => (rows.kind(index) === 'guest' ? 'Accepted' : null),
  assignedLicenses: (rows, index) => {
    const held: number[] = [];
    const count = rows.holdings(index, held);
    return held.slice(0, count).map((sku) => {
      const plans = disabledPlans(rows, index, sku);
      return plans.length === 0 ? WHOLE_LICENCES[sku] : { disabledPlans: plans, skuId: SKUS[sku]?.skuId };
    });
  },
  licenseAssignmentStates: (rows, index) => assignmentStates(rows, index),
  assignedPlans: () => [],
  signInActivity: (rows, index) => {
    const roll = rows.die(index, DIE.signIn);
    if (roll % 6 === 0) return undefined;
    const at = `${new Date(Date.parse('2025-07-01T00:00:00Z') + (roll % 15_000_000) * 1000).toISOString().slice(0, 19)}Z`;
    return {
      lastSignInDateTime: at,
      lastSignInRequestId: guidOf('signIn', index),
      lastNonInteractiveSignInDateTime: roll % 5 === 0 ? null : at,
      lastNonInteractiveSignInRequestId: null,
      lastSuccessfulSignInDateTime: at,
      lastSuccessfulSignInRequestId: null,
    };
  },
};

export const DEFAULT_COLUMNS: readonly string[] = [
  'businessPhones',
  'displayName',
  'givenName',
  'jobTitle',
  'mail',
  'mobilePhone',
  'officeLocation',
  'preferredLanguage',
  'surname',
  'userPrincipalName',
  'id',
];

/** Properties that exist on a user but that a listing refuses with 501. */
export const NOT_ON_COLLECTIONS: ReadonlySet<string> = new Set([
  'aboutMe',
  'birthday',
  'hireDate',
  'interests',
  'mySite',
  'pastProjects',
  'preferredName',
  'responsibilities',
  'schools',
  'skills',
  'mailboxSettings',
]);

function disabledPlans(rows: Generator, index: number, sku: number): string[] {
  const roll = rows.die(index, DIE.plans + sku);
  const plans = SKUS[sku]?.plans ?? [];
  if (roll % 6 !== 0 || plans.length < 3) return [];
  return plans.slice(1, 2 + (roll % 2)).map((plan) => plan.id);
}

/**
 * One row for each way a licence came: direct, through a group, or both; now and then an assignment that failed,
 * which consumes nothing and is not among the assigned licences.
 */
function assignmentStates(rows: Generator, index: number): unknown[] {
  const held: number[] = [];
  const count = rows.holdings(index, held);
  const states: unknown[] = [];
  const at = new Date(rows.createdAt(index) + 86_400_000).toISOString();
  const lastUpdatedDateTime = `${at.slice(0, 19)}Z`;
  const row = (sku: number, assignedByGroup: string | null, state: string, error: string | null) => ({
    skuId: SKUS[sku]?.skuId,
    disabledPlans: disabledPlans(rows, index, sku),
    assignedByGroup,
    state,
    error,
    lastUpdatedDateTime,
  });
  for (let position = 0; position < count; position++) {
    const sku = held[position] ?? 0;
    const way = rows.die(index, DIE.assignment + sku * 7) % 100;
    if (way < 65 || way >= 95) states.push(row(sku, null, 'Active', way % 2 === 0 ? 'None' : null));
    if (way >= 65)
      states.push(
        row(
          sku,
          groupId(rows.tenant.id, sku),
          way === 94 ? 'ActiveWithError' : 'Active',
          way === 94 ? 'Others' : 'None',
        ),
      );
  }
  const failed = rows.die(index, DIE.assignment);
  if (failed % 40 === 0 && count < SKUS.length) {
    const sku = failed % SKUS.length;
    if (!held.slice(0, count).includes(sku))
      states.push(
        row(
          sku,
          groupId(rows.tenant.id, sku),
          'Error',
          pick(
            ['CountViolation', 'MutuallyExclusiveViolation', 'ProhibitedInUsageLocationViolation'],
            failed >>> 9,
          ),
        ),
      );
  }
  return states;
}

const groupIds = new Map<string, string>();

/** The group of a directory that gives a SKU. */
export function groupId(tenantId: string, sku: number): string {
  const key = `${tenantId}/${sku}`;
  const known = groupIds.get(key);
  if (known) return known;
  const id = guidOf('group', tenantId, sku);
  groupIds.set(key, id);
  return id;
}

/** The groups by which an assignment among these failed, wholly or in part. */
export function assignmentErrors(states: unknown): ReadonlySet<string> {
  const list = Array.isArray(states) ? states : [];
  const failed = list.filter(({ state }) => state === 'Error' || state === 'ActiveWithError');
  return new Set(failed.map(({ assignedByGroup }) => String(assignedByGroup)));
}
