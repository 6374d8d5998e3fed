import { startSimulator } from '../simulator/testing.ts';
import { expect, expectNoViolations, test } from './fixtures.ts';
import { CONTOSO, GRAPH_APP } from './microsoft.ts';

/*
 * The simulator's own pages, looked at and left again: what they would change, other tests rely on.
 */
const consentPath = () =>
  `/${CONTOSO.id}/v2.0/adminconsent?${new URLSearchParams({
    client_id: GRAPH_APP.clientId,
    redirect_uri: `${process.env.PORTAL_URL}/api/consent/admin-callback`,
    scope: 'https://graph.microsoft.com/.default',
  })}`;

test('its pages say what they are and can be used by everybody', async ({
  page,
  simulatorUrl,
  allowBrowserMessage,
}) => {
  // Microsoft's refusals are pages with an error status.
  allowBrowserMessage(/status of 40[03]/);
  for (const path of ['/', '/_control']) {
    await page.goto(simulatorUrl + path);
    await expect(page.getByText('Microsoft cloud simulator')).toBeVisible();
    await expectNoViolations(page);
  }

  await page.goto(`${simulatorUrl}/ea/api-access-keys`);
  await page.getByLabel('Enrollment').fill('70000001');
  await page.getByRole('combobox', { name: 'I want' }).selectOption('a key that was revoked');
  await page.getByRole('button', { name: 'Generate' }).click();
  await expect(page.getByRole('textbox', { name: 'API access key' })).toHaveValue(/^eyJ/);
  await expectNoViolations(page);

  await page.goto(simulatorUrl + consentPath());
  await expect(page.getByRole('heading', { name: 'Pick an account' })).toBeVisible();
  await expectNoViolations(page);

  await page.getByRole('button', { name: /^Ada Adatum/ }).click();
  await expect(page.getByRole('alert')).toContainText('AADSTS50020');
  await expectNoViolations(page);

  await page.getByRole('link', { name: 'Use a different account' }).click();
  await page.getByRole('button', { name: /^Uma User/ }).click();
  await expect(page.getByRole('heading', { name: 'Need admin approval' })).toBeVisible();
  await expectNoViolations(page);

  await page.getByRole('link', { name: /Sign in with that account/ }).click();
  await page.getByRole('button', { name: /^Alex Admin/ }).press('Enter');
  await expect(page.getByRole('heading', { name: 'Permissions requested' })).toBeVisible();
  await expect(page.getByText("Read all users' full profiles")).toBeVisible();
  await expectNoViolations(page);
});

test('its control page switches things on and off, by keyboard and on a phone', async ({ page }) => {
  // One of its own: what its buttons do reaches every tenant.
  const simulator = await startSimulator();
  const active = page.getByRole('region', { name: 'Active now' });
  await page.setViewportSize({ width: 390, height: 844 });
  await page.goto(`${simulator.url}/_control`);
  await expect(active).toContainText('everything works');
  for (const group of ['Consent and sign-in', 'Slow or refusing', 'Large'])
    await expect(page.getByRole('heading', { name: group })).toBeVisible();
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);

  await page.getByRole('button', { name: 'Run: 429 storm with Retry-After' }).focus();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('status')).toContainText('429 storm with Retry-After');
  await page.getByRole('button', { name: 'Run: Conditional Access blocks sign-in' }).click();
  await expect(active.getByRole('listitem')).toHaveCount(2);
  await expect(active).toContainText('One in 3 requests to Graph; 0 of 30 times.');
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
  await expectNoViolations(page);

  await page.setViewportSize({ width: 1440, height: 900 });
  await expectNoViolations(page);
  await page.getByRole('button', { name: /^Stop: 429 storm/ }).focus();
  await page.keyboard.press('Enter');
  await expect(active.getByRole('listitem')).toHaveCount(1);
  await page.getByRole('button', { name: 'Run: Everything works' }).click();
  await expect(active).toContainText('everything works');
  await simulator.stop();
});
