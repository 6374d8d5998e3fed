import { resetWorld } from '../../state/world.ts';
import { stopEverything } from '../active.ts';
import type { ScenarioGroup } from './scenario.ts';

export const BACK_TO_NORMAL: ScenarioGroup = {
  title: 'Back to normal',
  next: 'What is active can also be stopped one by one, above.',
  scenarios: [
    {
      name: 'calm',
      title: 'Everything works',
      explanation: 'Stops everything that is active. Grants, role assignments and changed users stay.',
      next: 'Go on in the portal where you were: an import that waits goes on by itself.',
      run: stopEverything,
    },
    {
      name: 'reset',
      title: 'Start over',
      explanation:
        'Puts the whole cloud back to the demo set: no consents, no role assignments, no changed users.',
      next: 'Tenants that are connected in the portal are turned away at their next import, until somebody approves again.',
      run: resetWorld,
    },
  ],
};
