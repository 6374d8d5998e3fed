import { guidOf, mix } from '../state/hash.ts';
import type { Membership, Persona, Tenant } from '../state/tenants.ts';
import { CULTURES, type Culture, GUEST_DOMAINS, MESSY_NAMES, type Name } from './cultures.ts';
import { SKUS, SKUS_PER_USER_MAX } from './sku-catalog.ts';

/** Somebody who can sign in, with the account in this directory: the first rows of each directory. */
export type DirectoryPerson = { readonly persona: Persona; readonly membership: Membership };

export type UserKind = 'person' | 'member' | 'guest' | 'shared';

/** Names the independent dice of a row. */
const DIE = {
  idHigh: 1,
  idMiddle: 2,
  idLow: 3,
  kind: 4,
  culture: 5,
  given: 6,
  family: 7,
  messy: 8,
  login: 9,
  domain: 10,
  enabled: 11,
  created: 12,
  createdNull: 13,
  suite: 14,
  collector: 15,
  manager: 16,
  cycle: 17,
  guestDomain: 18,
  addon: 100,
} as const;

const FIRST_CREATED = Date.parse('2012-01-09T00:00:00Z');
const LAST_CREATED = Date.parse('2025-06-30T00:00:00Z');
const TWO_32 = 2 ** 32;

const HEX = Array.from({ length: 65536 }, (_, value) => value.toString(16).padStart(4, '0'));
const hex4 = (value: number) => HEX[value & 0xffff] ?? '0000';

/** Which culture each per-mille share belongs to. */
const CULTURE_BY_SHARE: readonly Culture[] = CULTURES.flatMap((culture) =>
  Array.from({ length: culture.share }, () => culture),
);
const [FIRST_CULTURE] = CULTURES;

const LOGIN_PREFIXES = ['_', '-', "o'", '3d.', 'ü', 'x_', '0', 'É', 'ж', '名'];

/** Computes any row of one directory from its index alone: the same seed gives the same directory, whatever was read before. */
export class Generator {
  readonly tenant: Tenant;
  readonly people: readonly DirectoryPerson[];
  /** Rows that exist from the beginning. */
  readonly baseSize: number;
  readonly #seed: number;
  readonly #idMultiplier: number;
  readonly #idInverse: number;

  constructor(tenant: Tenant, people: readonly DirectoryPerson[]) {
    this.tenant = tenant;
    this.people = people;
    this.baseSize = Math.max(tenant.users, people.length);
    this.#seed = tenant.seed;
    this.#idMultiplier = (mix(tenant.seed, 0, 0) | 1) >>> 0;
    this.#idInverse = inverse32(this.#idMultiplier);
  }

