import type { Page } from '@playwright/test';
import { expect } from './fixtures.ts';
import { pickAccount } from './microsoft.ts';

export type AccountKind = 'Azure' | 'Office 365';

type Account = {
  readonly kind: AccountKind;
  readonly name: string;
  readonly tenant: string;
};

/** Fills the form of a new cloud account. */
export async function fillAccount(page: Page, { kind, name, tenant }: Account): Promise<void> {
  await page.getByRole('radio', { name: kind }).check();
  await page.getByRole('textbox', { name: 'Tenant name' }).fill(name);
  await page.getByRole('textbox', { name: 'Tenant ID or domain' }).fill(tenant);
}

/** Fills the form of a new cloud account and sends it; the browser is at Microsoft afterwards, if all is well. */
export async function addAccount(page: Page, account: Account): Promise<void> {
  await page.goto('/setup/cloud-tenants/add');
  await fillAccount(page, account);
  await page.getByRole('button', { name: 'Add Cloud Account' }).click();
}

/** An alert that says it in these words, and what to do next. */
export async function expectAlert(page: Page, words: string | RegExp): Promise<void> {
  await expect(page.getByRole('alert').filter({ hasText: words }).first()).toBeVisible();
}

/** The names of the tenants that the list shows. */
export async function listedTenants(page: Page): Promise<string[]> {
  await page.goto('/setup/cloud-tenants');
  await expect(page.getByRole('heading', { name: 'Cloud Tenant Setup', level: 1 })).toBeVisible();
  const links = page.getByRole('link', { name: /Manage/ });
  return links.evaluateAll((elements) => elements.map((element) => element.closest('tr')?.textContent ?? ''));
}

/** Connects an Office 365 account to the end of its first import. */
export async function connectOffice365(
  page: Page,
  account: Omit<Account, 'kind'>,
  persona: string,
): Promise<void> {
  await addAccount(page, { kind: 'Office 365', ...account });
  await pickAccount(page, persona);
  await page.getByRole('button', { name: 'Accept' }).click();
  await pickAccount(page, persona);
  await expect(page.getByText('Connected', { exact: true }).first()).toBeVisible();
  await expect(page.getByText(/users read/).first()).toBeVisible();
}
