import { expect, test } from '@playwright/test';
import { CookieJar } from '#lib/auth/testing.ts';
import { titleOf } from '../scripts/access/complaints.ts';
import type { HandlerEntry, PageEntry, Role } from '../scripts/access/model.ts';
import { ownOf, valuesFrom } from './access/cases.ts';
import { type Answer, type Call, send } from './access/http.ts';
import { differs, Findings, Portal } from './access/portal.ts';
import { actionNamed, found, HANDLERS, idOf, PAGES } from './access/repository.ts';
import { actionCall, addressOf, callOf } from './access/requests.ts';
import { keep, sessionOf, signIn } from './access/session.ts';

/*
 * The same requests in other clothes: React's own, other methods, headers that servers in front of an application set,
 * and cookies that somebody has planted. None may give more than the plain request.
 */

const FILES = new Map(found.flatMap((one) => (one.type === 'page' ? [[one.route, one.file] as const] : [])));

// Hundreds of requests, on whatever machine.
test.describe.configure({ timeout: 240_000 });

let portal: Portal;
test.beforeAll(async () => {
  portal = await Portal.open();
});
test.afterAll(() => portal.close());

/** Once enough to be taken for a call of the proxy's own, under each of the names that Next has had for it. */
const SUBREQUEST = Array.from({ length: 5 }, () => 'proxy:src/proxy:middleware:src/middleware').join(':');

/** What a plain request is dressed up with. */
const DISGUISES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'a skipped proxy': { 'x-middleware-subrequest': SUBREQUEST },
  'another path': {
    'x-original-url': '/api/health',
    'x-rewrite-url': '/api/health',
    'x-matched-path': '/api/health',
    'x-invoke-path': '/api/health',
    'x-invoke-output': '/api/health',
    'x-now-route-matches': '1=x',
  },
  'another host': {
    'x-forwarded-host': 'evil.example',
    'x-forwarded-proto': 'https',
    forwarded: 'host=evil.example;proto=https',
  },
  'a foreign Host': { host: 'evil.example' },
  'the portal’s own headers': {
    'x-portal-path': '//evil.example/',
    'x-nonce': 'guessed',
    'x-request-id': 'guessed',
    'content-security-policy': "script-src 'nonce-guessed'",
  },
  'a forwarded action': { 'x-action-forwarded': '1', 'x-nextjs-data': '1', purpose: 'prefetch' },
  'another method in a header': { 'x-http-method-override': 'DELETE', 'x-method-override': 'POST' },
};

/** Who must not see a page of ours: what holds for the signed-out holds for the newcomer, by the same line of code. */
const outsiders = (entry: PageEntry): readonly Role[] =>
  Object.keys(entry.path).length > 0 ? ['signed-out', 'stranger'] : ['signed-out'];

test('headers that servers set among themselves give nothing more than the plain request', async () => {
  const findings = new Findings();
  const entries = [...PAGES, ...HANDLERS.filter(({ method }) => method === 'GET')];
  const asked = entries.flatMap((entry) => {
    const values = valuesFrom(portal.world.ours.ids, {
      ...entry.path,
      ...(entry.type === 'handler' && entry.query),
    });
    const roles: readonly Role[] = entry.type === 'page' ? outsiders(entry) : ['signed-out'];
    return roles.flatMap((role) =>
      Object.entries(DISGUISES).map(async ([request, headers]) => {
        const subject = { title: titleOf(entry), role, request, given: Object.values(values) };
        const answer = await portal.ask(findings, subject, { ...callOf(portal.url, entry, values), headers });
        const told = JSON.stringify([answer.headers, answer.setCookies]) + answer.body;
        findings.add(subject, [
          ...differs(portal.outcome(answer), entry.outcomes[role]),
          ...['evil.example', 'nonce-guessed']
            .filter((word) => told.includes(word))
            .map((word) => `has ${word}`),
        ]);
      }),
    );
  });
  await Promise.all(asked);
  findings.expectNone();
});

/** The tree of a page as Next's client sends it: only the page itself is to be drawn anew, or its title alone. */
function treeOf(
  file: string,
  ids: Readonly<Record<string, string>>,
  wanted: 'refetch' | 'metadata-only',
): string {
  const leaf: unknown[] = ['__PAGE__', {}, null, wanted];
  const tree = file
    .split('/')
    .slice(1, -1)
    .reduceRight<unknown[]>((below, segment) => {
      const name = /^\[(\w+)\]$/.exec(segment)?.[1];
      return [name ? [name, ids[name] ?? '', 'd', null] : segment, { children: below }];
    }, leaf);
  return encodeURIComponent(JSON.stringify(['', { children: tree }]));
}

