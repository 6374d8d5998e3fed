import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import { buildComplaints, tableComplaints } from './complaints.ts';
import { type Discovered, discover, INLINE } from './discover.ts';
import type { Entry } from './model.ts';
import { TABLE } from './table.ts';

const [PAGE] = TABLE.filter((entry) => entry.type === 'page' && entry.route === '/users');
const FILE: Discovered = { type: 'page', route: '/users', file: 'app/(portal)/users/page.tsx' };
const ACTION: Discovered = { type: 'action', name: 'removeAction', file: 'app/actions.ts' };

test('the repository and its table agree', () => {
  expect(tableComplaints(TABLE, discover(resolve(import.meta.dirname, '../..')))).toEqual([]);
});

test('a route without an entry, and an entry without a route, say what to do', () => {
  const [missing, ...others] = tableComplaints([], [FILE]);
  expect(others).toEqual([]);
  expect(missing).toBe(
    "app/(portal)/users/page.tsx: nobody has said who may use /users. Add page('/users', …) to scripts/access/table.ts: what each role gets, and which of its parameters are ids. Then run node scripts/write-access.ts.",
  );
  expect(tableComplaints([], [ACTION])[0]).toContain("Add action('app/actions.ts', 'removeAction', …)");
  expect(tableComplaints([], [{ ...FILE, type: 'handler', method: 'PUT' }])[0]).toContain(
    "handler('PUT', '/users'",
  );
  expect(tableComplaints([PAGE as Entry], [])).toEqual([
    'scripts/access/table.ts: lists /users, which is not there. Remove it.',
  ]);
  expect(tableComplaints([PAGE as Entry, { ...PAGE } as Entry], [FILE])).toEqual([
    'scripts/access/table.ts: lists /users twice.',
  ]);
});

test('an action that has no name cannot be listed', () => {
  expect(tableComplaints([], [{ ...ACTION, name: INLINE }])).toEqual([
    "app/actions.ts: a server action within a function has no name to list. Move it to a file of its own that begins with 'use server'.",
  ]);
});

test('every parameter of a path is explained, and no other', () => {
  const entry = { ...PAGE, route: '/users/[id]', path: { other: 'user' } } as Entry;
  expect(tableComplaints([entry], [{ ...FILE, route: '/users/[id]' }])).toEqual([
    'scripts/access/table.ts: /users/[id] does not say what id of its path stands for.',
    'scripts/access/table.ts: /users/[id] has no other in its path.',
  ]);
});

test('what only the build has, only the files have, or leads elsewhere is told', () => {
  const built = {
    routes: [{ type: 'page', route: '/extra' }],
    actions: [{ id: '1', file: 'app/page.tsx', name: '$$RSC_SERVER_ACTION_0' }],
    others: ['the redirect of /old'],
  } as const;
  expect(buildComplaints([FILE, ACTION], built)).toEqual([
    'The build has the page /extra, no file shows it.',
    'The build has the action $$RSC_SERVER_ACTION_0 of app/page.tsx, no file shows it.',
    'The build lacks the page /users.',
    'The build lacks the action removeAction of app/actions.ts.',
    'The build has the redirect of /old, of which the access check knows nothing.',
  ]);
});
