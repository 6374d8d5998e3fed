import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from '@playwright/test';
import fc from 'fast-check';
import { hostileText, hostileValue } from '#lib/core/testing.ts';
import { readBuild } from '../scripts/access/build.ts';
import { titleOf } from '../scripts/access/complaints.ts';
import type { ActionEntry, Entry, HandlerEntry, PageEntry } from '../scripts/access/model.ts';
import { TABLE } from '../scripts/access/table.ts';
import { ownOf } from './access/cases.ts';
import { openDatabase } from './access/database.ts';
import { type Answer, type Call, send } from './access/http.ts';
import { addressOf, placesOf, type Values } from './access/requests.ts';
import { createWorld, type World } from './access/world.ts';

/*
 * A few hundred requests that no browser would send, to everything the portal answers to, by an admin of an
 * organization of its own. Each is answered: with a page, with data, or with a refusal that says what is wrong.
 */
const portalUrl = process.env.PORTAL_URL ?? '';
const seed = Number(process.env.HOSTILE_SEED ?? 20_261_121);
const built = readBuild(join(resolve(import.meta.dirname, '..'), process.env.NEXT_DIST_DIR || '.next'));

/** Rare, since everybody's sign-ins from one address are counted together. */
const ROUTES_LIMITED: ReadonlySet<string> = new Set([
  '/api/auth/signin/microsoft',
  '/api/auth/callback/microsoft',
]);
const REQUESTS_EACH = 8;
const REQUESTS_LIMITED = 4;

const sample = <T>(arbitrary: fc.Arbitrary<T>, count: number, salt: number): T[] =>
  fc.sample(arbitrary, { seed: seed + salt, numRuns: count });

/** A part of an address: text as it has to be written there, or bytes that mean nothing. */
const addressPart: fc.Arbitrary<string> = fc.oneof(
  { weight: 4, arbitrary: hostileText.map((text) => encodeURIComponent(text.toWellFormed()).slice(0, 6000)) },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      '%',
      '%ff%fe',
      '%E0%A4%A',
      '%00',
      '%2e%2e%2f',
      '%c0%af',
      '..;',
      '[]',
      '{}',
      '+',
    ),
  },
);

const headerText = hostileText.map((text) => text.replaceAll(/[^\x20-\x7e]/g, '').slice(0, 1000));
const headers: fc.Arbitrary<Record<string, string>> = fc
  .array(
    fc.oneof(
      fc.tuple(
        fc.constantFrom(
          'accept',
          'accept-language',
          'range',
          'referer',
          'x-forwarded-for',
          'x-request-id',
          'x-portal-path',
          'x-nonce',
        ),
        headerText,
      ),
      fc.constantFrom<[string, string]>(
        ['rsc', '1'],
        ['next-router-prefetch', '1'],
        ['next-router-state-tree', '%5B%22%22%5D'],
        ['next-router-state-tree', '%'],
        ['next-action', 'x'],
        ['next-action', '0'.repeat(42)],
        ['x-middleware-subrequest', 'proxy:proxy:proxy:proxy:proxy'],
        ['accept', 'text/x-component'],
        ['content-type', 'multipart/form-data'],
      ),
    ),
    { maxLength: 3 },
  )
  .map((pairs) => Object.fromEntries(pairs));

const bodies: fc.Arbitrary<{ readonly type: string; readonly body: string }> = fc.oneof(
  hostileValue.map((value) => ({ type: 'application/json', body: JSON.stringify(value) ?? '' })),
  hostileText.map((body) => ({ type: 'text/plain;charset=UTF-8', body })),
  hostileText.map((body) => ({ type: 'application/x-www-form-urlencoded', body })),
  fc.constantFrom(
    { type: 'multipart/form-data', body: 'x' },
    {
      type: 'multipart/form-data; boundary=b',
      body: '--b\r\nContent-Disposition: form-data; name="0"\r\n\r\n[]',
    },
    { type: 'multipart/form-data; boundary=b', body: '--b\r\n\r\n--b--' },
    { type: 'x', body: '\0' },
  ),
);

