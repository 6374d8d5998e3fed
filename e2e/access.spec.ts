import { expect, test } from '@playwright/test';
import { buildComplaints, tableComplaints, titleOf } from '../scripts/access/complaints.ts';
import { type ActionEntry, type Entry, type Outcome, ROLES, type Role } from '../scripts/access/model.ts';
import { TABLE } from '../scripts/access/table.ts';
import { comparable } from './access/answers.ts';
import { foreignPairs, malformedCases, ownCases, ownOf } from './access/cases.ts';
import type { Answer } from './access/http.ts';
import { justRemoved } from './access/organization.ts';
import { differs, Findings, Portal } from './access/portal.ts';
import { ACTIONS, built, found, HANDLERS, idOf, PAGES } from './access/repository.ts';
import { actionCall, atOf, callOf, formCall, type Values } from './access/requests.ts';

/*
 * No way across: everything that the portal answers to, asked by everybody. The table says what each role gets; see
 * docs/access.md.
 */

const ROUTES = [...PAGES, ...HANDLERS];

// Hundreds of requests, on whatever machine.
test.describe.configure({ timeout: 240_000 });

let portal: Portal;
test.beforeAll(async () => {
  portal = await Portal.open();
});
test.afterAll(() => portal.close());

test('whatever the portal answers to is in the table', () => {
  expect(tableComplaints(TABLE, found)).toEqual([]);
  expect(buildComplaints(found, built)).toEqual([]);
});

test('pages and route handlers give each role what the table says, and nothing of another organization', async () => {
  const findings = new Findings();
  await portal.changesNothing(() =>
    Promise.all(ROUTES.flatMap((entry) => ROLES.map((role) => askRoute(findings, entry, role)))),
  );
  findings.expectNone();
});

async function askRoute(findings: Findings, entry: Exclude<Entry, ActionEntry>, role: Role) {
  const subjectOf = (request: string, given: Values) => ({
    title: titleOf(entry),
    role,
    request,
    given: Object.values(given),
  });
  const ask = (request: string, values: Values) =>
    portal.ask(findings, subjectOf(request, values), callOf(portal.url, entry, values));

  for (const { name, values, expected } of ownCases(entry, portal.world, role)) {
    const answer = await ask(name, values);
    findings.add(subjectOf(name, values), [
      ...differs(portal.outcome(answer), expected),
      ...(isMember(role) && expected === 'shown' ? missingData(entry, role, answer) : []),
    ]);
  }
  for (const { name, values, expected } of malformedCases(entry, portal.world, role)) {
    const answer = await ask(name, values);
    findings.add(subjectOf(name, values), differs(portal.outcome(answer), expected));
  }
  for (const { name, foreign, unknown, expected } of foreignPairs(entry, portal.world, role)) {
    const [one, other] = [await ask(name, foreign), await ask('unknown ids', unknown)];
    findings.add(subjectOf(name, foreign), [
      ...differs(portal.outcome(one), expected),
      ...differences(one, foreign, other, unknown),
    ]);
  }
}

const isMember = (role: Role): boolean => role !== 'signed-out' && role !== 'newcomer';

/** Looking for another organization's data proves something only where one's own is found. */
function missingData({ shows = [] }: Entry, role: Role, answer: Answer): string[] {
  const { names } = role === 'stranger' ? portal.world.theirs : portal.world.ours;
  return shows.filter((kind) => !answer.body.includes(names[kind])).map((kind) => `lacks the ${kind}`);
}

function differences(foreign: Answer, given: Values, unknown: Answer, made: Values): string[] {
  const isSame = comparable(foreign, Object.values(given)) === comparable(unknown, Object.values(made));
  return isSame ? [] : ['is answered in another way than ids that nothing has'];
}

test('actions refuse who may not, foreign ids as unknown ones, and change nothing then', async () => {
  const findings = new Findings();
  await portal.changesNothing(() =>
    Promise.all(ACTIONS.flatMap((entry) => ROLES.map((role) => askAction(findings, entry, role)))),
  );
  findings.expectNone();
});

/** Whether the action does something then; all others must leave everything as it is. */
function hasEffect({ name }: ActionEntry, role: Role, expected: Outcome): boolean {
  if (name === 'createOrganizationAction') return role === 'newcomer';
  if (name === 'signOutAction') return role !== 'signed-out';
  return expected === 'done' || expected === 'microsoft';
}

