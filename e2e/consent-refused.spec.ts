import type { Page } from '@playwright/test';
import { signInAs } from '../simulator/testing.ts';
import { type AccountKind, addAccount } from './accounts.ts';
import { type CustomerTenant, expectConnected, expectHelp, expectNothingStored, test } from './consent.ts';
import { expect, expectNoViolations } from './fixtures.ts';
import { accept, pickAccount } from './microsoft.ts';

/*
 * Somebody says no, or has no right to say yes: the person reads what happened and who can help, and nothing is stored.
 */
test.describe.configure({ mode: 'parallel' });

const start = (page: Page, kind: AccountKind, { name, domain }: CustomerTenant) =>
  addAccount(page, { kind, name, tenant: domain });

const pickAnAccount = (page: Page) => page.getByRole('heading', { name: 'Pick an account' });

test.describe('declined', () => {
  test('Office 365: on the consent page; trying again leads to it again', async ({ page, tenant }) => {
    await start(page, 'Office 365', tenant);
    await pickAccount(page, tenant.admin);
    await page.getByRole('button', { name: 'Cancel' }).click();
    await expectHelp(page, /nothing was approved/i, 'AADSTS65004');
    await expectNoViolations(page);
    await expectNothingStored(tenant);
    await page.getByRole('button', { name: 'Try again' }).click();
    await expect(pickAnAccount(page)).toBeVisible();
  });

  test('Azure: on the consent page', async ({ page, tenant }) => {
    await start(page, 'Azure', tenant);
    await pickAccount(page, tenant.admin);
    await page.getByRole('button', { name: 'Cancel' }).click();
    await expectHelp(page, /nothing was approved/i, 'AADSTS65004');
    await expectNothingStored(tenant);
    await page.getByRole('button', { name: 'Try again' }).click();
    await expect(pickAnAccount(page)).toBeVisible();
  });

  for (const kind of ['Office 365', 'Azure'] as const) {
    test(`${kind}: without choosing an account`, async ({ page, tenant }) => {
      await start(page, kind, tenant);
      await page.getByRole('link', { name: /without signing in/ }).click();
      await expectHelp(page, /nothing was approved/i, 'AADSTS65004');
      await expectNothingStored(tenant);
    });
  }

  test('Office 365: approved, but the sign-in after it was left', async ({ page, tenant }) => {
    await start(page, 'Office 365', tenant);
    await pickAccount(page, tenant.admin);
    await accept(page);
    await page.getByRole('link', { name: /without signing in/ }).click();
    // Something was approved, so it must not be denied.
    await expectHelp(page, /sign-in was cancelled/i, 'AADSTS65004');
    await expect(page.getByText(/nothing was approved/i)).toHaveCount(0);
    await expectNothingStored(tenant);
    await page.getByRole('button', { name: 'Try again' }).click();
    await expect(pickAnAccount(page)).toBeVisible();
  });
});

test.describe('not entitled', () => {
  test('Office 365: an account without the role may not approve', async ({
    page,
    tenant,
    allowBrowserMessage,
  }) => {
    allowBrowserMessage(/status of 403/);
    const person = await tenant.addPerson('User');
    await start(page, 'Office 365', tenant);
    await pickAccount(page, person);
    await expect(page.getByRole('heading', { name: 'Need admin approval' })).toBeVisible();
    await page.getByRole('link', { name: /without granting consent/ }).click();
    await expectHelp(page, /may not approve/i, 'AADSTS90094');
    await expect(page.getByRole('alert').first()).toContainText('Privileged Role Administrator');
    await expectNothingStored(tenant);
  });

  test('Azure: a tenant whose users may not consent', async ({ page, tenant, allowBrowserMessage }) => {
    allowBrowserMessage(/status of 403/);
    const person = await tenant.addPerson('User');
    await tenant.control.request('POST', `/tenants/${tenant.id}`, { userConsent: 'denied' });
    await start(page, 'Azure', tenant);
    await pickAccount(page, person);
    await page.getByRole('link', { name: /without granting consent/ }).click();
    await expectHelp(page, /may not approve/i, 'AADSTS90094');
    await expectNothingStored(tenant);
  });

  test('Office 365: one account approves, one without the right signs in', async ({ page, tenant }) => {
    const person = await tenant.addPerson('User');
    await start(page, 'Office 365', tenant);
    await pickAccount(page, tenant.admin);
    await accept(page);
    await pickAccount(page, person);
    await expectHelp(page, /neither Global Administrator nor Privileged Role Administrator/);
    await expect(page.getByRole('alert').first()).toContainText(person);
    await expectNoViolations(page);
    await expectNothingStored(tenant);
    await page.getByRole('button', { name: 'Pick another account' }).click();
    await expect(pickAnAccount(page)).toBeVisible();
  });

  test('Office 365: an administrator of the wrong kind', async ({ page, tenant, allowBrowserMessage }) => {
    allowBrowserMessage(/status of 403/);
    const person = await tenant.addPerson('Cloud', { directoryRoles: ['Cloud Application Administrator'] });
    await start(page, 'Office 365', tenant);
    await pickAccount(page, person);
    await page.getByRole('link', { name: /without granting consent/ }).click();
    await expectHelp(page, /may not approve/i, 'AADSTS90094');
    await expectNothingStored(tenant);
  });

  test('Azure: without a subscription of one’s own', async ({ page, tenant }) => {
    const person = await tenant.addPerson('User');
    await start(page, 'Azure', tenant);
    await pickAccount(page, person);
    await accept(page);
    await expectHelp(page, /sees (no|\d+) Azure subscription/);
    await expect(page.getByRole('alert').first()).toContainText(person);
    await expectNoViolations(page);
    await expectNothingStored(tenant);
  });
});