type Trees = { readonly page: string; readonly head: string };

/** What Next's client asks for instead of a document. */
const PAYLOADS: Readonly<Record<string, (trees: Trees, own: string) => Record<string, string>>> = {
  'a navigation': () => ({}),
  'a part of the page': ({ page }) => ({ 'next-router-state-tree': page }),
  'the title': ({ head }) => ({ 'next-router-state-tree': head }),
  'a prefetch': ({ page }) => ({ 'next-router-prefetch': '1', 'next-router-state-tree': page }),
  'a navigation from an own page': ({ page }, own) => ({ 'next-url': own, 'next-router-state-tree': page }),
  'the tree': () => ({ 'next-router-prefetch': '1', 'next-router-segment-prefetch': '/_tree' }),
  'a segment': () => ({ 'next-router-prefetch': '1', 'next-router-segment-prefetch': '/__PAGE__' }),
};
/** These bring no page, and so no redirect or 404 of one: a frame and a title, in which nothing may stand either. */
const WITHOUT_PAGE: ReadonlySet<string> = new Set(['the title', 'a prefetch', 'the tree', 'a segment']);

test('what React’s client asks for gives nothing more than the document', async () => {
  const findings = new Findings();
  const asked = PAGES.flatMap((entry) => {
    const file = FILES.get(entry.route) ?? '';
    const ids = valuesFrom(portal.world.ours.ids, entry.path);
    const trees = { page: treeOf(file, ids, 'refetch'), head: treeOf(file, ids, 'metadata-only') };
    const outside = outsiders(entry).flatMap((role) =>
      Object.entries(PAYLOADS).map(async ([request, headersFor]) => {
        const own = addressOf(entry, valuesFrom(ownOf(portal.world, role), entry.path));
        const subject = { title: entry.route, role, request, given: Object.values(ids) };
        const answer = await askPayload(findings, subject, addressOf(entry, ids), headersFor(trees, own));
        const got = payloadOutcome(answer);
        if (!WITHOUT_PAGE.has(request)) findings.add(subject, differs(got, entry.outcomes[role]));
      }),
    );
    return [...outside, findsOwn(findings, entry, trees.page)];
  });
  await Promise.all(asked);
  findings.expectNone();
});

/** The same requests do bring the data of the own organization: they are real ones. */
async function findsOwn(findings: Findings, entry: PageEntry, tree: string): Promise<void> {
  const { ids, names } = portal.world.ours;
  const path = addressOf(entry, valuesFrom(ids, entry.path));
  const subject = { title: entry.route, role: 'owner', request: 'a navigation' } as const;
  const whole = await askPayload(findings, subject, path, {});
  findings.add(subject, [
    ...differs(payloadOutcome(whole), entry.outcomes.owner),
    ...(entry.shows ?? [])
      .filter((kind) => !whole.body.includes(names[kind]))
      .map((kind) => `lacks the ${kind}`),
  ]);
  if (entry.outcomes.owner !== 'shown') return;
  const part = await askPayload(findings, subject, path, { 'next-router-state-tree': tree });
  findings.add(
    { ...subject, request: 'a part of the page' },
    part.body.length < whole.body.length ? [] : ['is no smaller than the whole page'],
  );
}

/** The server wants a hash of such headers in the address, and redirects to it. */
async function askPayload(
  findings: Findings,
  subject: Parameters<Portal['ask']>[1],
  path: string,
  headers: Readonly<Record<string, string>>,
): Promise<Answer> {
  const call: Call = { path, headers: { rsc: '1', ...headers } };
  const first = await portal.ask(findings, subject, call);
  const { location } = first.headers;
  if (!location?.includes('_rsc')) return first;
  return portal.ask(findings, subject, { ...call, path: location });
}

