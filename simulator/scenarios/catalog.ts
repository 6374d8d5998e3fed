import { revokeGrants } from '../control/entra.ts';
import { defaultSettings } from '../state/settings.ts';
import { nowOf, resetWorld, type World } from '../state/world.ts';
import { FAULT_DEFAULTS, type FaultRule } from './faults.ts';

/** Something that can be made to happen by a button of the control page. */
export type Scenario = {
  readonly name: string;
  readonly title: string;
  readonly explanation: string;
  readonly run: (world: World) => void;
};

const rule = (partial: Partial<FaultRule> & Pick<FaultRule, 'kind'>): Omit<FaultRule, 'id'> => ({
  service: undefined,
  tenantId: undefined,
  method: undefined,
  path: undefined,
  times: undefined,
  code: undefined,
  error: undefined,
  message: undefined,
  retryAfter: partial.kind === 'throttle' ? 'seconds' : 'none',
  ...FAULT_DEFAULTS,
  ...partial,
});

/** In the order in which the page shows them. */
export const SCENARIOS: readonly Scenario[] = [
  {
    name: 'calm',
    title: 'Everything works',
    explanation: 'Removes every fault and sign-in policy and puts the usual delays back. Grants stay.',
    run: (world) => {
      world.faults.clear();
      world.signInPolicies = [];
      world.settings = defaultSettings();
    },
  },
  {
    name: 'slow',
    title: 'Slow network',
    explanation: 'Every answer takes 800 ms longer.',
    run: (world) => {
      world.settings.latencyMs = 800;
    },
  },
  {
    name: 'lagging-consent',
    title: 'Slow propagation',
    explanation: 'After a consent Microsoft needs 90 seconds until the grant works, as it sometimes does.',
    run: (world) => {
      world.settings.servicePrincipalLagMs = 45_000;
      world.settings.grantLagMs = 90_000;
      world.settings.principalLagMs = 60_000;
    },
  },
  {
    name: 'throttling-seconds',
    title: '429 storm with Retry-After',
    explanation: 'Every third request to Graph is refused for 2 seconds, thirty times.',
    run: (world) => {
      world.faults.add(
        rule({ kind: 'throttle', service: 'graph', every: 3, times: 30, retryAfterSeconds: 2 }),
      );
    },
  },
  {
    name: 'throttling-none',
    title: '429 storm without Retry-After',
    explanation: 'Every third request to Graph is refused without saying for how long, thirty times.',
    run: (world) => {
      world.faults.add(rule({ kind: 'throttle', service: 'graph', every: 3, times: 30, retryAfter: 'none' }));
    },
  },
  {
    name: 'server-errors',
    title: '503 burst',
    explanation: 'The next five requests to Graph fail with 503.',
    run: (world) => {
      world.faults.add(rule({ kind: 'error', service: 'graph', times: 5, status: 503 }));
    },
  },
  {
    name: 'broken-connections',
    title: 'Broken connections',
    explanation: 'Every fourth page of users breaks off in the middle, ten times.',
    run: (world) => {
      world.faults.add(rule({ kind: 'reset', service: 'graph', path: '/users', every: 4, times: 10 }));
    },
  },
  {
    name: 'conditional-access',
    title: 'Conditional Access blocks sign-in',
    explanation: 'Whoever signs in to Contoso is stopped by a policy (AADSTS53003).',
    run: (world) => {
      world.signInPolicies.push({
        id: crypto.randomUUID(),
        tenantId: 'c0000000-0000-4000-8000-00000000c001',
        mail: undefined,
        code: 53003,
        message:
          'Access has been blocked by Conditional Access policies. The access policy does not allow token issuance.',
        answer: 'page',
      });
    },
  },
  {
    name: 'revoke-grants',
    title: 'An administrator takes the grants away',
    explanation:
      'All permissions of both applications are withdrawn in every tenant, and issued tokens stop working.',
    run: (world) => {
      revokeGrants(world, { servicePrincipal: false, tokens: true });
    },
  },
  {
    name: 'expired-secret',
    title: 'The client secrets expire',
    explanation: 'The token endpoint answers AADSTS7000222 until everything is reset.',
    run: (world) => {
      for (const registration of world.registrations.values())
        registration.secrets = registration.secrets.map(({ value }) => ({ value, expiresAt: nowOf(world) }));
    },
  },
  {
    name: 'reset',
    title: 'Start over',
    explanation:
      'Puts the whole cloud back to the demo set: no consents, no role assignments, no changed users.',
    run: resetWorld,
  },
];

/** Runs a scenario by its name; answers its title, or undefined when there is none. */
export function runScenario(world: World, name: string): string | undefined {
  const scenario = SCENARIOS.find((candidate) => candidate.name === name);
  scenario?.run(world);
  return scenario?.title;
}
