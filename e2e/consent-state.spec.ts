import { randomUUID } from 'node:crypto';
import type { Browser, Page } from '@playwright/test';
import { signInAs } from '../simulator/testing.ts';
import { type AccountKind, addAccount } from './accounts.ts';
import {
  type CustomerTenant,
  expectConnected,
  expectHelp,
  expectNothingStored,
  type Home,
  makeHome,
  test,
} from './consent.ts';
import { inDatabase } from './database.ts';
import { expect, expectNoViolations } from './fixtures.ts';
import { accept, goOnAtMicrosoft, pickAccount } from './microsoft.ts';

/*
 * What comes back with a state that is not good: replayed, expired, forged, somebody else's. Nothing is stored, nothing
 * is learned, and the one who began it is not disturbed.
 */
test.describe.configure({ mode: 'parallel' });

const LEGS = ['Office 365, approval', 'Office 365, sign-in', 'Azure, sign-in'] as const;
type Leg = (typeof LEGS)[number];

const accounts = (page: Page) => page.getByRole('heading', { name: 'Pick an account' });

/** Goes as far as the leg, answers there without the browser, and says where Microsoft would send it. */
async function callbackOf(leg: Leg, page: Page, { name, domain, admin }: CustomerTenant): Promise<string> {
  const kind: AccountKind = leg === 'Azure, sign-in' ? 'Azure' : 'Office 365';
  await addAccount(page, { kind, name, tenant: domain });
  await expect(accounts(page)).toBeVisible();
  if (leg === 'Office 365, sign-in') {
    await pickAccount(page, admin);
    await accept(page);
    await expect(accounts(page)).toBeVisible();
  }
  const { location } = await signInAs(page.url(), `admin@${domain}`);
  if (!location) throw new Error('Microsoft did not send the person back.');
  return location.href;
}

/** The one who began it goes on, as if nothing had been. */
async function goOn(page: Page, callback: string, tenant: CustomerTenant): Promise<void> {
  await page.goto(callback);
  if (await accounts(page).isVisible()) await goOnAtMicrosoft(page, tenant.admin);
  await expectConnected(page, tenant);
}

/** The page of nobody's connection, which says nothing of the one that the state belongs to. */
async function expectStranger(
  page: Page,
  words: RegExp,
  { name, id, domain }: CustomerTenant,
): Promise<void> {
  await expectHelp(page, words);
  for (const text of [name, id, domain]) await expect(page.getByText(text)).toHaveCount(0);
  await expect(page.getByRole('link', { name: 'Start again' })).toBeVisible();
}

/** A browser with these cookies, or with none. */
async function inOtherBrowser(
  browser: Browser,
  cookies: Home['cookies'] | undefined,
  visit: (page: Page) => Promise<void>,
): Promise<void> {
  const context = await browser.newContext({
    baseURL: process.env.PORTAL_URL ?? '',
    storageState: cookies ?? { cookies: [], origins: [] },
  });
  await visit(await context.newPage());
  await context.close();
}

