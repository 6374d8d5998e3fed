import type { World } from '../state/world.ts';
import { ACCESS_TOKENS } from './catalog/access-tokens.ts';
import { BACK_TO_NORMAL } from './catalog/back-to-normal.ts';
import { BROKEN_ANSWERS } from './catalog/broken-answers.ts';
import { CONSENT } from './catalog/consent.ts';
import { LARGE } from './catalog/large.ts';
import type { ScenarioGroup } from './catalog/scenario.ts';
import { SLOW_OR_REFUSING } from './catalog/slow-or-refusing.ts';

/** In the order in which the page shows them. */
export const SCENARIO_GROUPS: readonly ScenarioGroup[] = [
  BACK_TO_NORMAL,
  CONSENT,
  SLOW_OR_REFUSING,
  BROKEN_ANSWERS,
  ACCESS_TOKENS,
  LARGE,
];

/** Runs a scenario by its name; answers its title, or undefined when there is none to run. */
export function runScenario(world: World, name: string): string | undefined {
  const scenario = SCENARIO_GROUPS.flatMap(({ scenarios }) => scenarios).find((each) => each.name === name);
  if (!scenario?.run) return undefined;
  scenario.run(world);
  return scenario.title;
}
