import type { Browser, Page } from '@playwright/test';
import { inDatabase } from './database.ts';
import { arriveAtPortal, createOrganization, expect, expectNoViolations, test } from './fixtures.ts';

/*
 * Who gets in, and for how long. Gus signs in to the portal here alone: signing out ends his sessions everywhere.
 */
test.describe.configure({ mode: 'serial' });

const GUS = 'gus.guest@fabrikam.com';

/** From the portal's sign-in page to the one of Microsoft. */
async function startSignIn(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Sign in with Microsoft' }).click();
  await expect(page.getByRole('button', { name: /^Gus Guest/ })).toBeVisible();
}

async function signInAsGus(page: Page): Promise<void> {
  await startSignIn(page);
  await page.getByRole('button', { name: /^Gus Guest/ }).click();
  await arriveAtPortal(page);
}

async function newPage(browser: Browser): Promise<Page> {
  return (await browser.newContext()).newPage();
}

test('a newcomer signs in, names their organization, and is told what is wrong with a name', async ({
  page,
}) => {
  await page.goto('/');
  await expect(page).toHaveURL('/signin');
  await expect(page.getByRole('heading', { level: 1, name: 'Sign in' })).toBeVisible();
  await expectNoViolations(page);
  await signInAsGus(page);
  await expect(page).toHaveURL('/welcome');
  await expectNoViolations(page);

  const name = page.getByRole('textbox', { name: 'Organization name' });
  for (const [value, complaint] of [
    ['', 'Enter a name for the organization.'],
    ['    ', 'Enter a name for the organization.'],
    ['x'.repeat(121), 'The name is too long. Use at most 120 characters.'],
    ['Fabrikam\u202e', 'The name contains control characters or line breaks. Type it without them.'],
  ] as const) {
    await name.fill(value);
    await page.getByRole('button', { name: 'Create organization' }).click();
    await expect(page.getByRole('alert').filter({ hasText: complaint })).toBeVisible();
    await expect(name).toHaveValue(value);
    await expect(name).toHaveAccessibleDescription(new RegExp(complaint));
  }
  await expectNoViolations(page);
  await createOrganization(page, '  Fabrikam Guests  ');
  await expect(page).toHaveURL('/setup/cloud-tenants');
  await expect(page.getByRole('navigation', { name: 'Main' })).toContainText('Fabrikam Guests');
  await page.goto('/welcome');
  await expect(page).toHaveURL('/setup/cloud-tenants');
});

test('the way back leads to the page one was on the way to, and never to another site', async ({
  browser,
}) => {
  const page = await newPage(browser);
  await page.goto('/setup/cloud-tenants/add?kind=Zo%C3%AB');
  await expect(page).toHaveURL(/\/signin\?returnTo=/);
  await signInAsGus(page);
  await expect(page).toHaveURL('/setup/cloud-tenants/add?kind=Zo%C3%AB');
  await page.goto('/signin?returnTo=https://evil.example/');
  await expect(page).toHaveURL('/setup/cloud-tenants');
  const other = await newPage(browser);
  await other.goto('/signin?returnTo=//evil.example');
  await signInAsGus(other);
  await expect(other).toHaveURL('/setup/cloud-tenants');
});

test('signing out ends the session in every browser', async ({ browser }) => {
  const [here, there] = [await newPage(browser), await newPage(browser)];
  for (const page of [here, there]) {
    await page.goto('/signin');
    await signInAsGus(page);
    await expect(page).toHaveURL('/setup/cloud-tenants');
  }
  await here
    .getByRole('button', { name: /User menu/ })
    .first()
    .click();
  await here.getByRole('button', { name: 'Sign out' }).click();
  await expect(here).toHaveURL('/signin');
  expect((await here.context().cookies()).filter(({ name }) => name.includes('session'))).toEqual([]);
  await there.goto('/setup/cloud-tenants/add');
  await expect(there).toHaveURL('/signin?returnTo=%2Fsetup%2Fcloud-tenants%2Fadd');
});

test('an answer that nobody here asked for signs nobody in', async ({ browser, allowBrowserMessage }) => {
  allowBrowserMessage(/status of 40[01]/);
  const page = await newPage(browser);
  await page.goto('/signin');
  await startSignIn(page);
  await page.goto('/api/auth/callback/microsoft?code=forged&state=forged');
  const alert = page.getByRole('alert').filter({ hasText: 'not started in this browser' });
  await expect(alert).toBeVisible();
  await expectNoViolations(page);
  await page.goto('/setup/cloud-tenants');
  await expect(page).toHaveURL(/\/signin/);
});

test('a person who declines at Microsoft is told so, with Microsoft’s code and correlation ID', async ({
  page,
}) => {
  const description =
    'AADSTS65004: User declined to consent to access the app. Trace ID: 6b0c0000-0000-4000-8000-000000000000 ' +
    'Correlation ID: 1e9f0000-0000-4000-8000-000000000001 Timestamp: 2030-01-02 03:04:05Z';
  const query = new URLSearchParams({ error: 'access_denied', error_description: description, state: 'x' });
  await page.goto(`/api/auth/callback/microsoft?${query}`);
  const alert = page.getByRole('alert').filter({ hasText: 'cancelled at Microsoft' });
  await expect(alert).toContainText('AADSTS65004');
  await expect(alert).toContainText('1e9f0000-0000-4000-8000-000000000001');
  await expectNoViolations(page);
});

test('who is no longer a member has no access at the next request', async ({ browser }) => {
  const page = await newPage(browser);
  await page.goto('/signin');
  await signInAsGus(page);
  await expect(page).toHaveURL('/setup/cloud-tenants');
  await inDatabase(({ prisma }) => prisma.member.deleteMany({ where: { person: { userName: GUS } } }));
  await page.goto('/setup/cloud-tenants/add');
  await expect(page).toHaveURL('/welcome');
});

test('every answer forbids foreign scripts and framing, and nothing about a member is kept', async ({
  request,
}) => {
  for (const path of ['/signin', '/setup/cloud-tenants', '/api/health', '/nothing-here', '/icon.svg']) {
    const headers = (await request.get(path, { maxRedirects: 0 })).headers();
    expect(headers['content-security-policy'], path).toMatch(
      /script-src 'self' 'nonce-[\w+/=]{24}' 'strict-dynamic';/,
    );
    expect(headers['content-security-policy'], path).toContain("frame-ancestors 'none'");
    expect(headers['x-content-type-options'], path).toBe('nosniff');
    expect(headers['referrer-policy'], path).toBe('same-origin');
    expect(headers['cache-control'], path).toContain('no-store');
  }
});