/** Such an answer has status 200 whatever it says; a redirect or a 404 is an error within it, for the client. */
function payloadOutcome(answer: Answer): string {
  const { body, status } = answer;
  const target = /"digest":"NEXT_REDIRECT;\w+;([^;]*);/.exec(body)?.[1];
  if (target !== undefined)
    return portal.outcome({ ...answer, status: 307, headers: { ...answer.headers, location: target } });
  if (status === 200 && body.includes('"digest":"NEXT_HTTP_ERROR_FALLBACK;404"')) return 'not-found';
  return portal.outcome(answer);
}

const METHODS = ['GET', 'HEAD', 'OPTIONS', 'PUT', 'PATCH', 'DELETE', 'POST'];
/** One of each sort: all others are for a page what PUT is. */
const PAGE_METHODS = ['HEAD', 'OPTIONS', 'PUT', 'POST'];
const METHODS_OF = new Map(
  [...Map.groupBy(HANDLERS, ({ route }) => route)].map(([route, entries]) => [
    route,
    entries.map(({ method }) => method),
  ]),
);

test('other methods give nothing more, and change nothing', async () => {
  const findings = new Findings();
  await portal.changesNothing(() =>
    Promise.all([
      ...PAGES.flatMap((entry) =>
        outsiders(entry).flatMap((role) =>
          PAGE_METHODS.map((method) => askMethod(findings, entry, role, method)),
        ),
      ),
      ...HANDLERS.flatMap((entry) =>
        (['signed-out', 'owner'] as const).flatMap((role) =>
          METHODS.filter((method) => !METHODS_OF.get(entry.route)?.includes(method)).map((method) =>
            askMethod(findings, entry, role, method),
          ),
        ),
      ),
    ]),
  );
  findings.expectNone();
});

async function askMethod(findings: Findings, entry: PageEntry | HandlerEntry, role: Role, method: string) {
  const values = valuesFrom(portal.world.ours.ids, entry.path);
  const subject = { title: titleOf(entry), role, request: method, given: Object.values(values) };
  const call = { method, path: addressOf(entry, values), headers: { origin: portal.url } };
  const answer = await portal.ask(findings, subject, call);
  findings.add(subject, [
    ...(entry.type === 'page'
      ? pageMethodProblems(entry, role, answer)
      : handlerMethodProblems(entry, method, answer)),
    ...(method === 'HEAD' && answer.body !== '' ? ['has a body'] : []),
  ]);
}

/** Next draws pages for most methods. */
function pageMethodProblems(entry: PageEntry, role: Role, answer: Answer): string[] {
  const isRefused = answer.status === 400 || answer.status === 405;
  return isRefused ? [] : differs(portal.outcome(answer), entry.outcomes[role]);
}

function handlerMethodProblems({ route }: HandlerEntry, method: string, answer: Answer): string[] {
  const listed = METHODS_OF.get(route) ?? [];
  const readable = listed.includes('GET') ? [...listed, 'HEAD'] : listed;
  if (method === 'OPTIONS') {
    const allowed = (answer.headers.allow ?? '').split(', ').filter((one) => one !== 'OPTIONS');
    return differs(allowed.sort().join(), readable.toSorted().join());
  }
  return readable.includes(method) ? [] : differs(`status ${answer.status}`, 'status 405');
}

test('there is no other door: the image optimizer, data of the pages router, other spellings of a path', async () => {
  const findings = new Findings();
  const { tenant } = portal.world.ours.ids;
  const file = encodeURIComponent(`/users/export?tenant=${tenant}`);
  const subject = { title: 'another door', given: [tenant] };
  for (const path of [
    `/_next/image?url=${file}&w=640&q=75`,
    '/_next/data/build/users.json',
    '/users.rsc',
    '/users.txt',
    '/users.segments/_tree.segment.rsc',
    '/%75sers',
    '/users;/export',
    '/USERS',
    `/setup/cloud-tenants/${tenant}%2Fsettings`,
    `/setup/cloud-tenants/${tenant}%00`,
    '/api/v1/tenants',
    '/..%2fusers',
    '/.next/BUILD_ID',
    '/_next/static/../../server/server-reference-manifest.json',
    '/_next/static/..%2f..%2fserver%2fserver-reference-manifest.json',
  ]) {
    for (const role of ['signed-out', 'stranger'] as const) {
      const answer = await portal.ask(findings, { ...subject, role, request: path }, { path });
      const isClosed = answer.status >= 300 && answer.status < 500;
      findings.add({ ...subject, role, request: path }, isClosed ? [] : [`is status ${answer.status}`]);
    }
  }
  findings.expectNone();
});

