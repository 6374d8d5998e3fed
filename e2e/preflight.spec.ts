import type { Page } from '@playwright/test';
import { Control } from '../simulator/testing.ts';
import { connectOffice365 } from './accounts.ts';
import { createOrganization, expect, expectNoViolations, signIn, test } from './fixtures.ts';
import { AZURE_APP, GRAPH_APP } from './microsoft.ts';

const ADMIN = 'Admin of Preflight';
const TENANT = 'preflight.example.com';

const control = () => new Control(process.env.SIMULATOR_URL ?? '');

async function openForm(page: Page, kind: 'Azure' | 'Office 365' = 'Office 365') {
  await page.goto('/setup/cloud-tenants/add');
  await page.getByRole('radio', { name: kind }).check();
  return page.getByRole('textbox', { name: 'Tenant ID or domain' });
}

test.describe.configure({ mode: 'serial' });

let tenantId: string;

test.beforeAll(async () => {
  const { tenant } = await control().createTenant({ domain: TENANT, users: 20 });
  tenantId = tenant.id;
});

test('before anybody leaves: the tenant, who may approve it, and what is asked for', async ({ page }) => {
  await signIn(page, ADMIN);
  await createOrganization(page, 'Preflight Ltd');
  const field = await openForm(page);
  await field.fill(TENANT);
  const card = page.getByText(`${TENANT} is a Microsoft tenant`).locator('..').locator('..');
  await expect(card).toContainText(tenantId);
  await expect(card).toContainText('Microsoft global cloud');
  await expect(card).toContainText('Europe');
  await expect(card).toContainText('You are signed in with an account of this tenant');

  const about = page.getByRole('complementary', { name: 'About Office 365' });
  await expect(about).toContainText('A Global Administrator or Privileged Role Administrator');
  for (const scope of [
    'LicenseAssignment.Read.All',
    'User.Read.All',
    'Organization.Read.All',
    'openid, profile',
    'User.Read',
  ])
    await expect(about.getByText(scope, { exact: true })).toBeVisible();
  await expect(about).toContainText('mail, calendars, files, chats or sites');
  await expect(about.getByText(GRAPH_APP.clientId)).toBeVisible();
  await expect(about).not.toContainText('What works in');
  await expectNoViolations(page);

  await page.getByRole('radio', { name: 'Azure' }).check();
  const azure = page.getByRole('complementary', { name: 'About Azure' });
  await expect(azure.getByText('user_impersonation', { exact: true })).toBeVisible();
  await expect(azure.getByText(AZURE_APP.clientId)).toBeVisible();
  await expect(about).toBeHidden();
});

test('a slip is taken back by keyboard', async ({ page }) => {
  await signIn(page, ADMIN);
  const field = await openForm(page);
  await field.pressSequentially('preflihgt.example.com');
  const suggestion = page.getByRole('button', { name: `Use ${TENANT}` });
  await expect(page.getByText('Microsoft knows no tenant “preflihgt.example.com”')).toBeVisible();
  await expect(suggestion).toBeVisible();
  await expectNoViolations(page);
  await field.press('Tab');
  await expect(suggestion).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(field).toHaveValue(TENANT);
  await expect(field).toBeFocused();
  await expect(page.getByText(`${TENANT} is a Microsoft tenant`)).toBeVisible();
});

test('a tenant of another cloud is refused, and silence of Microsoft’s stops nobody', async ({ page }) => {
  const elsewhere = 'elsewhere.preflight.example';
  await control().createTenant({ domain: elsewhere, users: 1, cloud: 'usgov' });
  await signIn(page, ADMIN);
  const field = await openForm(page);
  await page.getByRole('textbox', { name: 'Tenant name' }).fill('Preflight');
  await field.fill(elsewhere);
  const words = 'This tenant lives in the Microsoft Cloud for US Government (GCC High)';
  await expect(page.getByText(words)).toBeVisible();
  await page.getByRole('button', { name: 'Add Cloud Account' }).click();
  await expect(page.getByRole('alert').filter({ hasText: words })).toBeVisible();

  const fault = { kind: 'error', service: 'login', tenantId, path: 'openid-configuration' };
  const { id } = await control().fault(fault);
  await field.fill(TENANT);
  await expect(page.getByText('The tenant could not be looked up.')).toBeVisible();
  await expect(page.getByText('You can go on')).toBeVisible();
  await control().request('DELETE', `/faults/${id}`);
  await page.getByRole('button', { name: 'Add Cloud Account' }).click();
  await expect(page.getByRole('heading', { name: 'Pick an account' })).toBeVisible();
});

test('what is connected already is opened instead', async ({ page }) => {
  await signIn(page, ADMIN);
  await connectOffice365(page, { name: 'Preflight', tenant: TENANT }, ADMIN);
  const field = await openForm(page);
  await field.fill(tenantId);
  await expect(page.getByText('Preflight, as your organization calls it')).toBeVisible();
  await expect(page.getByText('Already connected as “Preflight”')).toBeVisible();
  await page.getByRole('radio', { name: 'Azure' }).check();
  await expect(page.getByText('Already connected as “Preflight”')).toBeHidden();
  await expect(page.getByText('for Office 365 as Preflight')).toBeVisible();
  await page.getByRole('link', { name: 'Preflight' }).click();
  await expect(page.getByRole('heading', { name: 'Preflight', level: 1 })).toBeVisible();
});
