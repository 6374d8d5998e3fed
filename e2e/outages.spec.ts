import type { Page } from '@playwright/test';
import { connectOffice365 } from './accounts.ts';
import { CustomerTenant } from './consent.ts';
import { test as base, createOrganization, expect, expectNoViolations, signIn } from './fixtures.ts';
import { expectHelpIn, ImportsTab } from './imports-tab.ts';
import { OwnProduct } from './own-product.ts';

/*
 * Parts of the portal fail, each on an installation of its own: a person reads what is so, monitors are told, and
 * everything goes on where it stopped.
 */

type Installation = {
  readonly product: OwnProduct;
  readonly tenant: CustomerTenant;
  readonly tenantPath: string;
  readonly cookies: Awaited<ReturnType<ReturnType<Page['context']>['storageState']>>;
};

const test = base.extend<object, { readonly installation: Installation }>({
  installation: [
    async ({ browser }, use) => {
      const product = await OwnProduct.create();
      try {
        await product.start();
        const tenant = await CustomerTenant.create(product.simulator.control, 'outage');
        const context = await browser.newContext({ baseURL: product.url });
        const page = await context.newPage();
        await signIn(page, tenant.admin);
        await createOrganization(page, tenant.name);
        await connectOffice365(page, { name: tenant.name, tenant: tenant.domain }, tenant.admin);
        const open = page.getByRole('link', { name: `Open ${tenant.name}` });
        const tenantPath = (await open.getAttribute('href')) ?? '';
        const cookies = await context.storageState();
        await context.close();
        await use({ product, tenant, tenantPath, cookies });
      } finally {
        await product.stop();
      }
    },
    { scope: 'worker', timeout: 240_000 },
  ],
  baseURL: ({ installation }, use) => use(installation.product.url),
  storageState: ({ installation }, use) => use(installation.cookies),
});

test.afterEach(({ installation }) => installation.tenant.calm());

test('the worker is gone: the page and monitors say so, and the next worker goes on', async ({
  page,
  installation: { product, tenant, tenantPath },
}) => {
  const imports = new ImportsTab(page, tenantPath);
  await imports.open();
  await tenant.addFault({ kind: 'hang', service: 'graph', path: '/v1.0/users' });
  await imports.start();
  await expect(imports.progress).toContainText('Users');
  await product.kill('worker');
  // The minute after which a silent worker counts as dead, and the quarter of one after which its run is free.
  await product.inDatabase(async ({ pool }) => {
    await pool.query(`UPDATE worker_heartbeat SET beat_at = now() - interval '2 minutes'`);
    await pool.query(
      `UPDATE import_run SET lease_until = now() - interval '1 second' WHERE status = 'running'`,
    );
  });
  await expectHelpIn(imports.progress, {
    words: 'No worker is running, so nobody works on this import.',
    who: 'The operator of this portal',
    action: /goes on by itself/,
    about: 'worker-unavailable',
  });
  await expectNoViolations(page);
  expect(await product.health()).toEqual({
    status: 503,
    body: { status: 'unavailable', database: 'ok', worker: 'unavailable' },
  });

  await tenant.calm();
  await product.startPart('worker');
  await imports.ends('Completed');
  expect(await product.health()).toMatchObject({ status: 200 });
});

test('the database is gone: every page says so, monitors are told, and all comes back by itself', async ({
  page,
  installation: { product, tenantPath },
  allowBrowserMessage,
}) => {
  allowBrowserMessage(/status of 50[03]|Error/);
  await page.goto('/users');
  await expect(page.getByText('12 users', { exact: true })).toBeVisible();
  await product.kill('database');
  expect(await product.health()).toEqual({
    status: 503,
    body: { status: 'unavailable', database: 'unavailable', worker: 'unavailable' },
  });
  await page.goto('/users');
  const alert = page.getByRole('alert').filter({ hasText: 'database does not answer' });
  await expectHelpIn(alert, {
    words: 'Nothing that was stored is lost',
    who: 'The operator of this portal',
    action: /comes back by itself/,
    about: 'database-unavailable',
  });
  await expectNoViolations(page);

  await product.startPart('database');
  await expect(page.getByText('12 users', { exact: true })).toBeVisible({ timeout: 30_000 });
  const imports = new ImportsTab(page, tenantPath);
  await imports.open();
  await imports.run('Completed');
  await expect.poll(() => product.health()).toMatchObject({ status: 200 });
});

test('the disk is full: the import waits and says so, everything can be read, and it goes on once there is room', async ({
  page,
  installation: { product, tenant, tenantPath },
}) => {
  // What the embedded database does while the disk has no room, as its own tests show.
  await product.inDatabase(async ({ pool }) => {
    await pool.query(`
      CREATE FUNCTION no_room() RETURNS trigger LANGUAGE plpgsql AS
        $$BEGIN RAISE EXCEPTION USING ERRCODE = 'disk_full', MESSAGE = 'No space left on device'; END$$;
      CREATE TRIGGER no_room BEFORE INSERT OR UPDATE ON directory_user EXECUTE FUNCTION no_room()`);
    await pool.query(`SELECT set_config('cloud_tenant_setup.storage', 'full', false)`);
  });
  await tenant.control.createUser(tenant.id);
  const imports = new ImportsTab(page, tenantPath);
  await imports.open();
  await imports.start();
  await expectHelpIn(imports.progress, {
    words: 'database has no room left',
    who: 'The operator of this portal',
    action: /Free space/,
    about: 'storage-full',
  });
  expect(await product.health()).toMatchObject({ status: 503, body: { database: 'full', worker: 'ok' } });
  await page.goto('/users');
  await expect(page.getByText('12 users', { exact: true })).toBeVisible();

  await product.inDatabase(async ({ pool }) => {
    await pool.query('DROP TRIGGER no_room ON directory_user; DROP FUNCTION no_room');
    await pool.query(`SELECT set_config('cloud_tenant_setup.storage', 'ok', false)`);
  });
  await imports.open();
  await imports.ends('Completed');
  await page.goto('/users');
  await expect(page.getByText('13 users', { exact: true })).toBeVisible();
  expect(await product.health()).toMatchObject({ status: 200 });
});
