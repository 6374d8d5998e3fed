import { defaultSettings, type Settings } from '../state/settings.ts';
import { nowOf, type World } from '../state/world.ts';
import type { FaultRule } from './faults.ts';

/** Something that makes the simulated cloud behave otherwise than it does by itself, and that can be stopped. */
export type Active = {
  readonly key: string;
  readonly title: string;
  readonly detail: string;
  readonly stop: () => void;
};

/** Everything that is active now: rules, policies, settings and expired secrets. */
export function listActive(world: World): Active[] {
  return [
    ...activeFaults(world),
    ...activePolicies(world),
    ...activeSettings(world),
    ...activeSecrets(world),
  ];
}

/** Stops one thing by its key; answers its title, or undefined when it is not active any more. */
export function stopActive(world: World, key: string): string | undefined {
  const active = listActive(world).find((each) => each.key === key);
  active?.stop();
  return active?.title;
}

export function stopEverything(world: World): void {
  for (const active of listActive(world)) active.stop();
}

function activeFaults(world: World): Active[] {
  return world.faults.list().map(({ hits, ...rule }) => ({
    key: `fault-${rule.id}`,
    title: rule.label ?? `Fault: ${rule.kind}`,
    detail: describeRule(rule, hits),
    stop: () => {
      world.faults.remove(rule.id);
    },
  }));
}

const SERVICES = {
  login: 'the login service',
  graph: 'Graph',
  arm: 'Resource Manager',
  ea: 'the EA reporting API',
} as const;

/** “One in 3 requests to Graph with /users in it; 4 of 30 times.” */
function describeRule(rule: FaultRule, hits: number): string {
  const { service, method, path, tenantId, every, after, times } = rule;
  const which = every === 1 ? 'All' : `One in ${every}`;
  const where = [
    `${which} ${method ?? ''} requests to ${service ? SERVICES[service] : 'any service'}`,
    path && `with ${path} in it`,
    tenantId && `for tenant ${tenantId}`,
    after > 0 && `after the first ${after}`,
  ];
  const count = times === undefined ? `${hits} times so far` : `${hits} of ${times} times`;
  const isUsedUp = times !== undefined && hits >= times;
  return `${where.filter(Boolean).join(' ').replaceAll('  ', ' ')}; ${count}${isUsedUp ? ', used up' : ''}.`;
}

function activePolicies(world: World): Active[] {
  return world.signInPolicies.map((policy) => {
    const tenant = world.tenants.get(policy.tenantId ?? '')?.displayName ?? policy.tenantId ?? 'every tenant';
    return {
      key: `policy-${policy.id}`,
      title: policy.answer === 'mfa' ? 'Sign-in wants a second factor' : 'Conditional Access blocks sign-in',
      detail: `${policy.mail ?? 'Everybody'} in ${tenant}, AADSTS${policy.code}.`,
      stop: () => {
        world.signInPolicies = world.signInPolicies.filter(({ id }) => id !== policy.id);
      },
    };
  });
}

const SETTING_TITLES: Readonly<Record<keyof Settings, string>> = {
  servicePrincipalLagMs: 'The login service learns of a consent later',
  grantLagMs: 'A grant takes longer until it works',
  principalLagMs: 'Resource Manager learns of an application later',
  principalLagWithoutTypeMs: 'Resource Manager learns of an application later, unless its type is said',
  roleAssignmentLagMs: 'A role assignment takes longer until it works',
  roleAssignmentListLagMs: 'Lists of role assignments show a new one later',
  billingRoleLagMs: 'A billing role takes longer until it works',
  pageLinkLifeMs: 'Links to next pages live for another time',
  deltaLinkLifeMs: 'Delta links live for another time',
  codeLifeMs: 'Authorization codes live for another time',
  throttling: 'Quotas are not enforced',
  quotaScale: 'Quotas have another size',
  pageSizeMax: 'Pages of users are small',
  latencyMs: 'Every answer takes longer',
  declineConsent: 'Consent is declined',
  consentTenantId: 'Approved in the wrong tenant',
};

function activeSettings(world: World): Active[] {
  const usual = defaultSettings();
  return (Object.keys(usual) as (keyof Settings)[])
    .filter((name) => world.settings[name] !== usual[name])
    .map((name) => ({
      key: `setting-${name}`,
      title: SETTING_TITLES[name],
      detail: `${name} is ${worded(name, world.settings[name])}, usually ${worded(name, usual[name])}.`,
      stop: () => {
        world.settings = { ...world.settings, [name]: usual[name] };
      },
    }));
}

function worded(name: keyof Settings, value: Settings[keyof Settings]): string {
  if (value === null) return 'none';
  return typeof value === 'number' && name.endsWith('Ms') ? `${value / 1000} s` : String(value);
}

const NEVER = Date.parse('2099-12-31T00:00:00Z');

function activeSecrets(world: World): Active[] {
  const now = nowOf(world);
  return [...world.registrations.values()]
    .filter(({ secrets }) => secrets.some(({ expiresAt }) => expiresAt <= now))
    .map((registration) => ({
      key: `secrets-${registration.clientId}`,
      title: 'A client secret has expired',
      detail: `${registration.displayName}.`,
      stop: () => {
        registration.secrets = registration.secrets.map(({ value }) => ({ value, expiresAt: NEVER }));
      },
    }));
}
