import { ERRORS_PATH } from '#lib/core/problem-help.ts';
import { expect, expectNoViolations, test } from './fixtures.ts';

test('an error is found by its number, and its page says what to do', async ({ page }) => {
  await page.goto(ERRORS_PATH);
  await expect(page.getByRole('list', { name: 'This portal’s codes' })).toBeVisible();
  await page.getByRole('searchbox', { name: 'Code, number or words' }).focus();
  await page.keyboard.type('50020');
  await page.keyboard.press('Enter');
  const found = page.getByRole('list', { name: 'Errors found' });
  await expect(found.getByRole('listitem')).toHaveCount(1);
  await found.getByRole('link', { name: 'AADSTS50020' }).click();
  await expect(page).toHaveTitle(/^AADSTS50020: /);
  for (const name of ['Sign', 'Cause', 'Who fixes it', 'What to do', 'How to see that it is fixed']) {
    await expect(page.getByRole('heading', { level: 2, name, exact: true })).toBeVisible();
  }
  await expectNoViolations(page);
  await page.getByRole('link', { name: 'wrong-account' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(/not a member or guest of this tenant/);
  const members = page.getByRole('list', { name: 'Microsoft’s codes of this class' });
  await expect(members.getByRole('link', { name: 'AADSTS50020', exact: true })).toBeVisible();
});

test('the spelling of a code does not matter, and a whole message may be pasted', async ({ page }) => {
  await page.goto(`${ERRORS_PATH}/aadsts7000222`);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(/secret .* has expired/);
  await page
    .getByRole('searchbox')
    .fill('AADSTS53003: Access has been blocked. Trace ID: 6b0c Timestamp: 2031-04-05 06:07:08Z');
  await page.getByRole('button', { name: 'Search' }).click();
  await expect(page.getByRole('list', { name: 'Errors found' }).getByRole('link')).toHaveText([
    'AADSTS53003',
  ]);
  await page.goto(`${ERRORS_PATH}?q=zzzz`);
  await expect(page.getByRole('heading', { name: 'No error matches' })).toBeVisible();
});

test('a code that nobody knows is not found, and the search is at hand', async ({
  page,
  allowBrowserMessage,
}) => {
  allowBrowserMessage(/status of 404/);
  expect((await page.goto(`${ERRORS_PATH}/no-such-code`))?.status()).toBe(404);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('This error is not listed');
  await expect(page.getByRole('searchbox')).toBeVisible();
  await expectNoViolations(page);
});

test('the help works without scripts and loads nothing from elsewhere', async ({ browser }) => {
  const context = await browser.newContext({
    baseURL: process.env.PORTAL_URL ?? '',
    javaScriptEnabled: false,
  });
  const page = await context.newPage();
  const origins = new Set<string>();
  page.on('request', (request) => origins.add(new URL(request.url()).origin));
  await page.goto(ERRORS_PATH);
  await page.getByRole('searchbox').fill('expired secret');
  await page.getByRole('button', { name: 'Search' }).click();
  await page.getByRole('link', { name: 'AADSTS7000222' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(/secret .* has expired/);
  expect([...origins]).toEqual([new URL(page.url()).origin]);
  await context.close();
});

test.describe('a failure that is shown', () => {
  test.use({ permissions: ['clipboard-read', 'clipboard-write'] });

  for (const [failure, microsoftCode, heading] of [
    ['blocked-by-policy', 'AADSTS53003', /Conditional Access/],
    // Microsoft makes up new numbers; the class stands in for those.
    ['sign-in-required', 'AADSTS987654', /wants a new sign-in/],
    ['token-invalid', '', /could not be verified/],
  ] as const) {
    test(`${failure} ${microsoftCode} leads to its page and can be copied`, async ({ page }) => {
      const query = new URLSearchParams({
        failure,
        microsoftCode,
        correlationId: '1e9f0a1b-0000-4000-8000-000000000001',
        timestamp: '2031-04-05 06:07:08Z',
      });
      await page.goto(`/signin?${query}`);
      const alert = page.getByRole('alert').filter({ hasText: 'Correlation ID' });
      await alert.getByRole('button', { name: 'Copy details' }).click();
      const copied = await page.evaluate(() => navigator.clipboard.readText());
      expect(copied.split('\n')).toEqual([
        `Error: ${failure}`,
        ...(microsoftCode ? [`Code: ${microsoftCode}`] : []),
        'Correlation ID: 1e9f0a1b-0000-4000-8000-000000000001',
        'Timestamp: 2031-04-05 06:07:08Z',
      ]);
      await alert.getByRole('link', { name: 'About this error' }).click();
      await expect(page.getByRole('heading', { level: 1 })).toHaveText(heading);
    });
  }
});