async function askAction(findings: Findings, entry: ActionEntry, role: Role) {
  const { world } = portal;
  const id = idOf(entry);
  const at = atOf(entry, TABLE, ownOf(world, role));
  const subjectOf = (request: string, given: Values) => ({
    title: titleOf(entry),
    role,
    request,
    given: [...Object.values(given), ...Object.values(ownOf(world, role))],
  });

  const askByScript = (request: string, values: Values) =>
    portal.ask(findings, subjectOf(request, values), actionCall(portal.url, entry, id, at, values));
  /** By React's client, without JavaScript, and from a page that has never heard of the action. */
  const ask = async (request: string, values: Values) => {
    const subject = subjectOf(request, values);
    const answer = await askByScript(request, values);
    await portal.ask(
      findings,
      { ...subject, request: `${request}, as a form` },
      formCall(portal.url, entry, id, at, values),
    );
    await portal.ask(
      findings,
      { ...subject, request: `${request}, from another page` },
      actionCall(portal.url, entry, id, '/users', values),
    );
    return answer;
  };

  for (const { name, values, expected } of ownCases(entry, world, role)) {
    if (hasEffect(entry, role, expected)) continue;
    findings.add(subjectOf(name, values), differs(portal.outcome(await ask(name, values)), expected));
  }
  for (const { name, values, expected } of malformedCases(entry, world, role)) {
    if (hasEffect(entry, role, expected)) continue;
    findings.add(subjectOf(name, values), differs(portal.outcome(await askByScript(name, values)), expected));
  }
  for (const { name, foreign, unknown, expected } of foreignPairs(entry, world, role)) {
    if (hasEffect(entry, role, expected)) continue;
    const [one, other] = [await ask(name, foreign), await askByScript('unknown ids', unknown)];
    findings.add(subjectOf(name, foreign), [
      ...differs(portal.outcome(one), expected),
      ...differences(one, foreign, other, unknown),
    ]);
  }
}

test('forms of other sites are refused, with whatever headers', async () => {
  const findings = new Findings();
  const { host } = new URL(portal.url);
  const elsewhere: readonly Record<string, string>[] = [
    { origin: 'https://evil.example' },
    { origin: 'https://evil.example', 'x-forwarded-host': 'evil.example', forwarded: 'host=evil.example' },
    { origin: 'null' },
    { origin: `https://${host}` },
    { origin: `http://${host}.evil.example` },
  ];
  const { ids } = portal.world.ours;
  await portal.changesNothing(async () => {
    for (const entry of ACTIONS) {
      const values = Object.fromEntries(Object.entries(entry.ids).map(([name, kind]) => [name, ids[kind]]));
      const at = atOf(entry, TABLE, ids);
      for (const call of [actionCall, formCall].map((make) =>
        make(portal.url, entry, idOf(entry), at, values),
      )) {
        for (const headers of elsewhere) {
          const request = JSON.stringify(headers);
          const subject = {
            title: titleOf(entry),
            role: 'owner',
            request,
            given: Object.values(values),
          } as const;
          const answer = await portal.ask(findings, subject, {
            ...call,
            headers: { ...call.headers, ...headers },
          });
          findings.add(subject, differs(`status ${answer.status}`, 'status 403'));
        }
      }
    }
    // Where nothing but the way in is asked for, that is where it leads.
    for (const entry of ROUTES) {
      if (entry.type !== 'handler' || entry.method === 'GET') continue;
      const call = callOf(portal.url, entry, {});
      const subject = { title: titleOf(entry), role: 'owner', request: 'from elsewhere' } as const;
      const answer = await portal.ask(findings, subject, {
        ...call,
        headers: { ...call.headers, origin: 'https://evil.example' },
      });
      const got = portal.outcome(answer);
      findings.add(subject, ['sign-in', 'forbidden'].includes(got) ? [] : [`is ${got}`]);
    }
  });
  findings.expectNone();
});

test('actions do what they say for who may, and nothing to the other organization', async () => {
  const findings = new Findings();
  const { world } = portal;
  const theirs = await portal.rows([world.theirs.mark]);
  for (const role of ['viewer', 'admin', 'owner', 'newcomer'] as const) {
    for (const entry of ACTIONS.filter(({ name }) => name !== 'signOutAction')) {
      const id = idOf(entry);
      const at = atOf(entry, TABLE, ownOf(world, role));
      const requests = [
        ...ownCases(entry, world, role),
        ...foreignPairs(entry, world, role).flatMap(({ name, foreign, unknown, expected }) => [
          { name, values: foreign, expected },
          { name: 'unknown ids', values: unknown, expected },
        ]),
      ].filter(({ expected }) => hasEffect(entry, role, expected));
      for (const { name, values, expected } of requests) {
        // One import runs at a time.
        await portal.database.prisma.importRun.updateMany({
          where: { tenantId: world.ours.ids.tenant, status: 'running' },
          data: { status: 'cancelled' },
        });
        // Nobody goes to Microsoft as often as this test does.
        await portal.database.pool.query(
          `DELETE FROM limit_counter WHERE key LIKE 'flow.start:%' AND split_part(key, ':', 3) = ANY($1)`,
          [world.ours.personIds],
        );
        // What one has restored is there to be restored by the next.
        await portal.database.prisma.tenant.updateMany({
          where: { id: world.ours.ids['removed-tenant'] },
          data: justRemoved(),
        });
        const subject = {
          title: titleOf(entry),
          role,
          request: name,
          given: [...Object.values(values), ...Object.values(ownOf(world, role))],
        };
        const answer = await portal.ask(findings, subject, actionCall(portal.url, entry, id, at, values));
        findings.add(subject, differs(portal.outcome(answer), expected));
      }
    }
  }
  findings.expectNone();
  expect(await portal.rows([world.theirs.mark])).toEqual(theirs);
});