/** Requests to a page or a route handler: odd values where it reads some, odd others, by any method. */
function routeCalls(entry: PageEntry | HandlerEntry, own: Values, salt: number): Call[] {
  const { always, maybe } = placesOf(entry);
  const names = Object.keys({ ...always, ...maybe });
  const method = entry.type === 'handler' ? entry.method : 'GET';
  const call = fc.record({
    odd: fc.subarray(names),
    parts: fc.array(addressPart, { minLength: names.length + 1, maxLength: names.length + 1 }),
    query: fc.array(
      fc.tuple(
        fc.oneof(
          fc.constantFrom(
            'q',
            'tenant',
            'license',
            'sort',
            'order',
            'after',
            'before',
            'free',
            'returnTo',
            'failure',
            'problem',
            'code',
            'state',
            'error',
            'retryAfterSeconds',
          ),
          addressPart,
        ),
        addressPart,
      ),
      { maxLength: 4 },
    ),
    method: fc.oneof(
      { weight: 5, arbitrary: fc.constant(method) },
      { weight: 1, arbitrary: fc.constantFrom('GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS') },
    ),
    headers,
    payload: bodies,
  });
  const count = ROUTES_LIMITED.has(entry.route) ? REQUESTS_LIMITED : REQUESTS_EACH;
  return sample(call, count, salt).map(({ odd, parts, query, method: used, headers: sent, payload }) => {
    // A mark that needs no encoding stands for each odd part until the address is made.
    const marks = Object.fromEntries(odd.map((name, index) => [name, `odd${index}odd`]));
    let path = addressOf(entry, { ...own, ...marks });
    odd.forEach((_name, index) => {
      path = path.replace(`odd${index}odd`, () => parts[index] || 'x');
    });
    const pairs = query.map(([name, value]) => `${name}=${value}`).join('&');
    if (pairs) path += `${path.includes('?') ? '&' : '?'}${pairs}`;
    const hasBody = !['GET', 'HEAD', 'OPTIONS'].includes(used);
    return {
      path,
      method: used,
      headers: { origin: portalUrl, ...sent, ...(hasBody && { 'content-type': payload.type }) },
      ...(hasBody && { body: payload.body }),
    };
  });
}

/** How React's client writes arguments, and what looks like it. */
const REPLIES = [
  '["$K1"]',
  '[{},"$K1"]',
  '[{},{}]',
  '[]',
  '{}',
  'null',
  '"$K1"',
  '["$@1"]',
  '["$F1"]',
  '["$1:__proto__:x"]',
  '[{},"$1:constructor:constructor"]',
  '["$Q1","$W1","$i1"]',
  '["$n99999999999999999999"]',
  '["$D2026-99-99"]',
  '["$undefined","$NaN","$Infinity","$-0"]',
  '[',
  '',
];

const partOf = (name: string, value: string): string =>
  `--b\r\nContent-Disposition: form-data; name="${name.replaceAll(/["\r\n]/g, '')}"\r\n\r\n${value}\r\n`;
const fileOf = (name: string, value: string): string =>
  `--b\r\nContent-Disposition: form-data; name="${name}"; filename="x.txt"\r\nContent-Type: text/plain\r\n\r\n${value}\r\n`;

