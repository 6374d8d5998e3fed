import { Directory } from '../directory/directory.ts';
import { Faults } from '../scenarios/faults.ts';
import { type Azure, defaultAzure } from './azure.ts';
import { type Billing, defaultBilling } from './billing.ts';
import type { MicrosoftCloud } from './clouds.ts';
import type { EaKey } from './ea-keys.ts';
import type { Grants } from './grants.ts';
import { IssuedSecrets } from './issued.ts';
import { createSigningKey, type SigningKey } from './keys.ts';
import { defaultRegistrations, type Registration } from './registrations.ts';
import { defaultSettings, type Lags, type Settings } from './settings.ts';
import {
  defaultMemberships,
  defaultPersonas,
  defaultTenants,
  type Membership,
  type Persona,
  type Tenant,
} from './tenants.ts';
import { Throttle } from './throttle.ts';

/** An authorization code: what it was issued for. Kept after its use, so that a second use can be told apart. */
export type AuthorizationCode = {
  readonly clientId: string;
  readonly tenantId: string;
  /** Issued on `common` or `organizations`, where it may then be redeemed as well. */
  readonly tenantIndependent: boolean;
  readonly mail: string;
  /** How the person signed in: `pwd`, and `mfa` with a second factor. */
  readonly amr: readonly ('pwd' | 'mfa')[];
  readonly redirectUri: string;
  readonly scope: string;
  readonly nonce: string | undefined;
  readonly challenge: { readonly value: string; readonly method: 'S256' | 'plain' } | undefined;
  readonly expiresAt: number;
  redeemed: boolean;
};

export type RefreshToken = {
  readonly clientId: string;
  readonly mail: string;
  readonly amr: readonly ('pwd' | 'mfa')[];
  readonly tenantId: string;
};

/** A sign-in that is refused, or wants a second factor, after the account was chosen: Conditional Access. */
export type SignInPolicy = {
  readonly id: string;
  readonly tenantId: string | undefined;
  readonly mail: string | undefined;
  readonly code: number;
  readonly message: string;
  /** The person stays on Microsoft's page, comes back with `error=access_denied`, or goes on after another page. */
  readonly answer: 'page' | 'redirect' | 'mfa';
};

/** Everything the simulated Microsoft knows. */
export type World = {
  /** The simulator's own origin, without a trailing slash. */
  origin: string;
  readonly portalUrl: string;
  readonly cloud: MicrosoftCloud;
  /** Added to the machine's time; the control API moves it. */
  clockOffsetMs: number;
  settings: Settings;
  tenants: Map<string, Tenant>;
  directories: Map<string, Directory>;
  personas: Map<string, Persona>;
  memberships: Membership[];
  registrations: Map<string, Registration>;
  grants: Grants;
  azure: Azure;
  /** Every key of the EA reporting API that was issued, the oldest first. */
  eaKeys: EaKey[];
  billing: Billing;
  /** The first signs, all are published. */
  keys: [SigningKey, ...SigningKey[]];
  codes: Map<string, AuthorizationCode>;
  refreshTokens: Map<string, RefreshToken>;
  issued: IssuedSecrets;
  signInPolicies: SignInPolicy[];
  /** Tokens issued before this moment (seconds) are refused by Graph and ARM. */
  tokensValidFrom: number;
  faults: Faults;
  throttle: Throttle;
  /** Operations that were asked for and that the simulator does not know. */
  unknownOperations: string[];
  /** Called after each change that outlives a restart. */
  changed: () => void;
};

export type WorldOptions = {
  readonly portalUrl: string;
  readonly cloud: MicrosoftCloud;
  /** Without them a key is made, which takes a moment. */
  readonly keys?: World['keys'];
};

/** The demo set: four tenants, their people, two registrations, nothing granted. */
export function createWorld(options: WorldOptions): World {
  const memberships = defaultMemberships();
  return {
    origin: 'http://localhost',
    portalUrl: options.portalUrl,
    cloud: options.cloud,
    clockOffsetMs: 0,
    settings: defaultSettings(),
    tenants: new Map(defaultTenants().map((tenant) => [tenant.id, tenant])),
    directories: new Map(),
    personas: new Map(defaultPersonas().map((persona) => [persona.mail, persona])),
    memberships,
    registrations: new Map(defaultRegistrations(options.portalUrl).map((app) => [app.clientId, app])),
    grants: new Map(),
    azure: defaultAzure(memberships),
    eaKeys: [],
    billing: defaultBilling(memberships),
    keys: options.keys ?? [createSigningKey()],
    codes: new Map(),
    refreshTokens: new Map(),
    issued: new IssuedSecrets(),
    signInPolicies: [],
    tokensValidFrom: 0,
    faults: new Faults(),
    throttle: new Throttle(),
    unknownOperations: [],
    changed: () => undefined,
  };
}

/** Puts everything back to the demo set; address, signing keys and persistence stay. */
export function resetWorld(world: World): void {
  const { origin, portalUrl, cloud, keys, changed } = world;
  Object.assign(world, createWorld({ portalUrl, cloud, keys }), { origin, changed });
  world.changed();
}

export const nowOf = (world: World): number => Date.now() + world.clockOffsetMs;

/** How late Microsoft is in a tenant: by the tenant's own lags, else by those of the settings. */
export const lagsOf = (world: World, tenantId: string): Required<Lags> => ({
  ...world.settings,
  ...world.tenants.get(tenantId)?.lags,
});

/** The tenant of a GUID or verified domain. */
export function findTenant(world: World, idOrDomain: string): Tenant | undefined {
  const wanted = idOrDomain.toLowerCase();
  return (
    world.tenants.get(wanted) ?? [...world.tenants.values()].find((tenant) => tenant.domains.includes(wanted))
  );
}

/** The person's account in the tenant, as member or guest. */
export const findMembership = (world: World, tenantId: string, mail: string): Membership | undefined =>
  world.memberships.find((membership) => membership.tenantId === tenantId && membership.mail === mail);

/** The tenant's users. Made at the first request: a directory costs nothing until somebody reads it. */
export function directoryOf(world: World, tenant: Tenant): Directory {
  const existing = world.directories.get(tenant.id);
  if (existing) return existing;
  const people = world.memberships
    .filter((membership) => membership.tenantId === tenant.id)
    .flatMap((membership) => {
      const persona = world.personas.get(membership.mail);
      return persona ? [{ persona, membership }] : [];
    });
  const created = new Directory(tenant, people);
  world.directories.set(tenant.id, created);
  return created;
}
