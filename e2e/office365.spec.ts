import { readFile } from 'node:fs/promises';
import { parse } from 'csv-parse/sync';
import { createOrganization, expect, expectNoViolations, signIn, test } from './fixtures.ts';
import { approveOffice365, CONTOSO, readSource, type SourceUser } from './microsoft.ts';

const CSV_HEADER =
  'Id,DisplayName,CompanyName,Department,Mail,GivenName,Surname,JobTitle,State,PostalCode,StreetAddress,City,PreferredLanguage,UsageLocation,AssignedLicenses,UserPrincipalName,OfficeLocation,OnPremisesExtensionAttributes,Country,UserType,AccountEnabled,ManagerId';

const SELECT =
  'id,displayName,companyName,department,mail,givenName,surname,jobTitle,state,postalCode,streetAddress,city,preferredLanguage,usageLocation,assignedLicenses,userPrincipalName,officeLocation,onPremisesExtensionAttributes,country,userType,accountEnabled';

/** What a spreadsheet must not take for a formula gets an apostrophe in front. */
const safe = (text: string): string => (/^[=+\-@\t\r]/.test(text) ? `'${text}` : text);

/** The CSV row that a user of the source has to become, written down from the contract and from nothing of ours. */
function expectedRow(user: SourceUser): string[] {
  const text = (name: string): string => safe(String(user[name] ?? ''));
  const licences = (user.assignedLicenses as { skuId: string }[]).map(({ skuId }) => skuId.toLowerCase());
  const attributes = Object.entries(
    (user.onPremisesExtensionAttributes ?? {}) as Record<string, string | null>,
  )
    .filter(([, value]) => value !== null)
    .sort(([one], [other]) => (one < other ? -1 : 1));
  return [
    user.id,
    ...['displayName', 'companyName', 'department', 'mail', 'givenName', 'surname', 'jobTitle', 'state'].map(
      text,
    ),
    ...['postalCode', 'streetAddress', 'city', 'preferredLanguage', 'usageLocation'].map(text),
    [...new Set(licences)].sort().join(';'),
    ...['userPrincipalName', 'officeLocation'].map(text),
    attributes.length > 0 ? JSON.stringify(Object.fromEntries(attributes)) : '',
    ...['country', 'userType', 'accountEnabled'].map(text),
    user.manager?.id ?? '',
  ];
}

test.describe.configure({ mode: 'serial' });

