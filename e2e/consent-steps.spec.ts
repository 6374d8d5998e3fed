import type { BrowserContext, Page } from '@playwright/test';
import { signInAs } from '../simulator/testing.ts';
import { type AccountKind, addAccount, fillAccount } from './accounts.ts';
import { type CustomerTenant, expectConnected, expectHelp, expectNothingStored, test } from './consent.ts';
import { expect, expectNoViolations } from './fixtures.ts';
import { accept, goOnAtMicrosoft, pickAccount } from './microsoft.ts';

/*
 * The back button, a reload, a double click and a closed tab at each step between the form and the connected tenant:
 * one can always go on, and ends with one tenant.
 */
test.describe.configure({ mode: 'parallel' });

const KINDS = ['Office 365', 'Azure'] as const satisfies readonly AccountKind[];

const start = (page: Page, kind: AccountKind, { name, domain }: CustomerTenant) =>
  addAccount(page, { kind, name, tenant: domain });

const accounts = (page: Page) => page.getByRole('heading', { name: 'Pick an account' });
const consent = (page: Page) => page.getByRole('heading', { name: 'Permissions requested' });

async function goOn(page: Page, tenant: CustomerTenant): Promise<void> {
  await goOnAtMicrosoft(page, tenant.admin);
  await expectConnected(page, tenant);
}

/** By the list in a new tab, to the page of the connection and to Microsoft again. */
async function findAgain(context: BrowserContext, { name }: CustomerTenant): Promise<Page> {
  const page = await context.newPage();
  await page.goto('/setup/cloud-tenants');
  await page.getByRole('region', { name: 'Not finished' }).getByRole('link', { name }).click();
  await expect(page.getByRole('heading', { level: 1, name: new RegExp(name) })).toBeVisible();
  await page.getByRole('button', { name: 'Go to Microsoft again' }).click();
  return page;
}

/** The back button; where a form has led to that page, the browser asks whether to send it again, and one does. */
async function goBack(page: Page): Promise<void> {
  try {
    await page.goBack();
  } catch {
    await page.waitForURL(/^chrome-error:/);
    await page.reload();
  }
}

async function toConsent(page: Page, kind: AccountKind, tenant: CustomerTenant): Promise<void> {
  await start(page, kind, tenant);
  await pickAccount(page, tenant.admin);
  await expect(consent(page)).toBeVisible();
}

/** To the account page of the sign-in after the approval. */
async function toSignIn(page: Page, tenant: CustomerTenant): Promise<void> {
  await toConsent(page, 'Office 365', tenant);
  await accept(page);
  await expect(accounts(page)).toBeVisible();
}

test.describe('the form', () => {
  test('what is found out about the tenant does not push the button away while it is pressed', async ({
    page,
    tenant,
  }) => {
    await page.goto('/setup/cloud-tenants/add');
    const lookUp = /\/api\/consent\/resolve/;
    // Found out only once the button is held, however slow the machine is.
    const { promise: isPressed, resolve: press } = Promise.withResolvers<void>();
    await page.route(lookUp, async (route) => {
      await isPressed;
      await route.continue();
    });
    const [asked, found] = [page.waitForRequest(lookUp), page.waitForResponse(lookUp)];
    await fillAccount(page, { kind: 'Office 365', name: tenant.name, tenant: tenant.domain });
    await asked;
    await page.getByRole('button', { name: 'Add Cloud Account' }).hover();
    await page.mouse.down();
    press();
    await (await found).finished();
    await page.evaluate(() => new Promise(requestAnimationFrame));
    await page.mouse.up();
    await goOn(page, tenant);
  });

  test('double click: one tenant', async ({ page, tenant }) => {
    await page.goto('/setup/cloud-tenants/add');
    await fillAccount(page, { kind: 'Office 365', name: tenant.name, tenant: tenant.domain });
    await page.getByRole('button', { name: 'Add Cloud Account' }).dblclick();
    await goOn(page, tenant);
  });

  test('reload and back: the form is there and nothing has begun', async ({ page, tenant }) => {
    await page.goto('/setup/cloud-tenants');
    await page.getByRole('link', { name: 'Add Cloud Account' }).first().click();
    await fillAccount(page, { kind: 'Office 365', name: tenant.name, tenant: tenant.domain });
    await page.reload();
    await expect(page.getByRole('button', { name: 'Add Cloud Account' })).toBeVisible();
    await page.goBack();
    await expect(page.getByRole('heading', { level: 1, name: 'Cloud Tenant Setup' })).toBeVisible();
    await expect(page.getByText(tenant.name)).toHaveCount(0);
    await expectNothingStored(tenant);
  });

  test('two tabs: the second one finds the tenant connected', async ({ page, context, tenant }) => {
    const other = await context.newPage();
    await other.goto('/setup/cloud-tenants/add');
    await start(page, 'Office 365', tenant);
    await goOn(page, tenant);
    await fillAccount(other, { kind: 'Office 365', name: tenant.name, tenant: tenant.domain });
    await other.getByRole('button', { name: 'Add Cloud Account' }).click();
    await expectHelp(other, /already connected/i);
    await expect(other.getByRole('link', { name: `Open ${tenant.name}` }).first()).toBeVisible();
    await expectConnected(page, tenant);
  });

  test('two tabs at Microsoft at once: one tenant, and the later one is told', async ({
    page,
    context,
    tenant,
  }) => {
    const other = await context.newPage();
    await start(page, 'Office 365', tenant);
    await start(other, 'Office 365', tenant);
    await goOn(page, tenant);
    await goOnAtMicrosoft(other, tenant.admin);
    await expectHelp(other, /already connected/i);
    await expectConnected(page, tenant);
  });
});

