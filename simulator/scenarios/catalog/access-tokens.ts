import { eaFault, type ScenarioGroup } from './scenario.ts';

export const ACCESS_TOKENS: ScenarioGroup = {
  title: 'Access tokens of an Enterprise Agreement',
  next: 'To see it, get a key under “Manage API access keys” (linked from the first page), and add it in the portal: an Azure tenant, its Access Tokens tab.',
  scenarios: [
    eaFault(
      {
        name: 'ea-retired',
        title: 'The EA reporting API is retired',
        explanation: 'Every request to it is answered with 410, as after 1 May 2024.',
        next: 'The key is kept, with the state Could not check.',
      },
      { kind: 'error', status: 410, message: 'The Enterprise Agreement reporting APIs have been retired.' },
    ),
    eaFault(
      {
        name: 'ea-outage',
        title: 'The EA reporting API fails',
        explanation: 'Every request to it fails with 503.',
        next: 'The key is kept, with the state Could not check.',
      },
      { kind: 'error', status: 503 },
    ),
  ],
};