test('an admin connects Office 365 and sees licences and users exactly as Microsoft has them', async ({
  page,
  simulatorUrl,
}) => {
  test.setTimeout(180_000);
  await page.goto('/');
  await expect(page.getByRole('button', { name: 'Sign in with Microsoft' })).toBeVisible();
  await expectNoViolations(page);
  await signIn(page, 'Alex Admin');
  await expectNoViolations(page);
  await createOrganization(page, 'Contoso IT');

  await expect(page.getByRole('heading', { name: 'Cloud Tenant Setup' })).toBeVisible();
  await expectNoViolations(page);
  await page.getByRole('link', { name: 'Add Cloud Account' }).first().click();
  await expect(page.getByRole('heading', { name: 'Add Cloud Account' })).toBeVisible();
  await page.getByRole('radio', { name: 'Office 365' }).check();
  await page.getByRole('textbox', { name: 'Tenant name' }).fill('Contoso');
  await page.getByRole('textbox', { name: 'Tenant ID or domain' }).fill(CONTOSO.domain);
  await expect(page.getByText(CONTOSO.id)).toBeVisible();
  await expectNoViolations(page);
  await page.getByRole('button', { name: 'Add Cloud Account' }).click();

  await approveOffice365(page, 'Alex Admin');
  await expect(page).toHaveURL(/\/setup\/cloud-tenants\/connect\//);
  await expect(page.getByText('Connected', { exact: true }).first()).toBeVisible({ timeout: 30_000 });
  await expectNoViolations(page);
  await page.reload();
  await expect(page.getByText('Connected', { exact: true }).first()).toBeVisible();

  await page.goto('/setup/cloud-tenants');
  const row = page.getByRole('row', { name: /Contoso/ });
  await expect(row).toContainText(CONTOSO.id);
  await expect(row).toContainText('Connected');
  await row.getByRole('link', { name: /Manage/ }).click();
  await expect(page.getByRole('heading', { name: 'Contoso', level: 1 })).toBeVisible();
  await expect(page.getByRole('tab', { name: 'Access Tokens' })).toHaveCount(0);
  for (const tab of ['Subscriptions', 'Permissions', 'Settings', 'Imports']) {
    await page.getByRole('tab', { name: tab }).click();
    await expect(page.getByRole('tab', { name: tab })).toHaveAttribute('aria-selected', 'true');
    await expectNoViolations(page);
  }
  await expect(page.getByRole('row', { name: /Completed/ }).first()).toBeVisible({ timeout: 90_000 });

  const skus = (await readSource(simulatorUrl, CONTOSO.id, '/subscribedSkus')) as unknown as {
    skuPartNumber: string;
    consumedUnits: number;
  }[];
  await page.goto('/licenses');
  await expect(page.getByRole('heading', { name: 'Licenses', level: 1 })).toBeVisible();
  const header = page.getByRole('columnheader');
  for (const column of ['Product', 'Purchased', 'Assigned', 'Unassigned']) {
    await expect(header.filter({ hasText: new RegExp(`^${column}`) }).first()).toBeVisible();
  }
  for (const { skuPartNumber } of skus) await expect(page.getByText(skuPartNumber).first()).toBeAttached();
  await expectNoViolations(page);

  await page.goto('/users');
  await expect(page.getByRole('heading', { name: 'Users', level: 1 })).toBeVisible();
  await expect(page.getByText(/2,500/).first()).toBeVisible();
  await expectNoViolations(page);
  const download = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Export CSV' }).click();
  const csv = await readFile(await (await download).path(), 'utf8');

  const source = await readSource(
    simulatorUrl,
    CONTOSO.id,
    `/users?$top=999&$count=true&$select=${SELECT}&$expand=manager($levels=1;$select=id)`,
  );
  expect(source).toHaveLength(2_500);
  expect(csv.slice(0, CSV_HEADER.length)).toBe(CSV_HEADER);
  const rows = (parse(csv, { relax_column_count: false }) as string[][])
    .slice(1)
    .map((cells) => cells.slice(0, 22));
  const expected = source.map(expectedRow).sort(([one = ''], [other = '']) => (one < other ? -1 : 1));
  expect(rows).toEqual(expected);
});

test('a user is found by a part of the name, and has a page with manager and licences', async ({ page }) => {
  await signIn(page, 'Alex Admin');
  await page.goto('/users');
  await page.getByRole('searchbox', { name: 'Search users' }).fill('alex.admin@contoso');
  await page.keyboard.press('Enter');
  await page.getByRole('row').getByRole('link', { name: 'Alex Admin' }).click();
  await expect(page.getByRole('heading', { name: 'Alex Admin', level: 1 })).toBeVisible();
  await expect(page.getByText('alex.admin@contoso.com').first()).toBeVisible();
  await expectNoViolations(page);
});

test('"Import now" starts an import whose progress is live, and the history shows its end', async ({
  page,
}) => {
  await signIn(page, 'Alex Admin');
  await page
    .getByRole('row', { name: /Contoso/ })
    .getByRole('link', { name: /Manage/ })
    .click();
  await page.getByRole('tab', { name: 'Imports' }).click();
  const completed = page.getByRole('row', { name: /Completed/ });
  const before = await completed.count();
  await page.getByRole('button', { name: 'Import now' }).click();
  await expect(page.getByRole('progressbar').or(completed.nth(before)).first()).toBeVisible();
  await expect(completed).toHaveCount(before + 1, { timeout: 60_000 });
});
