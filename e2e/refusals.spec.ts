import type { Browser, Page } from '@playwright/test';
import { Control } from '../simulator/testing.ts';
import { addAccount, connectOffice365, expectAlert, listedTenants } from './accounts.ts';
import { inDatabase } from './database.ts';
import { createOrganization, expect, expectNoViolations, signIn, test } from './fixtures.ts';

/*
 * Bad input, bad luck and bad intent: each is answered in words with what to do, and leaves nothing half-made.
 * Fiona works in the portal; the tenants are made for these tests alone.
 */
test.describe.configure({ mode: 'serial' });

const FIONA = 'Fiona Fabrikam';
const UMA = 'uma.user@contoso.com';
const TENANT = { name: 'Refusal Inc', domain: 'refusal.example.com', admin: 'Admin of Refusal' } as const;

let control: Control;
const faults: string[] = [];
let directoryId: string;

test.beforeAll(async ({ browser }) => {
  control = new Control(process.env.SIMULATOR_URL ?? '');
  directoryId = (await control.createTenant({ domain: TENANT.domain, users: 40, subscriptions: 2 })).tenant
    .id;
  await control.request('POST', '/personas', {
    tenantId: directoryId,
    mail: `plain@${TENANT.domain}`,
    displayName: 'Paula Plain',
  });
  const page = await newPage(browser);
  await signIn(page, FIONA);
  await createOrganization(page, 'Fabrikam IT');
  await page.close();
});

test.beforeEach(async ({ page }) => signIn(page, FIONA));
test.afterEach(async () => {
  // Ours alone: other tests run at the same time.
  for (const id of faults.splice(0)) await control.request('DELETE', `/faults/${id}`);
});

async function addFault(rule: Parameters<Control['fault']>[0]): Promise<void> {
  faults.push((await control.fault(rule)).id);
}

/** Another browser. */
async function newPage(browser: Browser): Promise<Page> {
  return (await browser.newContext({ baseURL: process.env.PORTAL_URL ?? '' })).newPage();
}

const office365 = { kind: 'Office 365', name: TENANT.name, tenant: TENANT.domain } as const;

test('a domain that has no tenant, and names that are none', async ({ page }) => {
  await addAccount(page, { ...office365, tenant: 'no-such-tenant.example.com' });
  await expectAlert(page, /no-such-tenant\.example\.com/);
  await expect(page.getByRole('textbox', { name: 'Tenant name' })).toHaveValue(TENANT.name);
  await expectNoViolations(page);
  for (const tenant of ['', 'not a domain', '../../common', '{"a":1}', 'a'.repeat(300)]) {
    await addAccount(page, { ...office365, tenant });
    await expect(page.getByRole('alert').filter({ hasText: /./ }).first()).toBeVisible();
    await expect(page).toHaveURL(/\/setup\/cloud-tenants\/add/);
  }
  for (const name of ['', '   ', 'n'.repeat(121)]) {
    await addAccount(page, { ...office365, name });
    await expectAlert(page, /name/i);
    await expect(page.getByRole('textbox', { name: 'Tenant ID or domain' })).toHaveValue(TENANT.domain);
  }
  expect(await listedTenants(page)).toEqual([]);
});

test('a tenant that is connected already leads to it', async ({ page }) => {
  await connectOffice365(page, { name: TENANT.name, tenant: TENANT.domain }, TENANT.admin);
  await addAccount(page, { ...office365, name: 'Once more' });
  await expectAlert(page, `This tenant is already connected as “${TENANT.name}”.`);
  await expectNoViolations(page);
  expect(await listedTenants(page)).toHaveLength(1);
});

