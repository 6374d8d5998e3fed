import type { Page } from '@playwright/test';
import { signInAs } from '../simulator/testing.ts';
import { type AccountKind, addAccount } from './accounts.ts';
import {
  type CustomerTenant,
  expectConnected,
  expectHelp,
  expectNothingStored,
  expectStatus,
  test,
} from './consent.ts';
import { expect, expectNoViolations } from './fixtures.ts';
import { accept, goOnAtMicrosoft, pickAccount } from './microsoft.ts';

/*
 * Microsoft stops it: Conditional Access, a second factor, our own secret, an application or tenant it does not know.
 * Each is named with Microsoft's code and correlation ID, stores nothing, and goes on once it is mended.
 */
test.describe.configure({ mode: 'parallel' });

const KINDS = ['Office 365', 'Azure'] as const satisfies readonly AccountKind[];

const start = (page: Page, kind: AccountKind, { name, domain }: CustomerTenant) =>
  addAccount(page, { kind, name, tenant: domain });

const accounts = (page: Page) => page.getByRole('heading', { name: 'Pick an account' });

/** To the account page of the last sign-in: the only one of Azure, the one after the approval of Office 365. */
async function toSignIn(page: Page, kind: AccountKind, tenant: CustomerTenant): Promise<void> {
  await start(page, kind, tenant);
  if (kind === 'Office 365') {
    await pickAccount(page, tenant.admin);
    await accept(page);
  }
  await expect(accounts(page)).toBeVisible();
}

/** It is mended, and the button of the page goes on to the end. */
async function tryAgain(page: Page, tenant: CustomerTenant): Promise<void> {
  await tenant.calm();
  await page.getByRole('button', { name: 'Try again' }).click();
  await goOnAtMicrosoft(page, tenant.admin);
  await expectConnected(page, tenant);
}

test.describe('Conditional Access', () => {
  for (const kind of KINDS) {
    test(`${kind}: Microsoft sends back with its refusal`, async ({ page, tenant }) => {
      await tenant.addPolicy({ answer: 'redirect', code: 53003 });
      await start(page, kind, tenant);
      await pickAccount(page, tenant.admin);
      await expectHelp(page, /Conditional Access/, 'AADSTS53003');
      await expect(page.getByRole('main').getByRole('alert').first()).toContainText(/security admin/i);
      await expectNothingStored(tenant);
      await tryAgain(page, tenant);
    });

    test(`${kind}: Microsoft keeps the person on its page, who comes back by the back button`, async ({
      page,
      tenant,
      allowBrowserMessage,
    }) => {
      allowBrowserMessage(/status of 400/);
      await tenant.addPolicy({ answer: 'page', code: 53003 });
      await start(page, kind, tenant);
      await pickAccount(page, tenant.admin);
      await expect(page.getByRole('alert')).toContainText('AADSTS53003');
      await page.goBack();
      await expect(accounts(page)).toBeVisible();
      await page.goBack();
      await page.getByRole('link', { name: `Continue with ${tenant.name}` }).click();
      await expect(page.getByText(/AADSTS53003/)).toBeVisible();
      await expectNothingStored(tenant);
      await tenant.calm();
      await page.getByRole('button', { name: 'Go to Microsoft again' }).click();
      await goOnAtMicrosoft(page, tenant.admin);
      await expectConnected(page, tenant);
    });
  }

  test('Office 365: only the sign-in after the approval is stopped', async ({ page, tenant }) => {
    await toSignIn(page, 'Office 365', tenant);
    await tenant.addPolicy({ answer: 'redirect', code: 53003 });
    await pickAccount(page, tenant.admin);
    await expectHelp(page, /Conditional Access/, 'AADSTS53003');
    await expectNothingStored(tenant);
    await tryAgain(page, tenant);
  });

  test('a partner whose account Microsoft has blocked is told apart', async ({ page, tenant }) => {
    await tenant.addPolicy({ answer: 'redirect', code: 530034 });
    await start(page, 'Azure', tenant);
    await pickAccount(page, tenant.admin);
    await expectHelp(page, /partner/, 'AADSTS530034');
    await expectNothingStored(tenant);
  });
});

test.describe('a second factor', () => {
  for (const kind of KINDS) {
    test(`${kind}: one approves on the phone, and it goes on`, async ({ page, tenant }) => {
      await tenant.addPolicy({ answer: 'mfa' });
      await start(page, kind, tenant);
      await pickAccount(page, tenant.admin);
      await expect(page.getByRole('heading', { name: 'Approve sign in request' })).toBeVisible();
      await page.getByRole('button', { name: 'Approve' }).click();
      await goOnAtMicrosoft(page, tenant.admin);
      await expectConnected(page, tenant);
    });

    test(`${kind}: Microsoft asks for it when the code is redeemed`, async ({ page, tenant }) => {
      await toSignIn(page, kind, tenant);
      const { location } = await signInAs(page.url(), `admin@${tenant.domain}`);
      const relent = await tenant.addPolicy({ answer: 'mfa' });
      await page.goto(location?.href ?? '');
      await expectHelp(page, /multifactor|verification/i, 'AADSTS50076');
      await expectNothingStored(tenant);
      await relent();
      await tryAgain(page, tenant);
    });
  }

  test('Microsoft sends back because it was not set up', async ({ page, tenant }) => {
    await tenant.addPolicy({ answer: 'redirect', code: 50079, message: 'You must enroll in MFA.' });
    await start(page, 'Office 365', tenant);
    await pickAccount(page, tenant.admin);
    await expectHelp(page, /multifactor|verification/i, 'AADSTS50079');
    await expectNothingStored(tenant);
    await tryAgain(page, tenant);
  });
});

