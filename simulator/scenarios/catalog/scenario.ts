import type { World } from '../../state/world.ts';
import { FAULT_DEFAULTS, type FaultRule } from '../faults.ts';

/** Something that can be made to happen by a button of the control page. */
export type Scenario = {
  readonly name: string;
  readonly title: string;
  /** What it does to the simulated cloud. */
  readonly explanation: string;
  /** What there is to see in the portal, and how, unless the group says so for all. */
  readonly next: string;
  /** Without it there is nothing to switch on: the words say it all. */
  readonly run?: (world: World) => void;
};

export type ScenarioGroup = {
  readonly title: string;
  /** What to do in the portal to see any of them. */
  readonly next: string;
  readonly scenarios: readonly Scenario[];
};

/** The way to an import. */
export const IMPORT =
  'To see it, open a Microsoft 365 tenant in the portal, its Imports tab, and choose “Import now”.';

type Partly = Partial<FaultRule> & Pick<FaultRule, 'kind'>;

/** A scenario that is a rule for requests to Graph. It bears the scenario's title where the page lists what is active. */
export function graphFault(words: Omit<Scenario, 'run'>, partial: Partly): Scenario {
  return {
    ...words,
    run: (world) => world.faults.add(rule({ service: 'graph', label: words.title, ...partial })),
  };
}

/** The same for requests to the EA reporting API. */
export function eaFault(words: Omit<Scenario, 'run'>, partial: Partly): Scenario {
  return {
    ...words,
    run: (world) => world.faults.add(rule({ service: 'ea', label: words.title, ...partial })),
  };
}

const rule = (partial: Partly): Omit<FaultRule, 'id'> => ({
  label: undefined,
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
