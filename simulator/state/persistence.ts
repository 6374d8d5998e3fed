import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { RoleAssignment, Subscription } from './azure.ts';
import type { BillingAccount, BillingRoleAssignment } from './billing.ts';
import type { EaKey } from './ea-keys.ts';
import type { ServicePrincipal } from './grants.ts';
import { signingKeyFromPem, signingKeyPem } from './keys.ts';
import { noObstacles, type Obstacles } from './obstacles.ts';
import { defaultTenants, type Membership, type Persona, type Tenant } from './tenants.ts';
import type { World } from './world.ts';

/** What outlives a restart: grants, role assignments, what was added to the demo set, and the signing key. */
type Saved = {
  readonly version: 1;
  readonly signingKey: string;
  readonly tenants: readonly Tenant[];
  readonly personas: readonly Persona[];
  readonly memberships: readonly Membership[];
  readonly servicePrincipals: readonly ServicePrincipal[];
  readonly managementGroups: World['azure']['managementGroups'];
  readonly subscriptions: readonly Subscription[];
  readonly roleAssignments: readonly (readonly [string, RoleAssignment])[];
  /** Absent in files of earlier versions. */
  readonly obstacles?: Obstacles;
  readonly eaKeys?: readonly EaKey[];
  /** Absent from files that are older than the billing service. */
  readonly billing?: {
    readonly accounts: readonly (readonly [string, BillingAccount])[];
    readonly roleAssignments: readonly (readonly [string, BillingRoleAssignment])[];
  };
};

const SAVE_DELAY_MS = 50;

/**
 * Loads the state of an earlier run, if there is one, and from now on writes every change, soon and as a whole: the
 * file is replaced, never edited. Answers a function that writes what is still waiting.
 */
export function persist(world: World, path: string): () => void {
  load(world, path);
  let timer: NodeJS.Timeout | undefined;
  const save = () => {
    clearTimeout(timer);
    timer = undefined;
    mkdirSync(dirname(path), { recursive: true });
    const temporary = `${path}.${process.pid}.tmp`;
    writeFileSync(temporary, JSON.stringify(snapshot(world), null, 1), { mode: 0o600 });
    renameSync(temporary, path);
  };
  world.changed = () => {
    timer ??= setTimeout(save, SAVE_DELAY_MS).unref();
  };
  world.changed();
  return save;
}

function snapshot(world: World): Saved {
  const builtIn = new Set(defaultTenants().map((tenant) => tenant.id));
  return {
    version: 1,
    signingKey: signingKeyPem(world.keys[0]),
    tenants: [...world.tenants.values()].filter((tenant) => !builtIn.has(tenant.id)),
    personas: [...world.personas.values()],
    memberships: world.memberships,
    servicePrincipals: [...world.grants.values()],
    managementGroups: world.azure.managementGroups,
    subscriptions: [...world.azure.subscriptions.values()],
    roleAssignments: [...world.azure.roleAssignments],
    obstacles: world.azure.obstacles,
    eaKeys: world.eaKeys,
    billing: {
      accounts: [...world.billing.accounts],
      roleAssignments: [...world.billing.roleAssignments],
    },
  };
}

function load(world: World, path: string): void {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return;
    throw error;
  }
  const saved = parse(text, path);
  world.keys = [signingKeyFromPem(saved.signingKey)];
  for (const tenant of saved.tenants) world.tenants.set(tenant.id, tenant);
  world.personas = new Map(saved.personas.map((persona) => [persona.mail, persona]));
  world.memberships = [...saved.memberships];
  world.grants = new Map(
    saved.servicePrincipals.map((each) => [`${each.tenantId}/${each.clientId}`.toLowerCase(), each]),
  );
  world.eaKeys = [...(saved.eaKeys ?? [])];
  world.azure = {
    managementGroups: [...saved.managementGroups],
    subscriptions: new Map(saved.subscriptions.map((each) => [each.id, each])),
    roleAssignments: new Map(saved.roleAssignments),
    obstacles: { ...noObstacles(), ...saved.obstacles },
  };
  if (saved.billing)
    world.billing = {
      accounts: new Map(saved.billing.accounts),
      roleAssignments: new Map(saved.billing.roleAssignments),
    };
}

/** The file is the simulator's own; what it cannot be is refused with words, not half loaded. */
function parse(text: string, path: string): Saved {
  try {
    const saved = JSON.parse(text) as Saved;
    if (saved.version === 1 && Array.isArray(saved.servicePrincipals) && typeof saved.signingKey === 'string')
      return saved;
  } catch {
    // Said below.
  }
  throw new Error(
    `${path} is not a simulator state of this version. Delete the file to begin with the demo set.`,
  );
}