  die(index: number, salt: number): number {
    return mix(this.#seed, index, salt);
  }

  person(index: number): DirectoryPerson | undefined {
    return index < this.people.length ? this.people[index] : undefined;
  }

  /** The object id. Its first 32 bits are a reversible scrambling of the index, so that a look-up needs no table. */
  id(index: number): string {
    const person = this.person(index);
    if (person) return person.membership.objectId;
    const first = this.#scramble(index);
    const a = this.die(index, DIE.idHigh);
    const b = this.die(index, DIE.idMiddle);
    const c = this.die(index, DIE.idLow);
    const version = hex4(0x4000 | (a & 0x0fff));
    const variant = hex4(0x8000 | ((a >>> 12) & 0x3fff));
    return `${hex4(first >>> 16)}${hex4(first)}-${hex4(b)}-${version}-${variant}-${hex4(b >>> 16)}${hex4(c >>> 16)}${hex4(c)}`;
  }

  /** The index of an object id that `id` could have made, for any index; undefined for every other text. */
  indexOfId(id: string): number | undefined {
    const wanted = id.toLowerCase();
    const person = this.people.findIndex(({ membership }) => membership.objectId === wanted);
    if (person >= 0) return person;
    const first = Number.parseInt(wanted.slice(0, 8), 16);
    if (Number.isNaN(first)) return undefined;
    const index = this.#unscramble(first);
    return this.id(index) === wanted ? index : undefined;
  }

  #scramble(index: number): number {
    const mixed = Math.imul(index ^ this.#seed, this.#idMultiplier) >>> 0;
    return (mixed ^ (mixed >>> 16)) >>> 0;
  }

  #unscramble(value: number): number {
    const unmixed = (value ^ (value >>> 16)) >>> 0;
    return (Math.imul(unmixed, this.#idInverse) ^ this.#seed) >>> 0;
  }

  kind(index: number): UserKind {
    if (index < this.people.length) return 'person';
    const roll = this.die(index, DIE.kind) % 100;
    if (roll < 8) return 'guest';
    return roll < 11 ? 'shared' : 'member';
  }

  isGuest(index: number): boolean {
    const person = this.person(index);
    return person ? person.membership.userType === 'Guest' : this.kind(index) === 'guest';
  }

  culture(index: number): Culture {
    return CULTURE_BY_SHARE[this.die(index, DIE.culture) % 1000] ?? (FIRST_CULTURE as Culture);
  }

  given(index: number): Name {
    return pick(this.culture(index).given, this.die(index, DIE.given));
  }

  family(index: number): Name {
    return pick(this.culture(index).family, this.die(index, DIE.family));
  }

  /** A display name from the list of messy ones: each occurs at least once in a directory that is large enough. */
  messyName(index: number): string | undefined {
    const ordinal = index - this.people.length;
    if (ordinal >= 0 && ordinal < MESSY_NAMES.length) return MESSY_NAMES[ordinal];
    const roll = this.die(index, DIE.messy);
    return roll % 101 === 0 ? MESSY_NAMES[(roll >>> 8) % MESSY_NAMES.length] : undefined;
  }

  displayName(index: number): string {
    const person = this.person(index);
    if (person) return person.persona.displayName;
    const messy = this.messyName(index);
    if (messy !== undefined) return messy;
    const given = this.given(index).written;
    const family = this.family(index).written;
    switch (this.kind(index)) {
      case 'shared':
        return `Shared mailbox ${family} ${index}`;
      case 'guest':
        return `${given} ${family} (${this.guestDomain(index)})`;
      default:
        return this.culture(index).familyFirst ? `${family}${given}` : `${given} ${family}`;
    }
  }

  /** The part before the `@`; the index makes it unique. */
  login(index: number): string {
    const roll = this.die(index, DIE.login);
    const prefix = roll % 40 === 0 ? pick(LOGIN_PREFIXES, roll >>> 8) : '';
    if (this.kind(index) === 'shared') return `${prefix}svc-${this.family(index).login}${index}`;
    return `${prefix}${this.given(index).login}.${this.family(index).login}${index}`;
  }

  guestDomain(index: number): string {
    return pick(GUEST_DOMAINS, this.die(index, DIE.guestDomain));
  }

  get initialDomain(): string {
    return this.tenant.domains.at(-1) ?? '';
  }

  domain(index: number): string {
    const { domains } = this.tenant;
    return (this.die(index, DIE.domain) % 20 === 0 ? domains.at(-1) : domains[0]) ?? '';
  }

  userPrincipalName(index: number): string {
    const person = this.person(index);
    if (person) return personPrincipalName(person, this.initialDomain);
    const login = this.login(index);
    if (this.kind(index) === 'guest') return `${login}_${this.guestDomain(index)}#EXT#@${this.initialDomain}`;
    const name = `${login}@${this.domain(index)}`;
    return index % 23 === 0 ? name.charAt(0).toUpperCase() + name.slice(1) : name;
  }

  /** The index of a generated principal name: the digits before the domain are the index. */
  indexOfPrincipalName(name: string): number | undefined {
    const wanted = name.toLowerCase();
    const person = this.people.findIndex(
      (p) => personPrincipalName(p, this.initialDomain).toLowerCase() === wanted,
    );
    if (person >= 0) return person;
    const digits = /(\d+)(?:@|_[^@]*#ext#@)/.exec(wanted)?.[1];
    if (!digits) return undefined;
    const index = Number(digits);
    return this.userPrincipalName(index).toLowerCase() === wanted ? index : undefined;
  }

  accountEnabled(index: number): boolean {
    return this.person(index) !== undefined || this.die(index, DIE.enabled) % 100 >= 9;
  }

  /** Milliseconds; never falls with the index, so that a range of creation times is a range of rows. */
  createdAt(index: number): number {
    const step = (LAST_CREATED - FIRST_CREATED) / Math.max(1, this.baseSize);
    const at = FIRST_CREATED + (index + this.die(index, DIE.created) / TWO_32) * step;
    return Math.floor(at / 1000) * 1000;
  }

  /** Old and synchronised accounts have no creation time. */
  hasCreatedDateTime(index: number): boolean {
    return index < this.people.length || this.die(index, DIE.createdNull) % 251 !== 0;
  }

  /** The first row that may have been created at or after the moment. */
  firstCreatedAtOrAfter(moment: number): number {
    let low = 0;
    let high = this.baseSize;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.createdAt(middle) >= moment) high = middle;
      else low = middle + 1;
    }
    return low;
  }

  /** Fills `out` with the positions in `SKUS` that the user holds and answers how many there are. */
  holdings(index: number, out: number[]): number {
    let count = 0;
    const collector = index === this.people.length + 5 || this.die(index, DIE.collector) % 397 === 0;
    if (collector) {
      for (let sku = 0; sku < SKUS.length && count < SKUS_PER_USER_MAX; sku++)
        if ((SKU_THRESHOLDS[sku] ?? 0) > 0) out[count++] = sku;
      return count;
    }
    if (this.isGuest(index)) {
      if (this.die(index, DIE.suite) % 20 === 0) out[count++] = FREE_SKU;
      return count;
    }
    if (!this.accountEnabled(index) && this.die(index, DIE.suite) % 5 !== 0) return 0;
    const roll = this.die(index, DIE.suite);
    for (let position = 0; position < SUITES.length; position++) {
      if (roll < (SUITE_BOUNDS[position] ?? 0)) {
        out[count++] = SUITES[position] ?? 0;
        break;
      }
    }
    if (count === 0) return 0;
    for (const sku of ADDONS) {
      if (this.die(index, DIE.addon + sku) < (SKU_THRESHOLDS[sku] ?? 0)) out[count++] = sku;
    }
    return count;
  }

  /** The manager's row, or 'contact' for one who is not a user, or undefined. Some pairs manage each other. */
  manager(index: number): number | 'contact' | undefined {
    const pair = index >>> 1;
    if (index >= this.people.length + 2 && this.die(pair, DIE.cycle) % 500 === 0) {
      const other = index ^ 1;
      if (other < this.baseSize && other >= this.people.length) return other;
    }
    const roll = this.die(index, DIE.manager);
    if (index === 0 || roll % 100 < (this.isGuest(index) ? 80 : 11)) return undefined;
    if (roll % 307 === 0) return 'contact';
    return Math.floor((index - 1) / 9);
  }

  contactId(index: number): string {
    return guidOf('contact', this.tenant.id, index);
  }
}

const FREE_SKU = SKUS.findIndex((sku) => sku.partNumber === 'FLOW_FREE');
const SKU_THRESHOLDS: readonly number[] = SKUS.map((sku) => Math.floor(sku.share * TWO_32));
const SUITES: readonly number[] = SKUS.flatMap((sku, position) => (sku.role === 'suite' ? [position] : []));
const ADDONS: readonly number[] = SKUS.flatMap((sku, position) =>
  sku.role === 'addon' && sku.share > 0 ? [position] : [],
);
const SUITE_BOUNDS: readonly number[] = SUITES.map((_, position) =>
  SUITES.slice(0, position + 1).reduce((sum, sku) => sum + (SKU_THRESHOLDS[sku] ?? 0), 0),
);

function personPrincipalName({ persona, membership }: DirectoryPerson, initialDomain: string): string {
  return membership.userType === 'Guest'
    ? `${persona.mail.replace('@', '_')}#EXT#@${initialDomain}`
    : persona.mail;
}

/** One of the entries of a list that is never empty. */
export function pick<T>(list: readonly T[], roll: number): T {
  return list[roll % list.length] as T;
}

/** The inverse of an odd number modulo 2^32, by Newton's iteration. */
function inverse32(value: number): number {
  let inverse = value;
  for (let round = 0; round < 5; round++) inverse = Math.imul(inverse, 2 - Math.imul(value, inverse)) >>> 0;
  return inverse;
}