test('throttling delays an import and does not change it; a refused permission is named', async ({
  page,
}) => {
  const importNow = async (): Promise<void> => {
    await page.goto('/setup/cloud-tenants');
    await page
      .getByRole('row', { name: /Refusal Inc/ })
      .getByRole('link', { name: /Manage/ })
      .click();
    await page.getByRole('tab', { name: 'Imports' }).click();
    await page.getByRole('button', { name: 'Import now' }).click();
  };
  await addFault({
    kind: 'throttle',
    service: 'graph',
    tenantId: directoryId,
    times: 2,
    retryAfterSeconds: 1,
  });
  await importNow();
  await expect(page.getByRole('row', { name: /Completed/ })).toHaveCount(2, { timeout: 45_000 });

  await addFault({
    kind: 'error',
    service: 'graph',
    tenantId: directoryId,
    path: '/v1.0/users',
    status: 403,
    code: 'Authorization_RequestDenied',
  });
  await importNow();
  await expect(page.getByRole('row', { name: /Partial/ })).toHaveCount(1, { timeout: 45_000 });
  await expect(page.getByText(/User\.Read\.All/).first()).toBeVisible();
  await expectNoViolations(page);
  await page.goto('/users');
  await expect(page.getByText(/\b40\b/).first()).toBeVisible();
});

test('a viewer reads and changes nothing; an id of another organization does not exist', async ({
  page,
  browser,
  allowBrowserMessage,
}) => {
  allowBrowserMessage(/status of 404/);
  await page.goto('/setup/cloud-tenants');
  await page
    .getByRole('link', { name: /Manage/ })
    .first()
    .click();
  await page.waitForURL(/cloud-tenants\/[0-9a-f-]{36}/);
  const tenantPath = new URL(page.url()).pathname;

  const stranger = await newPage(browser);
  await signIn(stranger, 'Ada Adatum');
  await createOrganization(stranger, 'Adatum');
  for (const path of ['', '/imports', '/permissions', '/settings']) {
    expect((await stranger.goto(tenantPath + path))?.status(), path).toBe(404);
    await expect(stranger.getByRole('heading', { name: 'Page not found' })).toBeVisible();
    await expect(stranger.getByText(TENANT.name)).toHaveCount(0);
  }
  await stranger.close();

  const viewer = await newPage(browser);
  await signIn(viewer, 'Uma User');
  await inDatabase(async ({ prisma }) => {
    const person = await prisma.person.findFirstOrThrow({ where: { userName: UMA } });
    const organization = await prisma.organization.findFirstOrThrow({ where: { name: 'Fabrikam IT' } });
    await prisma.member.create({
      data: { organizationId: organization.id, personId: person.id, portalRole: 'viewer' },
    });
  });
  await viewer.goto(`${tenantPath}/imports`);
  await expect(viewer.getByRole('heading', { name: TENANT.name, level: 1 })).toBeVisible();
  await expect(viewer.getByRole('button', { name: 'Import now' })).toHaveCount(0);
  await viewer.goto('/setup/cloud-tenants');
  await expect(viewer.getByRole('link', { name: 'Add Cloud Account' })).toHaveCount(0);
  await viewer.goto('/setup/cloud-tenants/add');
  await expectAlert(viewer, 'This needs the role admin in your organization.');
  await expectNoViolations(viewer);

  // A form that was open while the role was taken away.
  await inDatabase(({ prisma }) =>
    prisma.member.updateMany({ where: { person: { userName: UMA } }, data: { portalRole: 'admin' } }),
  );
  await viewer.goto('/setup/cloud-tenants/add');
  await viewer.getByRole('radio', { name: 'Azure' }).check();
  await viewer.getByRole('textbox', { name: 'Tenant name' }).fill('Viewer');
  await viewer.getByRole('textbox', { name: 'Tenant ID or domain' }).fill('contoso.com');
  await inDatabase(({ prisma }) =>
    prisma.member.updateMany({ where: { person: { userName: UMA } }, data: { portalRole: 'viewer' } }),
  );
  await viewer.getByRole('button', { name: 'Add Cloud Account' }).click();
  await expectAlert(viewer, 'This needs the role admin in your organization.');
  await viewer.close();
});
