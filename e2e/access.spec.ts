import { join, resolve } from 'node:path';
import { expect, test } from '@playwright/test';
import type { Database } from '#lib/db/database.ts';
import { readBuild } from '../scripts/access/build.ts';
import { buildComplaints, tableComplaints, titleOf } from '../scripts/access/complaints.ts';
import { discover } from '../scripts/access/discover.ts';
import { type Entry, ROLES, type Role } from '../scripts/access/model.ts';
import { TABLE } from '../scripts/access/table.ts';
import { comparable, leaks, outcomeOf } from './access/answers.ts';
import { foreignPairs, malformedCases, ownCases } from './access/cases.ts';
import { openDatabase, rowsOf } from './access/database.ts';
import { headerComplaints, nonceOf } from './access/headers.ts';
import { type Answer, type Call, closeConnections, send } from './access/http.ts';
import { callOf, type Values } from './access/requests.ts';
import { createWorld, type World } from './access/world.ts';

/*
 * No way across: everything that the portal answers to, asked by everybody. The table says what each role gets; see
 * docs/access.md.
 */

const ROOT = resolve(import.meta.dirname, '..');
const portalUrl = process.env.PORTAL_URL ?? '';
const simulatorUrl = process.env.SIMULATOR_URL ?? '';
const found = discover(ROOT);
const built = readBuild(join(ROOT, process.env.NEXT_DIST_DIR || '.next'));

let database: Database;
let world: World;

test.beforeAll(async () => {
  database = openDatabase(process.env.PORTAL_DATA_DIR ?? '');
  world = await createWorld(portalUrl, simulatorUrl, database);
});
test.afterAll(async () => {
  closeConnections();
  await database.close();
});

/** What was found wrong, each with the request that shows it. */
class Findings {
  readonly #list: string[] = [];

  add(title: string, role: Role, request: string, complaints: readonly string[]): void {
    for (const complaint of complaints) this.#list.push(`${title}, ${role}, ${request}: ${complaint}`);
  }

  expectNone(): void {
    expect(this.#list).toEqual([]);
  }
}

const nonces = new Set<string>();

/** What no answer to the role may hold. */
function forbiddenFor(role: Role): readonly string[] {
  const { ours, theirs } = world;
  if (role === 'stranger') return [ours.mark, ...ours.personIds];
  if (role === 'signed-out' || role === 'newcomer')
    return [ours.mark, theirs.mark, ...ours.personIds, ...theirs.personIds];
  return [theirs.mark, ...theirs.personIds];
}

/** Asks as the role, and looks at what has to hold for every answer. */
async function ask(
  findings: Findings,
  { title, role, name, given }: { title: string; role: Role; name: string; given: Values },
  call: Call,
): Promise<Answer> {
  const answer = await send(portalUrl, { ...call, as: world.jars[role] });
  const nonce = nonceOf(answer);
  findings.add(title, role, name, [
    ...headerComplaints(answer),
    ...(nonce && nonces.has(nonce) ? ['the nonce has been used before'] : []),
    ...leaks(answer, forbiddenFor(role), Object.values(given)).map((word) => `the answer has ${word} in it`),
  ]);
  if (nonce) nonces.add(nonce);
  return answer;
}

const outcome = (answer: Answer) => outcomeOf(answer, portalUrl, simulatorUrl);

const differs = (got: string, expected: string): string[] =>
  got === expected ? [] : [`should be ${expected}, is ${got}`];

/** Runs `work`, which must not change anything that belongs to either organization. */
async function changesNothing(work: () => Promise<void>): Promise<void> {
  const marks = [world.ours.mark, world.theirs.mark];
  const before = await rowsOf(database, marks);
  await work();
  expect(await rowsOf(database, marks)).toEqual(before);
}

test('whatever the portal answers to is in the table', () => {
  expect(tableComplaints(TABLE, found)).toEqual([]);
  expect(buildComplaints(found, built)).toEqual([]);
});

test('pages and route handlers give each role what the table says, and nothing of another organization', async () => {
  const findings = new Findings();
  await changesNothing(async () => {
    const entries = TABLE.filter((entry) => entry.type !== 'action');
    await Promise.all(entries.flatMap((entry) => ROLES.map((role) => askRoute(findings, entry, role))));
  });
  findings.expectNone();
});

async function askRoute(findings: Findings, entry: Exclude<Entry, { type: 'action' }>, role: Role) {
  const title = titleOf(entry);
  const request = (name: string, values: Values) =>
    ask(findings, { title, role, name, given: values }, callOf(portalUrl, entry, values));

  for (const { name, values, expected } of [
    ...ownCases(entry, world, role),
    ...malformedCases(entry, world, role),
  ]) {
    const answer = await request(name, values);
    const own = role === 'stranger' ? world.theirs : world.ours;
    const shown = outcome(answer) === 'shown' && expected === 'shown' && name.startsWith('own');
    const awaited = shown && role !== 'signed-out' && role !== 'newcomer' ? (entry.shows ?? []) : [];
    findings.add(title, role, name, [
      ...differs(outcome(answer), expected),
      ...awaited.filter((kind) => !answer.body.includes(own.names[kind])).map((kind) => `lacks the ${kind}`),
    ]);
  }
  for (const { name, foreign, unknown, expected } of foreignPairs(entry, world, role)) {
    const [one, other] = [await request(name, foreign), await request('unknown ids', unknown)];
    findings.add(title, role, name, [
      ...differs(outcome(one), expected),
      ...(comparable(one, Object.values(foreign)) === comparable(other, Object.values(unknown))
        ? []
        : ['is answered in another way than ids that nothing has']),
    ]);
  }
}