/** Refusals of the token endpoint, with a word of the title under which a person reads of them. */
const REFUSALS = [
  {
    what: 'the secret of the portal is wrong',
    refusal: {
      code: 'AADSTS7000215',
      error: 'invalid_client',
      status: 401,
      message: 'Invalid client secret provided.',
    },
    title: /secret/i,
    who: /operator/i,
  },
  {
    what: 'the secret of the portal has expired',
    refusal: {
      code: 'AADSTS7000222',
      error: 'invalid_client',
      status: 401,
      message: 'The provided client secret keys are expired.',
    },
    title: /secret/i,
    who: /operator/i,
  },
  {
    what: 'the application is not known in the tenant',
    refusal: {
      code: 'AADSTS700016',
      error: 'unauthorized_client',
      status: 400,
      message: 'Application was not found in the directory.',
    },
    title: /does not know the application|not approved/i,
    who: /administrator/i,
  },
  {
    what: 'the application is switched off in the tenant',
    refusal: {
      code: 'AADSTS7000112',
      error: 'unauthorized_client',
      status: 400,
      message: 'Application is disabled.',
    },
    title: /switched off/i,
    who: /administrator/i,
  },
  {
    what: 'the tenant is gone',
    refusal: {
      code: 'AADSTS90002',
      error: 'invalid_tenant',
      status: 400,
      message: 'Tenant not found.',
    },
    title: /no tenant|no such tenant/i,
    who: /you/i,
  },
] as const;

test.describe('the sign-in is not redeemed', () => {
  for (const [index, { what, refusal, title, who }] of REFUSALS.entries()) {
    // Both kinds redeem by the same code, so they take turns.
    const kind = KINDS[index % 2] ?? 'Azure';
    test(`${kind}: ${what}`, async ({ page, tenant }) => {
      await toSignIn(page, kind, tenant);
      await tenant.refuseTokens(refusal);
      await goOnAtMicrosoft(page, tenant.admin);
      await expectHelp(page, title, refusal.code);
      await expect(page.getByRole('main').getByRole('alert').first()).toContainText(who);
      await expectNothingStored(tenant);
      await tryAgain(page, tenant);
    });
  }

  test('Microsoft does not answer in time, or with nonsense', async ({ page, tenant }) => {
    await toSignIn(page, 'Office 365', tenant);
    await tenant.addFault({ kind: 'content-type', service: 'login', path: '/oauth2/v2.0/token' });
    await goOnAtMicrosoft(page, tenant.admin);
    await expectHelp(page, /Microsoft/);
    await expectNothingStored(tenant);
    await tryAgain(page, tenant);
  });
});

test.describe('the tenant is bound, and Microsoft refuses what comes after it', () => {
  test('Office 365: an expired secret is said, and one click checks again', async ({ page, tenant }) => {
    await toSignIn(page, 'Office 365', tenant);
    await tenant.refuseTokens({ ...REFUSALS[1].refusal, after: 1 });
    await goOnAtMicrosoft(page, tenant.admin);
    await expectHelp(page, /secret/i, 'AADSTS7000222');
    await expectStatus(tenant, 'could_not_check', 'cannot_connect');
    await expectNoViolations(page);
    await tenant.calm();
    await page.getByRole('button', { name: /^Check (again|now)$/ }).click();
    await expectConnected(page, tenant);
  });

  test('Azure: an expired secret is said, and signing in again completes it', async ({ page, tenant }) => {
    await toSignIn(page, 'Azure', tenant);
    await tenant.refuseTokens({ ...REFUSALS[1].refusal, after: 1 });
    await goOnAtMicrosoft(page, tenant.admin);
    await expectHelp(page, /secret/i, 'AADSTS7000222');
    await expectStatus(tenant, 'could_not_check', 'cannot_connect');
    await tenant.calm();
    await page
      .getByRole('button', { name: /Try again|Sign in again/ })
      .first()
      .click();
    await goOnAtMicrosoft(page, tenant.admin);
    await expectConnected(page, tenant);
  });

  test('Office 365: grants that are withdrawn stop the import, and an approval brings it back', async ({
    page,
    tenant,
  }) => {
    await start(page, 'Office 365', tenant);
    await goOnAtMicrosoft(page, tenant.admin);
    await expectConnected(page, tenant);
    await tenant.control.revoke({ tenantId: tenant.id });
    await page.getByRole('link', { name: `Open ${tenant.name}` }).click();
    await page.getByRole('tab', { name: 'Permissions' }).click();
    await page.getByRole('button', { name: /^Check (again|now)$/ }).click();
    await expectStatus(tenant, 'cannot_connect');
    await page.reload();
    await page.getByRole('tab', { name: 'Imports' }).click();
    await expect(page.getByRole('main').getByRole('alert').first()).toBeVisible();
    await page.getByRole('button', { name: 'Import now' }).click();
    const newest = page.getByRole('table', { name: 'Imports' }).getByRole('row').nth(1);
    await expect(newest).toContainText(/Partial|Failed/);
    await expect(newest).not.toContainText('Completed');
    await page.getByRole('button', { name: 'Approve again' }).first().click();
    await goOnAtMicrosoft(page, tenant.admin);
    await expectConnected(page, tenant);
  });
});
