import type { Page } from '@playwright/test';
import { connectOffice365 } from './accounts.ts';
import { test } from './consent.ts';
import { inDatabase } from './database.ts';
import { expect, expectNoViolations } from './fixtures.ts';
import { ImportsTab } from './imports-tab.ts';

/*
 * The page of one import, from the table and from a notice: what went wrong with the ids for support, the files, and
 * the way to read what is missing without reading the rest once more.
 */
const GUID = /[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/;

async function connected(page: Page, tenant: { name: string; domain: string; admin: string }) {
  await connectOffice365(page, { name: tenant.name, tenant: tenant.domain }, tenant.admin);
  const path = await page.getByRole('link', { name: `Open ${tenant.name}` }).getAttribute('href');
  return path ?? '';
}

test('what failed is looked at, taken to support, and tried again', async ({ page, tenant }) => {
  const path = await connected(page, tenant);
  const imports = new ImportsTab(page, path);
  await imports.open();
  await expect(page.getByRole('region', { name: 'Days of imports' })).toContainText('completed');
  await tenant.addFault({
    kind: 'error',
    service: 'graph',
    path: '/v1.0/users',
    status: 403,
    code: 'Authorization_RequestDenied',
  });
  await imports.run('Partial');
  await imports.newest.getByRole('link').first().click();
  await expect(page.getByRole('tab', { name: 'Imports', selected: true })).toBeVisible();
  await expect(page.getByRole('row', { name: /^Users Left out/ })).toBeVisible();
  await expect(page.getByRole('row', { name: /^Refused/ })).toContainText(GUID);
  await expectNoViolations(page);
  const certificate = await page.request.get(`${page.url()}/certificate`);
  expect(await certificate.json()).toMatchObject({ tenantId: tenant.id, status: 'partial' });
  const file = await page.request.get(`${path}/imports/export`);
  expect(await file.text()).toMatch(/^RunId,Status,.*\r\n[^\r]*,partial,manual,/);

  await tenant.calm();
  const failed = page.url();
  await page.getByRole('button', { name: 'Retry what failed' }).click();
  await expect(page).not.toHaveURL(failed);
  await expect(page.getByRole('row', { name: /^Users Completed/ })).toBeVisible();
  await expect(page.getByRole('row', { name: /^Products/ })).toHaveCount(0);
});

test('data that is older than it should be is told, with the way to the import', async ({ page, tenant }) => {
  const path = await connected(page, tenant);
  await inDatabase(({ prisma }) =>
    prisma.importFreshness.updateMany({
      where: { phase: 'users', tenant: { directoryId: tenant.id } },
      data: { freshAt: new Date(Date.now() - 50 * 60 * 60_000) },
    }),
  );
  await page.goto('/setup/cloud-tenants');
  const notice = page.getByRole('alert').filter({ hasText: 'older than 36 hours' });
  await expect(notice).toContainText(`${tenant.name}: the data is older than 36 hours.`);
  await expectNoViolations(page);
  await notice.getByRole('link', { name: 'See the last import' }).click();
  await expect(page.getByRole('row', { name: /^Users Completed/ })).toBeVisible();
  const imports = new ImportsTab(page, path);
  await imports.open();
  await imports.run('Completed');
  await page.reload();
  await expect(page.getByRole('alert').filter({ hasText: 'older than 36 hours' })).toHaveCount(0);

  await page.goto('/users');
  await page.locator('summary').filter({ hasText: 'Where this figure comes from' }).first().click();
  await expect(page.getByText(/^Computed as/)).toBeVisible();
  await expect(page.getByRole('link', { name: /import$/ }).first()).toBeVisible();
});
