import { type ChildProcess, spawn } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Page } from '@playwright/test';
import { sessionToken } from '#lib/auth/testing.ts';
import { Control } from '../simulator/testing.ts';
import { addAccount, connectOffice365 } from './accounts.ts';
import { startBrokenDatabase } from './broken-database.ts';
import { inDatabase } from './database.ts';
import { createOrganization, expect, signIn, test } from './fixtures.ts';
import { LeakFinder, type Secret } from './leaks.ts';
import { AZURE_APP, approveAzure, GRAPH_APP, pickAccount } from './microsoft.ts';

const ROOT = resolve(import.meta.dirname, '..');
const ADMIN = 'Admin of Secrets';
const TENANT = 'secrets.example.com';

/** A signed or an encrypted token, whoever it is for. */
const TOKEN = /eyJ[\w-]{10,}\.[\w-]*\.[\w-]{10,}/;

/** Every row of every table, ours and the job queue's. */
const dumpDatabase = (): Promise<string> =>
  inDatabase(async ({ pool }) => {
    const { rows: tables } = await pool.query<{ name: string }>(
      `SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables
       WHERE schemaname NOT IN ('pg_catalog', 'information_schema')`,
    );
    expect(tables.map(({ name }) => name)).toContain('public.consent_redirect');
    let dump = '';
    for (const { name } of tables) {
      const { rows } = await pool.query<{ row: string }>(`SELECT to_jsonb(t)::text AS row FROM ${name} t`);
      dump += rows.map(({ row }) => row).join('\n');
    }
    return dump;
  });

/** Cookies that name where somebody is or what they like. */
const NO_SECRET = /callback-url|theme/;

/** Keeps what the portal sends to the browser, and what passes between the two and through addresses. */
function listen(page: Page) {
  const bodies: Promise<string>[] = [];
  const addresses: string[] = [];
  const passed = new Map<string, string>();
  const cookies: Promise<unknown>[] = [];
  page.on('request', (request) => {
    const { searchParams } = new URL(request.url());
    for (const name of ['code', 'state', 'nonce', 'code_challenge']) {
      const value = searchParams.get(name);
      if (value && value.length > 20) passed.set(value, name);
    }
  });
  page.on('response', (response) => {
    const isOurs = response.url().startsWith(process.env.PORTAL_URL ?? '');
    if (!isOurs) return;
    cookies.push(
      response.headerValues('set-cookie').then((lines) => {
        for (const line of lines) {
          const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
          if (value.length > 20 && !NO_SECRET.test(name))
            passed.set(decodeURIComponent(value), `cookie ${name}`);
        }
      }),
    );
    if (response.status() >= 300 || response.url().includes('/_next/static/')) return;
    addresses.push(response.url());
    bodies.push(response.text().catch(() => ''));
  });
  return { bodies, addresses, passed, cookies };
}