test.describe('the wrong account or tenant', () => {
  test('Microsoft keeps an account that the tenant does not know; the right one goes on from there', async ({
    page,
    tenant,
    otherTenant,
    allowBrowserMessage,
  }) => {
    allowBrowserMessage(/status of 400/);
    await start(page, 'Office 365', tenant);
    await pickAccount(page, otherTenant.admin);
    await expect(page.getByRole('alert')).toContainText('AADSTS50020');
    await page.getByRole('link', { name: 'Use a different account' }).click();
    await pickAccount(page, tenant.admin);
    await accept(page);
    await expect(pickAnAccount(page)).toBeVisible();
    await expectNothingStored(tenant, otherTenant);
  });

  for (const kind of ['Office 365', 'Azure'] as const) {
    test(`${kind}: Microsoft sends back an account that the tenant does not know`, async ({
      page,
      tenant,
    }) => {
      const forgive = await tenant.addPolicy({
        answer: 'redirect',
        code: 50020,
        message: `User account 'somebody@elsewhere.example' does not exist in tenant '${tenant.name}'.`,
      });
      await start(page, kind, tenant);
      await pickAccount(page, tenant.admin);
      await expectHelp(page, /not a member or guest/i, 'AADSTS50020');
      await expectNothingStored(tenant);
      await forgive();
      await page.getByRole('button', { name: 'Pick another account' }).click();
      await expect(pickAnAccount(page)).toBeVisible();
    });
  }

  test('Office 365: approved for another tenant; both are named, and one click picks another account', async ({
    page,
    tenant,
    otherTenant,
  }) => {
    await start(page, 'Office 365', tenant);
    await expect(pickAnAccount(page)).toBeVisible();
    const asked = new URL(page.url());
    asked.pathname = asked.pathname.replace(tenant.id, otherTenant.id);
    const { location } = await signInAs(asked.href, `admin@${otherTenant.domain}`);
    expect(location?.searchParams.get('tenant')).toBe(otherTenant.id);
    await page.goto(location?.href ?? '');
    await expectHelp(page, /signed in to/i);
    await expect(page.getByRole('main').getByRole('alert').first()).toContainText(tenant.domain);
    for (const { id } of [tenant, otherTenant])
      await expect(page.getByRole('alert').first()).toContainText(id);
    await expectNoViolations(page);
    await expectNothingStored(tenant, otherTenant);
    const other = page.getByRole('link', { name: /other tenant/i });
    await expect(other).toHaveAttribute('href', new RegExp(otherTenant.id));
    await page.getByRole('button', { name: 'Pick another account' }).click();
    await expect(pickAnAccount(page)).toBeVisible();
    expect(page.url()).toContain(tenant.id);
  });

  for (const kind of ['Office 365', 'Azure'] as const) {
    test(`${kind}: a sign-in to another tenant`, async ({ page, tenant, otherTenant }) => {
      await start(page, kind, tenant);
      if (kind === 'Office 365') {
        await pickAccount(page, tenant.admin);
        await accept(page);
      }
      await expect(pickAnAccount(page)).toBeVisible();
      const asked = new URL(page.url());
      asked.pathname = asked.pathname.replace(tenant.id, otherTenant.id);
      const { location } = await signInAs(asked.href, `admin@${otherTenant.domain}`);
      await page.goto(location?.href ?? '');
      await expectHelp(page, /./, 'AADSTS700005');
      await expectNothingStored(tenant, otherTenant);
      await page.getByRole('button', { name: /Try again|Pick another account/ }).click();
      await expect(pickAnAccount(page)).toBeVisible();
    });
  }
});

test.describe('guests', () => {
  test('a guest without a role may not connect the tenant', async ({
    page,
    tenant,
    otherTenant,
    allowBrowserMessage,
  }) => {
    allowBrowserMessage(/status of 403/);
    await otherTenant.addPerson('Guest');
    await tenant.addPerson('Guest', {
      mail: `guest@${otherTenant.domain}`,
      userType: 'Guest',
    });
    await start(page, 'Office 365', tenant);
    await pickAccount(page, tenant.admin);
    await accept(page);
    await pickAccount(page, `Guest of ${otherTenant.name}`);
    await expectHelp(page, /neither Global Administrator nor Privileged Role Administrator/);
    await expectNothingStored(tenant, otherTenant);
  });

  test('a guest with the role connects it: the right counts, not where one is at home', async ({
    page,
    tenant,
    otherTenant,
  }) => {
    const guest = otherTenant.admin;
    await tenant.addPerson('Guest', {
      mail: `admin@${otherTenant.domain}`,
      userType: 'Guest',
      directoryRoles: ['Global Administrator'],
    });
    await start(page, 'Office 365', tenant);
    await pickAccount(page, guest);
    await accept(page);
    await pickAccount(page, guest);
    await expectConnected(page, tenant);
    await expectNothingStored(otherTenant);
  });
});
