import type { Page } from '@playwright/test';
import { addAccount } from './accounts.ts';
import { type CustomerTenant, test } from './consent.ts';
import { expect, expectNoViolations } from './fixtures.ts';
import { AZURE_APP, approveAzure, approveOffice365 } from './microsoft.ts';

const WAITING = /Microsoft has accepted the approval but has not handed it to us yet\. We/;

/** A line of the return page's checklist, by its title. */
const line = (page: Page, title: string) => page.getByRole('listitem').filter({ hasText: title });

async function connect(page: Page, tenant: CustomerTenant): Promise<void> {
  await addAccount(page, { kind: 'Office 365', name: tenant.name, tenant: tenant.domain });
  await approveOffice365(page, tenant.admin);
}

async function openPermissions(page: Page): Promise<void> {
  await page.getByRole('link', { name: /^Open / }).click();
  await page.getByRole('tab', { name: 'Permissions' }).click();
  await expect(page.getByRole('columnheader', { name: 'Last proven' })).toBeVisible();
}

/** The words in the state column, from top to bottom. */
const states = (page: Page) => page.locator('tbody tr td:nth-of-type(1)');
const all = (word: string, times = 3) => Array.from({ length: times }, () => word);
const badge = (page: Page, word: string) =>
  page.getByRole('banner').or(page.locator('header')).getByText(word);

test('a grant that comes late is waited for: after a reload, in another browser, and it ends by itself', async ({
  page,
  tenant,
  browser,
  home,
}) => {
  test.setTimeout(120_000);
  const lag = (grantLagMs: number) => tenant.control.request('POST', `/tenants/${tenant.id}`, { grantLagMs });
  await lag(24 * 60 * 60_000);
  await connect(page, tenant);
  const address = page.url();
  await expect(page.getByRole('heading', { level: 1 })).toBeFocused();
  await expect(line(page, 'Token received')).toContainText('OK');
  const licences = line(page, 'Read licences');
  await expect(licences).toContainText('Checking');
  await expect(licences).toContainText(WAITING, { timeout: 30_000 });
  await expect(page.getByRole('main').getByRole('alert')).toHaveCount(0);
  await expectNoViolations(page);

  await page.reload();
  await expect(licences).toContainText(WAITING);
  const elsewhere = await browser.newContext({
    baseURL: new URL(address).origin,
    storageState: home.cookies,
  });
  const other = await elsewhere.newPage();
  await other.goto(address);
  await expect(line(other, 'Read licences')).toContainText(WAITING);
  // Nobody is asked to approve a second time.
  await expect(page.getByRole('button', { name: /approve|again|Microsoft/i })).toHaveCount(0);

  await lag(0);
  for (const each of [page, other]) {
    await expect(
      each.getByRole('status').filter({ hasText: /^Connected in .*26 products found/ }),
    ).toBeVisible({
      timeout: 60_000,
    });
    await expect(line(each, 'Read users')).toContainText('OK');
    expect(each.url()).toBe(address);
  }
  await elsewhere.close();
});

test('a check that cannot look shows that nothing is known, and revoked grants show as missing', async ({
  page,
  tenant,
}) => {
  test.setTimeout(120_000);
  await connect(page, tenant);
  await expect(page.getByText('Connected', { exact: true }).first()).toBeVisible({ timeout: 30_000 });
  await openPermissions(page);
  await expect(states(page)).toHaveText(all('Proven'));
  await expectNoViolations(page);

  await tenant.addFault({ kind: 'throttle', service: 'login', retryAfterSeconds: 60 });
  await page.getByRole('button', { name: 'Check now' }).click();
  await expect(states(page)).toHaveText(all('Could not check'));
  await expect(page.getByText('Proven', { exact: true })).toHaveCount(0);
  await expect(badge(page, 'Could not check')).toBeVisible({ timeout: 45_000 });
  await expect(page.getByRole('main').getByRole('alert')).toContainText('last proven on');
  await expectNoViolations(page);

  await tenant.calm();
  await tenant.addFault({ kind: 'latency', service: 'graph', path: '/users', delayMs: 4_000 });
  await page.getByRole('button', { name: 'Check now' }).click();
  await expect(page.getByText(/^Checking \d of 5\.$/).first()).toBeVisible();
  await expect(states(page)).toHaveText(all('Proven'));
  await expect(badge(page, 'Connected')).toBeVisible();

  await tenant.calm();
  await tenant.control.revoke({ tenantId: tenant.id });
  await page.getByRole('button', { name: 'Check now' }).click();
  await expect(states(page)).toHaveText(all('Missing'));
  await expect(badge(page, 'Cannot connect')).toBeVisible();
  const alert = page.getByRole('main').getByRole('alert');
  await expect(alert).toContainText(tenant.id);
  await expect(alert).toContainText('Somebody has withdrawn them since');
  await expectNoViolations(page);
});

test('an Azure account is proven by what our application is shown, and a removed role shows', async ({
  page,
  tenant,
}) => {
  await addAccount(page, { kind: 'Azure', name: tenant.name, tenant: tenant.domain });
  await approveAzure(page, tenant.admin);
  await expect(line(page, 'Subscriptions seen by the portal')).toContainText('1 of 1 seen.', {
    timeout: 45_000,
  });
  await expect(
    page.getByRole('status').filter({ hasText: /^Connected in .*1 subscription seen/ }),
  ).toBeVisible({
    timeout: 30_000,
  });
  await openPermissions(page);
  await expect(states(page)).toHaveText(['Proven']);
  await expectNoViolations(page);

  type State = { servicePrincipals: { tenantId: string; clientId: string; objectId: string }[] };
  const { servicePrincipals } = await tenant.control.request<State>('GET', '/state');
  const ours = servicePrincipals.find(
    (one) => one.tenantId === tenant.id && one.clientId === AZURE_APP.clientId,
  );
  await tenant.control.request('POST', '/role-assignments/remove', { principalId: ours?.objectId });
  await page.getByRole('button', { name: 'Check now' }).click();
  await expect(states(page)).toHaveText(['Missing']);
  await expect(badge(page, 'Cannot connect')).toBeVisible();
  await expect(page.getByRole('main').getByRole('alert')).toContainText('role Reader');
});