test('no token and no secret of a whole run is in the log, the pages, the files, the addresses or the database', async ({
  page,
  allowBrowserMessage,
}) => {
  test.setTimeout(180_000);
  allowBrowserMessage(/404/);
  const control = new Control(process.env.SIMULATOR_URL ?? '');
  const { tenant } = await control.createTenant({ domain: TENANT, users: 30, subscriptions: 2 });
  const { bodies, addresses, passed, cookies } = listen(page);

  await signIn(page, ADMIN);
  await createOrganization(page, 'Secrets Inc');
  await connectOffice365(page, { name: 'Secrets 365', tenant: TENANT }, ADMIN);
  await addAccount(page, { kind: 'Azure', name: 'Secrets Azure', tenant: TENANT });
  await approveAzure(page, ADMIN);
  await expect(page.getByText('Connected', { exact: true }).first()).toBeVisible();

  // An import that fails, with a token in what Microsoft says about it.
  await page.goto('/setup/cloud-tenants');
  await page
    .getByRole('row', { name: /Secrets 365/ })
    .getByRole('link', { name: /Manage/ })
    .click();
  await page.getByRole('tab', { name: 'Imports' }).click();
  await expect(page.getByRole('table', { name: 'Imports' })).toContainText('Completed', { timeout: 60_000 });
  const [accessToken] = (await control.issued(tenant.id)).filter(({ kind }) => kind === 'access_token');
  const { id: faultId } = await control.fault({
    kind: 'error',
    service: 'graph',
    tenantId: tenant.id,
    path: '/v1.0/users',
    status: 403,
    code: 'Authorization_RequestDenied',
    message: `The token ${accessToken?.value} was refused (Authorization: Bearer ${accessToken?.value}).`,
  });
  await page.getByRole('button', { name: 'Import now' }).click();
  await expect(page.getByRole('table', { name: 'Imports' })).toContainText('Partial', { timeout: 60_000 });
  await control.request('DELETE', `/faults/${faultId}`);

  // Every page there is, those about a tenant and a user included, and pages that are not there.
  await page.goto('/users');
  const user = await page.getByRole('table').getByRole('link').first().getAttribute('href');
  await page.goto('/setup/cloud-tenants');
  const links = page.getByRole('link', { name: /Manage/ });
  const tenants = await links.evaluateAll((found) => found.map((link) => link.getAttribute('href') ?? ''));
  const tabs = tenants.flatMap((path) =>
    ['', '/permissions', '/imports', '/settings', '/access-tokens', '/enrollments'].map((tab) => path + tab),
  );
  for (const path of [
    ...tabs,
    user ?? '',
    '/licenses',
    '/setup/cloud-tenants/add',
    '/help/errors',
    '/nowhere',
  ])
    await page.goto(path);
  // Keys of the EA reporting API: one that is kept, and one that is refused.
  const enrollment = '86084801';
  const eaKeys = [await control.eaKey(enrollment), await control.eaKey(enrollment, { slot: 'secondary' })];
  await control.eaKey(enrollment, { slot: 'secondary' });
  await page.goto(`${tenants[1]}/access-tokens`);
  await page.getByRole('button', { name: 'Add Access Token' }).click();
  const dialog = page.getByRole('dialog', { name: 'Add Access Token' });
  for (const key of eaKeys.toReversed()) {
    await dialog.getByRole('textbox', { name: 'Enrollment number' }).fill(enrollment);
    await dialog.getByRole('textbox', { name: 'Access token' }).fill(key);
    await dialog.getByRole('button', { name: 'Save' }).click();
    if (key === eaKeys[1]) await expect(dialog.getByRole('alert')).toContainText('refused');
  }
  await expect(page.getByRole('row', { name: enrollment })).toContainText('Valid');
  await page.reload();
  await expect(page.getByRole('row', { name: enrollment })).toContainText('Valid');

  const exported = [await page.request.get('/users/export'), await page.request.get('/licenses/export')];
  for (const answer of exported) expect(answer.status()).toBe(200);

  // Somebody's own rights, lent for an hour: the token is kept meanwhile, and only a key opens it.
  await page.goto('/setup/cloud-tenants');
  await page
    .getByRole('row', { name: /Secrets Azure/ })
    .getByRole('link', { name: /Manage/ })
    .click();
  await page.getByRole('button', { name: 'Add Existing Subscriptions' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Add' }).click();
  await pickAccount(page, ADMIN);
  await expect(page.getByRole('button', { name: 'Revoke now' })).toBeVisible();
  await expect(page.getByRole('button', { name: 'Add subscriptions' })).toBeVisible();
  await page.getByRole('link', { name: 'consent receipt' }).click();
  await expect(page.getByRole('table', { name: 'Calls' })).toBeVisible();
  const receipt = await page.request.get(`${new URL(page.url()).pathname}/export`);
  expect(receipt.status()).toBe(200);
  exported.push(receipt);
  expect(await dumpDatabase()).toMatch(/"access_token": "\\\\x/);

  // Failures on purpose: what is said of them must not quote what they failed with.
  const used = [...passed].filter(([, name]) => name === 'state').map(([value]) => value);
  for (const state of [...used.slice(0, 2), 's'.repeat(43)])
    for (const path of [
      '/api/consent/callback',
      '/api/consent/admin-callback',
      '/api/auth/callback/microsoft',
    ])
      await page.goto(`${path}?code=${'c'.repeat(40)}&state=${state}`);
  // A redirect that is still out: its verifier is kept until it comes back.
  await control.createTenant({ domain: `left-${TENANT}`, users: 1 });
  await addAccount(page, { kind: 'Azure', name: 'Left at Microsoft', tenant: `left-${TENANT}` });
  await page.getByRole('heading', { name: 'Pick an account' }).waitFor();
  const challenge = new URL(page.url()).searchParams.get('code_challenge') ?? '';
  expect(challenge).not.toBe('');

  await Promise.all(cookies);
  const issued = await control.issued(tenant.id);
  const dataDir = process.env.PORTAL_DATA_DIR ?? '';
  const outstanding = new URL(page.url()).searchParams.get('nonce');
  const secrets: Secret[] = [
    { name: 'the secret of the Azure registration', value: AZURE_APP.secret },
    { name: 'the secret of the Graph registration', value: GRAPH_APP.secret },
    { name: 'AUTH_SECRET', value: (await readFile(join(dataDir, 'auth-secret'), 'utf8')).trim() },
    { name: 'ENCRYPTION_KEYS', value: (await readFile(join(dataDir, 'encryption-key'), 'utf8')).trim() },
    ...eaKeys.map((value, index) => ({ name: `access token ${index}`, value })),
    ...[...passed].map(([value, name]) => ({ name: `${name} in the browser`, value })),
    ...issued.map(({ kind, value }) => ({ name: `${kind} at Microsoft`, value })),
    // What an ID token is compared with; it is in the address of the sign-in and worth nothing without the code.
  ].filter(({ value }) => value !== outstanding);
  for (const kind of ['code', 'state', 'nonce', 'code_verifier', 'access_token', 'id_token', 'client_secret'])
    expect(issued.map((one) => one.kind)).toContain(kind);
  expect([...passed.values()].filter((name) => name.startsWith('cookie')).length).toBeGreaterThan(3);

  const dump = await dumpDatabase();
  const places = {
    log: await readFile(process.env.PORTAL_LOG ?? '', 'utf8'),
    pages: (await Promise.all(bodies)).join('\n'),
    files: (await Promise.all(exported.map((answer) => answer.text()))).join('\n'),
    addresses: addresses.join('\n'),
    database: dump,
  };
  const finder = new LeakFinder(secrets);
  for (const [place, text] of Object.entries(places)) {
    expect(text.length, place).toBeGreaterThan(100);
    expect(finder.leaksIn(text), place).toEqual([]);
    expect(TOKEN.exec(text)?.[0], place).toBeUndefined();
  }
  // The one kind of secret that the database keeps is there, and only a key opens it.
  const plain = [...dump.matchAll(/[\w-]{43,}/g)].flatMap(([text]) =>
    Array.from({ length: text.length - 42 }, (_, at) => text.slice(at, at + 43)),
  );
  const hashed = (text: string) => createHash('sha256').update(text).digest('base64url');
  expect(plain.filter((text) => hashed(text) === challenge)).toEqual([]);
  expect(dump).toContain('code_verifier');
  expect(dump).toContain('encrypted_key');
});

/** A process of an installation of its own, and all that it has printed. */
class Program {
  readonly #child: ChildProcess;
  readonly #exited: Promise<unknown>;
  output = '';

  constructor(args: readonly string[], env: Readonly<Record<string, string>>) {
    this.#child = spawn(process.execPath, args, {
      cwd: ROOT,
      env: { PATH: process.env.PATH, HOME: process.env.HOME, NODE_ENV: 'production', ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#exited = once(this.#child, 'exit');
    for (const stream of [this.#child.stdout, this.#child.stderr])
      stream?.on('data', (chunk: Buffer) => {
        this.output += chunk.toString();
      });
  }

  async prints(pattern: RegExp): Promise<void> {
    await expect.poll(() => pattern.test(this.output), { message: `${pattern}`, timeout: 60_000 }).toBe(true);
  }

  /** Resolves when it has ended. */
  async ends(signal?: NodeJS.Signals): Promise<void> {
    if (signal && this.#child.exitCode === null) this.#child.kill(signal);
    await this.#exited;
  }

  kill(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }
}

test('what a portal, a worker and a start print about their failures, and their crash reports, hold no secret', async () => {
  test.setTimeout(120_000);
  const random = (bytes: number) => randomBytes(bytes).toString('base64url');
  const [password, authSecret, key, azureSecret, graphSecret, token] = [24, 40, 32, 30, 30, 40].map(
    random,
  ) as [string, string, string, string, string, string];
  const jwt = `eyJhbGciOiJSUzI1NiJ9.${Buffer.from('{"sub":"x"}').toString('base64url')}.${token}`;
  const row = 'Failing row contains (null, Uma User, uma.user@contoso.com).';
  const database = await startBrokenDatabase({
    message: `null value: Bearer ${jwt} for postgresql://portal:${password}@db, client_secret=${azureSecret}`,
    detail: row,
  });
  const folder = mkdtempSync(join(tmpdir(), 'cloud-tenant-setup-crash-'));
  const environment = {
    PORT: '3998',
    APP_URL: 'http://localhost:3999',
    DATA_DIR: folder,
    DATABASE_URL: `postgresql://portal:${password}@localhost:${database.port}/portal`,
    AUTH_SECRET: authSecret,
    ENCRYPTION_KEYS: `k:${Buffer.from(key, 'base64url').toString('base64')}`,
    MICROSOFT_AUTHORITY_URL: 'http://localhost:1',
    MICROSOFT_CLIENT_ID: AZURE_APP.clientId,
    MICROSOFT_CLIENT_SECRET: azureSecret,
    MICROSOFT_GRAPH_CLIENT_ID: GRAPH_APP.clientId,
    MICROSOFT_GRAPH_CLIENT_SECRET: graphSecret,
    NEXTAUTH_URL: 'http://localhost:3999',
    NEXTAUTH_SECRET: authSecret,
    NEXT_MANUAL_SIG_HANDLE: '1',
    NEXT_TELEMETRY_DISABLED: '1',
    NODE_OPTIONS: `--report-uncaught-exception --report-on-fatalerror --report-on-signal --report-directory=${folder}`,
  };
  const finder = new LeakFinder([
    { name: 'the password of the database', value: password },
    { name: 'AUTH_SECRET', value: authSecret },
    { name: 'ENCRYPTION_KEYS', value: environment.ENCRYPTION_KEYS.slice(2) },
    { name: 'a client secret', value: azureSecret },
    { name: 'the other client secret', value: graphSecret },
    { name: 'a token', value: token },
    { name: 'a row', value: row },
  ]);
  const expectClean = (place: string, text: string) => {
    expect(finder.leaksIn(text), `${place}:\n${text.slice(0, 5000)}`).toEqual([]);
    expect(TOKEN.exec(text)?.[0], place).toBeUndefined();
  };

  // Settings that cannot be used, and a database that cannot.
  for (const [what, wrong] of Object.entries({
    'wrong settings': {
      ENCRYPTION_KEYS: `${environment.ENCRYPTION_KEYS},x`,
      MICROSOFT_CLIENT_ID: azureSecret,
    },
    'a wrong address': {
      PORT: '3998',
      DATABASE_URL: environment.DATABASE_URL.replace('postgresql:', 'mysql:'),
    },
    'a broken database': {},
  })) {
    const start = new Program(['scripts/start.ts'], { ...environment, ...wrong });
    await start.ends();
    expect(start.output, what).toMatch(/is not usable|cannot be used|migrat/i);
    expectClean(what, start.output);
  }

  // A portal whose database refuses everything: a page fails while it is drawn, and a file while it is made.
  const portal = new Program(['node_modules/next/dist/bin/next', 'start', ROOT, '--port', '0'], environment);
  await portal.prints(/localhost:\d+/);
  const address = /http:\/\/localhost:[1-9]\d*/.exec(portal.output)?.[0] ?? '';
  const session = await sessionToken(authSecret, '11111111-aaaa-4bbb-8ccc-000000000001');
  const bodies: string[] = [];
  for (const path of [
    '/users',
    '/licenses/export',
    '/licenses/purchases/export',
    '/api/health',
    '/setup/cloud-tenants',
    '/api/consent/callback',
  ]) {
    const answer = await fetch(address + path, {
      headers: { cookie: `cloud-tenant-setup.session=${session}` },
      redirect: 'manual',
    });
    bodies.push(await answer.text());
  }
  await portal.prints(/"where":"GET \/users"/);
  expect(portal.output).toMatch(/"requestId":"[\w-]{36}"/);
  portal.kill('SIGUSR2');
  await expect
    .poll(() => readdirSync(folder).filter((name) => name.startsWith('report')).length, { timeout: 30_000 })
    .toBe(1);
  await portal.ends('SIGTERM');

  const worker = new Program(['worker/main.ts'], environment);
  await worker.ends();
  expect(worker.output).toContain('the worker did not start');
  expectClean('the worker', worker.output);

  expectClean('the portal', portal.output);
  expectClean('its answers', bodies.join('\n'));
  for (const name of readdirSync(folder).filter((file) => file.startsWith('report')))
    expectClean('a crash report', readFileSync(join(folder, name), 'utf8'));
  await database.stop();
  rmSync(folder, { recursive: true, force: true });
});
