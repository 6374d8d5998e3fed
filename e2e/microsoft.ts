import type { Page } from '@playwright/test';
import { expect } from './fixtures.ts';

/** The simulator's two sign-in registrations, as `scripts/demo.ts` configures the portal with them. */
export const GRAPH_APP = {
  clientId: '22222222-aaaa-4bbb-8ccc-000000000002',
  secret: 'simulator-graph-secret~2',
};
export const AZURE_APP = {
  clientId: '11111111-aaaa-4bbb-8ccc-000000000001',
  secret: 'simulator-azure-secret~1',
};

export const CONTOSO = { id: 'c0000000-0000-4000-8000-00000000c001', domain: 'contoso.com' };
export const FABRIKAM = { id: 'f0000000-0000-4000-8000-00000000f001', domain: 'fabrikam.com' };
export const ADATUM = { id: 'a0000000-0000-4000-8000-00000000a001', domain: 'adatum.com' };

/** On Microsoft's sign-in page: picks the account. */
export async function pickAccount(page: Page, persona: string): Promise<void> {
  await expect(page.getByRole('heading', { name: 'Pick an account' })).toBeVisible();
  await page.getByRole('button', { name: new RegExp(`^${persona}`) }).click();
}

/** On Microsoft's consent page: accepts, after the page has named the permissions. */
export async function accept(page: Page): Promise<void> {
  await expect(page.getByRole('heading', { name: 'Permissions requested' })).toBeVisible();
  await page.getByRole('button', { name: 'Accept' }).click();
}

/** The whole way of an Office 365 account at Microsoft: admin consent, then the sign-in that binds the tenant. */
export async function approveOffice365(page: Page, persona: string): Promise<void> {
  await pickAccount(page, persona);
  await accept(page);
  await pickAccount(page, persona);
}

/** The way of an Azure account at Microsoft: sign-in, and consent where the person has not given it before. */
export async function approveAzure(page: Page, persona: string): Promise<void> {
  await pickAccount(page, persona);
  const consent = page.getByRole('heading', { name: 'Permissions requested' });
  const portal = page.getByRole('heading', { level: 1 });
  await expect(consent.or(portal)).toBeVisible();
  if (await consent.isVisible()) await accept(page);
}

/** At Microsoft: answers whatever it asks, page after page, until the browser is back at the portal. */
export async function goOnAtMicrosoft(page: Page, persona: string): Promise<void> {
  const accounts = page.getByRole('heading', { name: 'Pick an account' });
  const consent = page.getByRole('heading', { name: 'Permissions requested' });
  const portal = page.getByRole('navigation', { name: 'Main' });
  const leave = (button: string | RegExp) =>
    Promise.all([page.waitForEvent('framenavigated'), page.getByRole('button', { name: button }).click()]);
  await expect(accounts.or(consent)).toBeVisible();
  while (!(await portal.isVisible())) {
    await leave((await accounts.isVisible()) ? new RegExp(`^${persona}`) : 'Accept');
    await expect(accounts.or(consent).or(portal)).toBeVisible();
  }
}

/** A row of the directory as Microsoft has it, read without the portal. */
export type SourceUser = Record<string, unknown> & { id: string; manager?: { id: string } };

/** Reads a whole collection as the portal's application would, page by page, with plain requests. */
export async function readSource(
  simulatorUrl: string,
  directoryId: string,
  path: string,
): Promise<SourceUser[]> {
  const answer = await fetch(`${simulatorUrl}/${directoryId}/oauth2/v2.0/token`, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: GRAPH_APP.clientId,
      client_secret: GRAPH_APP.secret,
      scope: 'https://graph.microsoft.com/.default',
    }),
  });
  const { access_token: token } = (await answer.json()) as { access_token: string };
  const rows: SourceUser[] = [];
  let url: string | undefined = `${simulatorUrl}/v1.0${path}`;
  while (url) {
    const page = await fetch(url, {
      headers: { authorization: `Bearer ${token}`, consistencylevel: 'eventual' },
    });
    expect(page.status, url).toBe(200);
    const body = (await page.json()) as { value: SourceUser[]; '@odata.nextLink'?: string };
    rows.push(...body.value);
    url = body['@odata.nextLink'];
  }
  return rows;
}
