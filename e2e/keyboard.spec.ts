import { Control } from '../simulator/testing.ts';
import { createOrganization, expect, expectNoViolations, signIn, test } from './fixtures.ts';
import { press, tabTo } from './keys.ts';

const ADMIN = 'Admin of Keyboard';
const TENANT = 'keyboard.example.com';

test('without a pointer: connect a tenant, start an import and cancel it', async ({ page }) => {
  test.setTimeout(120_000);
  const control = new Control(process.env.SIMULATOR_URL ?? '');
  const { tenant } = await control.createTenant({ domain: TENANT, users: 20 });
  await signIn(page, ADMIN);
  await createOrganization(page, 'Keyboard Ltd');

  await press(page, page.getByRole('link', { name: 'Add Cloud Account' }));
  const azure = page.getByRole('radio', { name: 'Azure' });
  await expect(azure).toBeVisible();
  await tabTo(page, azure);
  await page.keyboard.press('ArrowRight');
  await expect(page.getByRole('radio', { name: 'Office 365' })).toBeChecked();
  await tabTo(page, page.getByRole('textbox', { name: 'Tenant name' }));
  await page.keyboard.type('Keyboard');
  await tabTo(page, page.getByRole('textbox', { name: 'Tenant ID or domain' }));
  await page.keyboard.type(TENANT);
  await expect(page.getByText(tenant.id)).toBeVisible();
  await press(page, page.getByRole('button', { name: 'Add Cloud Account' }));
  const account = page.getByRole('button', { name: new RegExp(`^${ADMIN}`) });
  await expect(page.getByRole('heading', { name: 'Pick an account' })).toBeVisible();
  await press(page, account);
  await press(page, page.getByRole('button', { name: 'Accept' }));
  await expect(page.getByRole('heading', { name: 'Pick an account' })).toBeVisible();
  await press(page, account);
  await expect(page.getByText(/users read/).first()).toBeVisible({ timeout: 30_000 });

  await press(page, page.getByRole('link', { name: 'Open Keyboard' }));
  const tab = page.getByRole('tab', { name: 'Subscriptions' });
  await expect(tab).toBeVisible();
  await tabTo(page, tab);
  await page.keyboard.press('ArrowRight');
  await expect(page.getByRole('tab', { name: 'Imports' })).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('row', { name: /Completed/ })).toHaveCount(1);

  // Microsoft takes its time, so that there is something to cancel.
  const slowness = await control.fault({
    kind: 'latency',
    service: 'graph',
    tenantId: tenant.id,
    delayMs: 60_000,
  });
  await press(page, page.getByRole('button', { name: 'Import now' }));
  await expect(page.getByRole('progressbar')).toBeVisible();
  await press(page, page.getByRole('button', { name: 'Cancel import' }));
  const dialog = page.getByRole('dialog', { name: 'Cancel the import?' });
  await expect(dialog).toBeVisible();
  await expectNoViolations(page);
  await page.keyboard.press('Escape');
  await expect(dialog).toHaveCount(0);
  await expect(page.getByRole('button', { name: 'Cancel import' })).toBeFocused();
  await page.keyboard.press('Enter');
  await press(page, dialog.getByRole('button', { name: 'Cancel import' }));
  await expect(page.getByRole('row', { name: /Cancelled/ })).toHaveCount(1);
  await control.request('DELETE', `/faults/${slowness.id}`);
  await expect(page.getByRole('button', { name: 'Import now' })).toBeVisible();
});