/** Calls of an action, as React's client would send them, with odd fields or in an odd form. */
function actionCalls(entry: ActionEntry, own: Values, salt: number): Call[] {
  const id = built.actions.find(({ file, name }) => file === entry.file && name === entry.name)?.id ?? '';
  const at = TABLE.find((other): other is PageEntry => other.type === 'page' && other.route === entry.at);
  const path = at ? addressOf(at, own) : entry.at;
  const fields = Object.keys({ ...entry.ids, ...entry.texts });
  const good = { ...entry.texts, ...own };
  const call = fc.record({
    values: fc.array(
      fc.tuple(fc.constantFrom(...fields, '__proto__', 'constructor', 'x'), hostileText, fc.boolean()),
      { maxLength: 5 },
    ),
    kept: fc.subarray(fields),
    reply: fc.oneof(
      { weight: 3, arbitrary: fc.constant('[{},"$K1"]') },
      { weight: 2, arbitrary: fc.constantFrom(...REPLIES) },
    ),
    payload: fc.option(bodies, { freq: 4 }),
    headers,
  });
  return sample(call, REQUESTS_EACH, salt).map(({ values, kept, reply, payload, headers: sent }) => {
    const parts = [
      ...kept.map((name) => partOf(`_1_${name}`, good[name] ?? '')),
      ...values.map(([name, value, isFile]) => (isFile ? fileOf : partOf)(`_1_${name}`, value)),
      partOf('0', reply),
    ];
    return {
      path,
      method: 'POST',
      headers: {
        ...sent,
        origin: portalUrl,
        accept: 'text/x-component',
        'next-action': id,
        'content-type': payload?.type ?? 'multipart/form-data; boundary=b',
      },
      body: payload?.body ?? `${parts.join('')}--b--\r\n`,
    };
  });
}

const callsOf = (entry: Entry, own: Values, salt: number): Call[] =>
  entry.type === 'action' ? actionCalls(entry, own, salt) : routeCalls(entry, own, salt);

/** What is wrong with an answer, whatever was asked. */
function complaintsAbout({ call, status, headers: sent, body }: Answer): string[] {
  const complaints: string[] = [];
  if (status >= 500) complaints.push(`is answered with ${status}`);
  if (/\n\s+at .+:\d+:\d+|node_modules|PrismaClient|invalid byte sequence|SELECT .+ FROM/.test(body))
    complaints.push('tells of our insides');
  const type = sent['content-type'] ?? '';
  if (type.includes('problem+json')) {
    const problem: unknown = JSON.parse(body || '{}');
    if (call.method !== 'HEAD' && !Object.keys(Object(problem)).includes('title'))
      complaints.push('names no problem');
  }
  if (/"requestId":"[^"]+"/.test(body)) complaints.push('ends in an unexpected failure');
  return complaints;
}

let world: World;
let close: () => Promise<void>;

test.beforeAll(async () => {
  const database = openDatabase(process.env.PORTAL_DATA_DIR ?? '');
  close = database.close;
  world = await createWorld(portalUrl, process.env.SIMULATOR_URL ?? '', database);
});
test.afterAll(async () => {
  await close();
});

test('whatever is sent to whatever there is, it is answered in order', async () => {
  test.setTimeout(120_000);
  const own = ownOf(world, 'admin');
  // Signing out ends the session that all others need.
  const entries = TABLE.filter((entry) => entry.type !== 'action' || entry.name !== 'signOutAction');
  const findings: string[] = [];
  let requests = 0;
  const askAll = async (entry: Entry, salt: number) => {
    const { always, maybe } = placesOf(entry);
    const at =
      entry.type === 'action'
        ? TABLE.find((other) => other.type === 'page' && other.route === entry.at)
        : undefined;
    const kinds = { ...always, ...maybe, ...(at && placesOf(at).always) };
    const values = Object.fromEntries(Object.entries(kinds).map(([name, kind]) => [name, own[kind]]));
    for (const call of callsOf(entry, values, salt * 1000)) {
      requests += 1;
      const complaints = await send(portalUrl, { ...call, as: world.jars.admin }).then(
        complaintsAbout,
        String,
      );
      findings.push(
        ...[complaints]
          .flat()
          .map(
            (complaint) => `${titleOf(entry)} ${complaint}: ${JSON.stringify({ ...call, as: undefined })}`,
          ),
      );
    }
  };
  await Promise.all(entries.map(askAll));
  expect(requests).toBeGreaterThan(200);
  expect(findings, `HOSTILE_SEED=${seed} repeats it`).toEqual([]);
  // The session outlives it all, and so does the portal.
  expect(readFileSync(process.env.PORTAL_LOG ?? '', 'utf8')).not.toMatch(/^The portal ended/m);
  expect((await send(portalUrl, { path: '/users', as: world.jars.admin })).status).toBe(200);
});