for (const leg of LEGS) {
  test.describe(leg, () => {
    test('expired: it says so, and one click starts again', async ({ page, tenant }) => {
      const callback = await callbackOf(leg, page, tenant);
      await inDatabase(({ prisma }) =>
        prisma.consentRedirect.updateMany({
          where: { flow: { directoryId: tenant.id } },
          data: { expiresAt: new Date() },
        }),
      );
      await page.goto(callback);
      await expectHelp(page, /ten minutes|took longer/i);
      await expectNothingStored(tenant);
      await page.getByRole('button', { name: 'Try again' }).click();
      await goOnAtMicrosoft(page, tenant.admin);
      await expectConnected(page, tenant);
    });

    test('another browser of the same person', async ({ page, tenant, browser, home }) => {
      const callback = await callbackOf(leg, page, tenant);
      await inOtherBrowser(browser, home.cookies, async (other) => {
        await other.goto(callback);
        await expectHelp(other, /another browser/i);
      });
      await expectNothingStored(tenant);
      await goOn(page, callback, tenant);
    });

    test('somebody of another organization', async ({ page, tenant, browser }) => {
      const [callback, stranger] = await Promise.all([callbackOf(leg, page, tenant), makeHome(browser)]);
      await inOtherBrowser(browser, stranger.cookies, async (other) => {
        await other.goto(callback);
        await expectStranger(other, /another person/i, tenant);
      });
      await expectNothingStored(tenant);
      await goOn(page, callback, tenant);
    });

    test('somebody who is signed out', async ({ page, tenant, browser }) => {
      const callback = await callbackOf(leg, page, tenant);
      await inOtherBrowser(browser, undefined, async (other) => {
        await other.goto(callback);
        await expect(other.getByRole('heading', { level: 1, name: 'Sign in' })).toBeVisible();
        await expect(other.getByText(tenant.name)).toHaveCount(0);
      });
      await expectNothingStored(tenant);
      await goOn(page, callback, tenant);
    });
  });
}

test('replayed: an approval that comes a second time opens no second sign-in', async ({ page, tenant }) => {
  const callback = await callbackOf('Office 365, approval', page, tenant);
  await page.goto(callback);
  await expect(accounts(page)).toBeVisible();
  await page.goto(callback);
  await expectHelp(page, /already used/i);
  await expectNoViolations(page);
  await expectNothingStored(tenant);
  await page.getByRole('button', { name: 'Go to Microsoft again' }).click();
  await pickAccount(page, tenant.admin);
  await expectConnected(page, tenant);
});

test('each leg’s state is good for its own callback only', async ({ page, tenant }) => {
  const approval = await callbackOf('Office 365, approval', page, tenant);
  await page.goto(approval.replace('/admin-callback', '/callback'));
  await expectHelp(page, /do not know/i);
  await expectNothingStored(tenant);
  await goOn(page, approval, tenant);
});

test('forged and missing states, and answers without sense', async ({ page, tenant }) => {
  for (const callback of ['callback', 'admin-callback']) {
    for (const query of [
      '',
      'state=',
      `state=${'f'.repeat(43)}&code=forged`,
      `state=${randomUUID()}&tenant=${tenant.id}&admin_consent=True`,
      'error=access_denied&error_description=%3Cscript%3E&state=a&state=b',
      `state=%00%ff&code=${'c'.repeat(4000)}`,
    ]) {
      await page.goto(`/api/consent/${callback}?${query}`);
      await expectHelp(page, /do not know/i);
    }
  }
  await expectNoViolations(page);
  await expectNothingStored(tenant);
});

test('a colleague of the same organization', async ({ page, tenant, browser, home }) => {
  const [callback, colleague] = await Promise.all([
    callbackOf('Office 365, sign-in', page, tenant),
    makeHome(browser),
  ]);
  await inDatabase(async ({ prisma }) => {
    const { id } = await prisma.organization.findFirstOrThrow({ where: { name: home.organization } });
    await prisma.member.updateMany({
      where: { person: { displayName: colleague.persona } },
      data: { organizationId: id, portalRole: 'admin' },
    });
  });
  await inOtherBrowser(browser, colleague.cookies, async (other) => {
    await other.goto(callback);
    await expectHelp(other, /another person/i);
  });
  await expectNothingStored(tenant);
  await goOn(page, callback, tenant);
});

test('who has lost the right to connect while at Microsoft', async ({ tenant, browser }) => {
  const person = await makeHome(browser);
  await inOtherBrowser(browser, person.cookies, async (other) => {
    const callback = await callbackOf('Azure, sign-in', other, tenant);
    await inDatabase(({ prisma }) =>
      prisma.member.updateMany({
        where: { person: { displayName: person.persona } },
        data: { portalRole: 'viewer' },
      }),
    );
    await other.goto(callback);
    await expectHelp(other, /role admin/i);
  });
  await expectNothingStored(tenant);
});
