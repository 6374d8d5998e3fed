import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { createDatabase } from '#lib/db/database.ts';
import { embeddedSocketFolder } from '#lib/db/target.ts';
import { createLog } from '#lib/log/log.ts';
import { Control } from '../simulator/testing.ts';
import { addAccount, connectOffice365 } from './accounts.ts';
import { createOrganization, expect, signIn, test } from './fixtures.ts';
import { AZURE_APP, approveAzure, GRAPH_APP } from './microsoft.ts';

const ADMIN = 'Admin of Secrets';
const TENANT = 'secrets.example.com';
const dataDir = process.env.PORTAL_DATA_DIR ?? '';

/** A signed token, whoever it is for. */
const TOKEN = /eyJ[\w-]{10,}\.[\w-]{10,}\.[\w-]{10,}/;

/** Every row of every table, ours and the job queue's. */
async function dumpDatabase(): Promise<string> {
  const target = { type: 'embedded', socketFolder: embeddedSocketFolder(dataDir) } as const;
  const { pool, close } = createDatabase(target, createLog({ level: 'silent' }), 1);
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
  await close();
  return dump;
}

/** Keeps what the browser is sent by the portal, and what passes through addresses. */
function listen(page: Page) {
  const bodies: Promise<string>[] = [];
  const addresses: string[] = [];
  const passed = new Set<string>();
  page.on('request', (request) => {
    const { searchParams } = new URL(request.url());
    for (const name of ['code', 'state', 'nonce', 'code_challenge']) {
      const value = searchParams.get(name);
      if (value && value.length > 20) passed.add(value);
    }
  });
  page.on('response', (response) => {
    const isOurs = response.url().startsWith(process.env.PORTAL_URL ?? '');
    if (!isOurs || response.status() >= 300 || response.url().includes('/_next/static/')) return;
    addresses.push(response.url());
    bodies.push(response.text().catch(() => ''));
  });
  return { bodies, addresses, passed };
}

test('no token and no secret of a whole run is in the log, the pages, the addresses or the database', async ({
  page,
}) => {
  test.setTimeout(120_000);
  const control = new Control(process.env.SIMULATOR_URL ?? '');
  await control.createTenant({ domain: TENANT, users: 30, subscriptions: 2 });
  const { bodies, addresses, passed } = listen(page);

  await signIn(page, ADMIN);
  await createOrganization(page, 'Secrets Inc');
  await connectOffice365(page, { name: 'Secrets 365', tenant: TENANT }, ADMIN);
  await addAccount(page, { kind: 'Azure', name: 'Secrets Azure', tenant: TENANT });
  await approveAzure(page, ADMIN);
  await expect(page.getByText('Connected', { exact: true }).first()).toBeVisible();
  for (const path of ['/setup/cloud-tenants', '/licenses', '/users']) await page.goto(path);
  const exported = [await page.request.get('/users/export'), await page.request.get('/licenses/export')];
  for (const answer of exported) expect(answer.status()).toBe(200);
  // A failure on purpose: what is said of it must not quote what it failed with.
  await page.goto(`/api/consent/callback?code=${'c'.repeat(40)}&state=${'s'.repeat(43)}`);

  const cookies = (await page.context().cookies()).filter(({ name }) => name.includes('session'));
  expect(cookies).toHaveLength(1);
  const secrets = [
    AZURE_APP.secret,
    GRAPH_APP.secret,
    (await readFile(join(dataDir, 'auth-secret'), 'utf8')).trim(),
    (await readFile(join(dataDir, 'encryption-key'), 'utf8')).trim(),
    ...cookies.map(({ value }) => value),
    ...passed,
  ];
  expect(passed.size).toBeGreaterThan(8);

  const places = {
    log: await readFile(process.env.PORTAL_LOG ?? '', 'utf8'),
    pages: (await Promise.all(bodies)).join('\n'),
    files: (await Promise.all(exported.map((answer) => answer.text()))).join('\n'),
    addresses: addresses.join('\n'),
    database: await dumpDatabase(),
  };
  for (const [place, text] of Object.entries(places)) {
    expect(text.length, place).toBeGreaterThan(100);
    expect(
      secrets.filter((secret) => text.includes(secret) || text.includes(encodeURIComponent(secret))),
      place,
    ).toEqual([]);
    expect(TOKEN.exec(text)?.[0], place).toBeUndefined();
  }
});