test('a planted session is not taken over, and signing in makes a new one', async () => {
  const { jars } = portal.world;
  const planted = sessionOf(jars.stranger) ?? '';
  const [name = ''] = planted.split('=');
  for (const value of [planted.slice(name.length + 1), 'made-up']) {
    const jar = jarWith(name, value);
    await signIn(portal.url, portal.world.mails.viewer, jar);
    expect(sessionOf(jar)).not.toBe(planted);
    const page = await send(portal.url, { path: '/setup/cloud-tenants', as: jar });
    expect(page.body).toContain(portal.world.ours.mark);
    expect(page.body).not.toContain(portal.world.theirs.mark);
  }
  // Neither has anything of it changed for whoever planted it.
  const theirs = await send(portal.url, { path: '/setup/cloud-tenants', as: jars.stranger });
  expect(theirs.body).toContain(portal.world.theirs.mark);
  expect(theirs.body).not.toContain(portal.world.ours.mark);
});

test('two sign-ins of one person are two sessions', async () => {
  const [one, other] = [new CookieJar(), new CookieJar()];
  await signIn(portal.url, portal.world.mails.viewer, one);
  await signIn(portal.url, portal.world.mails.viewer, other);
  expect(sessionOf(one)).toBeDefined();
  expect(sessionOf(one)).not.toBe(sessionOf(other));
});

test('a session that was changed, or is no session, is none', async () => {
  const session = sessionOf(portal.world.jars.owner) ?? '';
  const [name = ''] = session.split('=');
  const value = session.slice(name.length + 1);
  const half = Math.floor(value.length / 2);
  const other = value[half] === 'A' ? 'B' : 'A';
  for (const changed of ['', 'x', `${value}x`, `${value.slice(0, half)}${other}${value.slice(half + 1)}`]) {
    const answer = await send(portal.url, { path: '/users', as: jarWith(name, changed) });
    expect(portal.outcome(answer), changed).toBe('sign-in');
  }
});

test('signing out ends the session on the server: the old cookie opens nothing', async () => {
  const findings = new Findings();
  const signOut = actionNamed('signOutAction');
  const rename = actionNamed('renameTenantAction');
  for (const role of ['newcomer', 'viewer', 'admin', 'owner', 'stranger'] as const) {
    const jar = portal.world.jars[role];
    const before = sessionOf(jar);
    const at = role === 'newcomer' ? '/welcome' : '/licenses';
    const answer = await send(portal.url, {
      ...actionCall(portal.url, signOut, idOf(signOut), at, {}),
      as: jar,
    });
    expect(portal.outcome(answer)).toBe('sign-in');
    const browser = new CookieJar();
    browser.keep(new Response(null, { headers: { 'set-cookie': before ?? '' } }));
    keep(browser, answer);
    expect(sessionOf(browser)).toBeUndefined();
    expect(sessionOf(jar)).toBe(before);
  }
  const ids = portal.world.ours.ids;
  for (const role of ['newcomer', 'viewer', 'admin', 'owner', 'stranger'] as const) {
    // All of them for one; who asks makes no difference any more.
    const entries = [...PAGES, ...HANDLERS.filter(({ method }) => method === 'GET')];
    for (const entry of role === 'owner' ? entries : entries.filter(({ route }) => route === '/users')) {
      const values = valuesFrom(ids, { ...entry.path, ...(entry.type === 'handler' && entry.query) });
      const subject = {
        title: titleOf(entry),
        role,
        request: 'after signing out',
        given: Object.values(values),
      };
      const answer = await portal.ask(findings, subject, callOf(portal.url, entry, values));
      findings.add(subject, differs(portal.outcome(answer), entry.outcomes['signed-out']));
    }
    const call = actionCall(portal.url, rename, idOf(rename), '/signin', { tenantId: ids.tenant });
    const subject = { title: rename.name, role, request: 'after signing out', given: [ids.tenant] };
    findings.add(subject, differs(portal.outcome(await portal.ask(findings, subject, call)), 'sign-in'));
  }
  findings.expectNone();
});

function jarWith(name: string, value: string): CookieJar {
  const jar = new CookieJar();
  jar.keep(new Response(null, { headers: { 'set-cookie': `${name}=${value}` } }));
  return jar;
}
