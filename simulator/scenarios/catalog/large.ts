import type { ScenarioGroup } from './scenario.ts';

export const LARGE: ScenarioGroup = {
  title: 'Large',
  next: 'To see it, choose “Add Cloud Account” in the portal.',
  scenarios: [
    {
      name: 'northwind',
      title: 'Northwind Traders, 100,000 users',
      explanation: 'It is always there: a directory of 100,000 users in 101 pages.',
      next: 'Enter northwind.com and approve as Nora Northwind. Licences appear first, then the users come in.',
    },
  ],
};
