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
