import { graphFault, IMPORT, type ScenarioGroup } from './scenario.ts';

const USERS = '/v1.0/users';
const EXACT = 'It ends as Completed, with every user once.';

export const BROKEN_ANSWERS: ScenarioGroup = {
  title: 'Broken answers and moving directories',
  next: IMPORT,
  scenarios: [
    graphFault(
      {
        name: 'broken-connections',
        title: 'Broken connections',
        explanation: 'Every other page of users breaks off in the middle, ten times.',
        next: EXACT,
      },
      { kind: 'reset', path: USERS, every: 2, times: 10 },
    ),
    graphFault(
      {
        name: 'truncated',
        title: 'Half an answer',
        explanation: 'Every other page of users is JSON that ends too early, ten times.',
        next: EXACT,
      },
      { kind: 'truncate', path: USERS, every: 2, times: 10 },
    ),
    graphFault(
      {
        name: 'html',
        title: 'HTML instead of JSON',
        explanation: 'Every other answer of Graph is a page of a gateway, ten times.',
        next: EXACT,
      },
      { kind: 'content-type', every: 2, times: 10 },
    ),
    graphFault(
      {
        name: 'duplicates',
        title: 'Rows that come twice',
        explanation: 'Each page of users begins with the last rows of the one before.',
        next: EXACT,
      },
      { kind: 'duplicate-rows', path: USERS },
    ),
    graphFault(
      {
        name: 'empty-pages',
        title: 'Empty pages that go on',
        explanation: 'Every other page of users has no rows, but a link to the next page.',
        next: EXACT,
      },
      { kind: 'empty-page', path: USERS, every: 2 },
    ),
    graphFault(
      {
        name: 'churn',
        title: 'A directory that changes while it is read',
        explanation: 'Before each page one user is changed, one deleted and one created, fifty times.',
        next: 'Nobody is lost who was there all the time. The import after it is exact again.',
      },
      { kind: 'churn', path: USERS, times: 50 },
    ),
    graphFault(
      {
        name: 'expired-links',
        title: 'Links that expire',
        explanation: 'Twice Graph no longer knows the link to the next page of users.',
        next: 'The list is read again from its beginning, and the import ends as Completed.',
      },
      { kind: 'error', path: 'skiptoken', times: 2, status: 400, code: 'Directory_ExpiredPageToken' },
    ),
    graphFault(
      {
        name: 'foreign-link',
        title: 'A link to somebody else',
        explanation: 'The link to the next page of users leads to http://attacker.invalid.',
        next: 'It ends as Partial, names the address, and no token goes there. Nobody is marked as deleted.',
      },
      { kind: 'foreign-link', path: USERS },
    ),
    graphFault(
      {
        name: 'lost-rows',
        title: 'Rows that get lost',
        explanation: 'Each page of users lacks its last three rows.',
        next: 'It ends as Partial, since Microsoft counts more users than came, and nobody is marked as deleted.',
      },
      { kind: 'lost-rows', path: USERS },
    ),
    graphFault(
      {
        name: 'shape',
        title: 'An answer of another form',
        explanation: 'Users come in a form that is nowhere documented.',
        next: 'It ends as Partial, and what was there before stays.',
      },
      { kind: 'shape', path: USERS },
    ),
  ],
};