for (const kind of KINDS) {
  test.describe(`${kind}: Microsoft’s account page`, () => {
    test('back: the form says that a connection waits', async ({ page, tenant }) => {
      await start(page, kind, tenant);
      await expect(accounts(page)).toBeVisible();
      await page.goBack();
      await page.getByRole('link', { name: `Continue with ${tenant.name}` }).click();
      await expect(page.getByText('Not back from Microsoft yet')).toBeVisible();
      await expectNoViolations(page);
      await page.getByRole('button', { name: 'Go to Microsoft again' }).click();
      await goOn(page, tenant);
    });

    test('reload: it goes on', async ({ page, tenant }) => {
      await start(page, kind, tenant);
      await expect(accounts(page)).toBeVisible();
      await page.reload();
      await goOn(page, tenant);
    });

    test('double click: it goes on', async ({ page, tenant }) => {
      await start(page, kind, tenant);
      await page.getByRole('button', { name: new RegExp(`^${tenant.admin}`) }).dblclick();
      await goOn(page, tenant);
    });

    test('closed: the list leads to it', async ({ page, context, tenant }) => {
      await start(page, kind, tenant);
      await expect(accounts(page)).toBeVisible();
      await page.close();
      const again = await findAgain(context, tenant);
      await goOn(again, tenant);
      await again.goto('/setup/cloud-tenants');
      await expect(again.getByRole('row').filter({ hasText: tenant.name })).toHaveCount(1);
      await expect(again.getByRole('region', { name: 'Not finished' }).getByText(tenant.name)).toHaveCount(0);
    });
  });

  test.describe(`${kind}: Microsoft’s consent page`, () => {
    test('back: to the accounts, and on from there', async ({ page, tenant }) => {
      await toConsent(page, kind, tenant);
      await page.goBack();
      await expect(accounts(page)).toBeVisible();
      await goOn(page, tenant);
    });

    test('reload: it goes on', async ({ page, tenant }) => {
      await toConsent(page, kind, tenant);
      await page.reload();
      await expect(consent(page)).toBeVisible();
      await goOn(page, tenant);
    });

    test('double click on Accept: one tenant', async ({ page, tenant }) => {
      await toConsent(page, kind, tenant);
      await page.getByRole('button', { name: 'Accept' }).dblclick();
      const again = page.getByRole('button', { name: 'Go to Microsoft again' });
      const connected = page.getByText('Connected', { exact: true });
      await expect(accounts(page).or(again).or(connected).first()).toBeVisible();
      // Where the first answer got lost, one click goes on.
      if (await again.isVisible()) await again.click();
      if (kind === 'Office 365') await goOn(page, tenant);
      else await expectConnected(page, tenant);
    });

    test('closed: the list leads to it', async ({ page, context, tenant }) => {
      await toConsent(page, kind, tenant);
      await page.close();
      await goOn(await findAgain(context, tenant), tenant);
    });
  });

  test.describe(`${kind}: the way back`, () => {
    /** Where Microsoft sends the browser at the end. */
    const lastCallback = async (page: Page, tenant: CustomerTenant): Promise<string> => {
      if (kind === 'Office 365') await toSignIn(page, tenant);
      else await toConsent(page, kind, tenant);
      const { location } = await signInAs(page.url(), `admin@${tenant.domain}`);
      return location?.href ?? '';
    };

    test('closed while Microsoft sends back: the work is done, and the list has the tenant', async ({
      page,
      context,
      tenant,
    }) => {
      const callback = await lastCallback(page, tenant);
      await page.close();
      expect((await context.request.get(callback, { maxRedirects: 0 })).status()).toBe(303);
      const list = await context.newPage();
      await list.goto('/setup/cloud-tenants');
      const row = list.getByRole('row').filter({ hasText: tenant.name });
      await expect(row.getByText('Connected', { exact: true })).toBeVisible();
      await expectConnected(list, tenant);
    });

    test('twice at the same time: one tenant', async ({ page, context, tenant }) => {
      const callback = await lastCallback(page, tenant);
      const answers = await Promise.all(
        [1, 2, 3].map(() => context.request.get(callback, { maxRedirects: 0 })),
      );
      expect(answers.map((answer) => answer.status())).toEqual([303, 303, 303]);
      await page.goto(answers[0]?.headers().location?.split('?')[0] ?? '');
      await expectConnected(page, tenant);
    });

    test('opened again: the page of the connection, without an alarm', async ({ page, tenant }) => {
      const callback = await lastCallback(page, tenant);
      for (let time = 0; time < 2; time += 1) {
        await page.goto(callback);
        await expectConnected(page, tenant);
        await expect(page.getByRole('main').getByRole('alert')).toHaveCount(0);
      }
    });
  });

  test.describe(`${kind}: the return page`, () => {
    test('reload and back: one tenant', async ({ page, tenant }) => {
      await start(page, kind, tenant);
      await goOn(page, tenant);
      await page.reload();
      await expectConnected(page, tenant);
      await goBack(page);
      const portal = page.getByRole('navigation', { name: 'Main' });
      await expect(accounts(page).or(portal)).toBeVisible();
      // Azure has been given consent by now, so Microsoft sends back at once.
      if (await accounts(page).isVisible()) await pickAccount(page, tenant.admin);
      await expectConnected(page, tenant);
      await expect(page.getByRole('main').getByRole('alert')).toHaveCount(0);
    });

    test('double click on "Try again": one tenant', async ({ page, tenant }) => {
      await start(page, kind, tenant);
      await page.getByRole('link', { name: /without signing in/ }).click();
      await page.getByRole('button', { name: 'Try again' }).dblclick();
      await expect(accounts(page)).toBeVisible();
      await goOn(page, tenant);
    });

    test('closed: the list has the tenant', async ({ page, context, tenant }) => {
      await start(page, kind, tenant);
      await goOnAtMicrosoft(page, tenant.admin);
      await page.close();
      const list = await context.newPage();
      await list.goto('/setup/cloud-tenants');
      await expect(
        list.getByRole('row').filter({ hasText: tenant.name }).getByText('Connected', { exact: true }),
      ).toBeVisible();
      await expectConnected(list, tenant);
    });
  });
}

test.describe('Office 365: the sign-in after the approval', () => {
  test('back: approving again is not held against anybody', async ({ page, tenant }) => {
    await toSignIn(page, tenant);
    await goBack(page);
    await accept(page);
    await expectHelp(page, /already used/i);
    await expectNothingStored(tenant);
    await page.getByRole('button', { name: 'Go to Microsoft again' }).click();
    await pickAccount(page, tenant.admin);
    await expectConnected(page, tenant);
  });

  test('reload: it goes on', async ({ page, tenant }) => {
    await toSignIn(page, tenant);
    await page.reload();
    await goOn(page, tenant);
  });

  test('double click: one tenant', async ({ page, tenant }) => {
    await toSignIn(page, tenant);
    await page.getByRole('button', { name: new RegExp(`^${tenant.admin}`) }).dblclick();
    await expectConnected(page, tenant);
  });

  test('closed: the list leads to the sign-in, without a second approval', async ({
    page,
    context,
    tenant,
  }) => {
    await toSignIn(page, tenant);
    await page.close();
    const again = await findAgain(context, tenant);
    await pickAccount(again, tenant.admin);
    await expectConnected(again, tenant);
  });
});
