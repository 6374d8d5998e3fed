/** How often something may be done: `max` times in a window that the first time opens. */
export type Allowance = { readonly max: number; readonly seconds: number };

/**
 * Whose doings are counted together, the narrowest first: who goes beyond their own allowance uses nothing of what
 * they share with others.
 */
export const SCOPES = ['address', 'person', 'tenant', 'organization', 'everybody'] as const;
export type Scope = (typeof SCOPES)[number];

const MINUTE = 60;
const HOUR = 60 * MINUTE;

/**
 * Everything that is limited. Generous towards people, who are slow: what is stopped are loops, of whoever's making,
 * before they fill the database or use up what Microsoft allows this portal's registrations. Reading pages and signing
 * out are limited for nobody.
 */
export const LIMITS = {
  /**
   * Going to Microsoft to sign in. A whole company may share one address, and a proxy that names no addresses makes
   * all people share one. The common allowance is for those who have many addresses.
   */
  'sign-in.start': {
    address: { max: 120, seconds: MINUTE },
    everybody: { max: 1_200, seconds: MINUTE },
  },
  /** Each code that somebody brings back is a request to Microsoft's login service, with a forged code too. */
  'sign-in.return': {
    address: { max: 120, seconds: MINUTE },
    everybody: { max: 1_200, seconds: MINUTE },
  },
  /** A person has one organization; more than a few attempts are somebody's script. */
  'organization.create': { person: { max: 10, seconds: HOUR } },
  /** Asked as one types, a third of a second after the last key. Each is a request to Microsoft, often from its cache. */
  'tenant.resolve': {
    person: { max: 60, seconds: MINUTE },
    organization: { max: 300, seconds: MINUTE },
  },
  /** A flow at Microsoft takes a person half a minute at best, and stays in the database for a month. */
  'flow.start': {
    person: { max: 30, seconds: 10 * MINUTE },
    organization: { max: 100, seconds: 10 * MINUTE },
  },
  /** A flow comes back twice at most, so this leaves room for each to be reloaded now and then. */
  'flow.return': { person: { max: 100, seconds: 10 * MINUTE } },
  /** "Import now": one runs at a time, but could be cancelled and started in turn, and each reads from the beginning. */
  'import.start': {
    person: { max: 60, seconds: 5 * MINUTE },
    tenant: { max: 10, seconds: 5 * MINUTE },
  },
  /** "Check now" asks Microsoft about each permission; the answer does not change by the minute. */
  'tenant.verify': {
    person: { max: 60, seconds: 5 * MINUTE },
    tenant: { max: 10, seconds: 5 * MINUTE },
  },
  /** Each key that is saved is a request to Microsoft, and a guess where somebody tries keys. */
  'access-token.add': {
    person: { max: 60, seconds: 5 * MINUTE },
    tenant: { max: 30, seconds: 5 * MINUTE },
  },
  /** A plan asks Azure about each of its subscriptions. */
  'access.plan': {
    person: { max: 60, seconds: 5 * MINUTE },
    organization: { max: 200, seconds: 5 * MINUTE },
  },
  /** A file of all users keeps the database busy for seconds where there are a million. */
  export: {
    person: { max: 30, seconds: MINUTE },
    organization: { max: 100, seconds: MINUTE },
  },
} as const satisfies Readonly<Record<string, Partial<Record<Scope, Allowance>>>>;

export type LimitName = keyof typeof LIMITS;
