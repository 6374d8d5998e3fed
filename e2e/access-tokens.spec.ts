import { randomInt } from 'node:crypto';
import type { Locator, Page } from '@playwright/test';
import type { Control } from '../simulator/testing.ts';
import { test as base, type CustomerTenant } from './consent.ts';
import { inDatabase } from './database.ts';
import { expect, expectNoViolations } from './fixtures.ts';

/*
 * Keys of the EA reporting API, on the tab "Access Tokens". What each key is told to be is proven by the tests of the
 * domain; here is what people see of it.
 */
const DAY_MS = 86_400_000;

type AzureHome = {
  readonly path: string;
  readonly tenantId: string;
  readonly enrollment: string;
  readonly control: Control;
  newKey(more?: Readonly<Record<string, unknown>>): Promise<string>;
};

/** An Azure tenant of the home's organization, connected without the way through Microsoft, with its own enrollment. */
async function connectAzure(tenant: CustomerTenant, organization: string): Promise<AzureHome> {
  const { control } = tenant;
  const enrollment = `${randomInt(10_000_000, 999_999_999)}`;
  const tenantId = await inDatabase(async ({ prisma }) => {
    const { id: organizationId } = await prisma.organization.findFirstOrThrow({
      where: { name: organization },
      select: { id: true },
    });
    const created = await prisma.tenant.create({
      data: {
        id: crypto.randomUUID(),
        organizationId,
        kind: 'azure',
        agreement: 'ea',
        name: tenant.name,
        directoryId: tenant.id,
        status: 'connected',
        boundByPerson: 'Test',
        // Neither the night's import nor the day's check comes in between.
        boundAt: new Date(Date.now() + DAY_MS),
        nextCheckAt: new Date(Date.now() + DAY_MS),
      },
      select: { id: true },
    });
    return created.id;
  });
  return {
    path: `/setup/cloud-tenants/${tenantId}/access-tokens`,
    tenantId,
    enrollment,
    control,
    newKey: (more) => control.eaKey(enrollment, more),
  };
}

const test = base.extend<{ readonly azure: AzureHome }>({
  azure: async ({ tenant, home }, use) => use(await connectAzure(tenant, home.organization)),
});

const dialogOf = (page: Page) => page.getByRole('dialog', { name: 'Add Access Token' });

async function open(page: Page): Promise<Locator> {
  await page.getByRole('button', { name: 'Add Access Token' }).click();
  const dialog = dialogOf(page);
  await expect(dialog.getByRole('textbox', { name: 'Enrollment number' })).toBeFocused();
  return dialog;
}

async function save(page: Page, enrollment: string, key: string): Promise<void> {
  const dialog = dialogOf(page);
  await dialog.getByRole('textbox', { name: 'Enrollment number' }).fill(enrollment);
  await dialog.getByRole('textbox', { name: 'Access token' }).fill(key);
  await dialog.getByRole('button', { name: 'Save' }).click();
}

test('each thing that can be wrong with a key is told at its field, and the key that is right is kept', async ({
  page,
  azure,
}) => {
  const { enrollment, newKey, control } = azure;
  const bodies: Promise<string>[] = [];
  page.on('response', (response) => {
    if (response.request().method() === 'POST') bodies.push(response.text().catch(() => ''));
  });
  await page.goto(azure.path);
  await expect(page.getByText('Microsoft retired these keys on 1 May 2024')).toBeVisible();
  const dialog = await open(page);
  await expect(dialog.getByRole('list')).toContainText('Manage API access keys');

  const expired = await newKey({ livesMs: -2 * DAY_MS });
  const refused = await newKey({ slot: 'secondary' });
  await newKey({ slot: 'secondary' });
  const key = await newKey();
  const field = dialog.getByRole('textbox', { name: 'Access token' });
  const told = async (number: string, text: string, words: RegExp) => {
    await save(page, number, text);
    await expect(field).toHaveAccessibleDescription(words);
    await expect(dialog.getByRole('alert').filter({ hasText: words })).toBeVisible();
    // What was pasted is still there for being corrected.
    await expect(field).toHaveValue(text);
  };
  await told(enrollment, key.slice(0, -50), /is incomplete.*Copy it again/);
  await told('7654321', key, new RegExp(`wrong enrollment.*belongs to ${enrollment}, not to 7654321`));
  await told(enrollment, expired, /expired on \d+ \w+ 20\d\d.*Generate a new one/);
  await told(enrollment, refused, /refused.*revoked or replaced.*Generate a new one/);
  await expectNoViolations(page);

  await save(page, ` ${enrollment} `, `Bearer ${key.replaceAll(/(.{70})/g, '$1\n')}`);
  await expect(dialog).toBeHidden();
  const row = page.getByRole('table', { name: 'Access tokens' }).getByRole('row').nth(1);
  await expect(row).toContainText(enrollment);
  await expect(row).toContainText(`…${key.slice(-4)}`);
  await expect(row).toContainText(`Admin of home-`);
  await expect(row).toContainText('Valid');
  await expect(page.getByRole('button', { name: 'Add Access Token' })).toBeFocused();

  await page.reload();
  await expect(row).toBeVisible();
  const everything = (await Promise.all(bodies)).join('\n') + (await page.content());
  for (const secret of [key, expired, refused]) expect(everything).not.toContain(secret.slice(-60));
  await control.request('POST', '/ea-keys/revoke', { enrollmentNumber: enrollment });
});

test('where Microsoft’s service is retired, the key is kept and marked', async ({ page, azure }) => {
  const { enrollment, newKey, control } = azure;
  const path = `/enrollments/${enrollment}/`;
  const { id } = await control.fault({ kind: 'error', service: 'ea', status: 410, path });
  await page.goto(azure.path);
  await open(page);
  await save(page, enrollment, await newKey({ livesMs: 10 * DAY_MS }));
  const alert = page.getByRole('alert').filter({ hasText: 'could not be checked' });
  await expect(alert.first()).toContainText('Microsoft has retired the service');
  const row = page.getByRole('row', { name: new RegExp(enrollment) });
  await expect(row).toContainText('Could not check');
  // Ten days are less than fourteen: it is told on every page of the tenant, and in the list.
  await expect(
    page.getByRole('alert').filter({ hasText: `of enrollment ${enrollment} expires in 10 days` }),
  ).toBeVisible();
  await expectNoViolations(page);
  await control.request('DELETE', `/faults/${id}`);

  await page.goto('/setup/cloud-tenants');
  const notice = page
    .getByRole('alert')
    .filter({ hasText: `of enrollment ${enrollment} expires in 10 days` });
  await notice.getByRole('link', { name: 'See access tokens' }).click();
  await expect(page).toHaveURL(new RegExp(`${azure.path}$`));
});

test('a token is deleted after a question, and the focus does not get lost', async ({
  page,
  azure,
  tenant,
}) => {
  const { enrollment, newKey } = azure;
  await page.goto('/setup/cloud-tenants');
  await page.getByRole('button', { name: `Subscriptions of ${tenant.name}` }).click();
  const listed = page.getByRole('row').filter({ hasText: 'No subscription was found' });
  await listed.getByRole('link', { name: 'Access Tokens' }).click();
  await open(page);
  await save(page, enrollment, await newKey());
  const row = page.getByRole('row', { name: new RegExp(enrollment) });
  const button = row.getByRole('button', { name: 'Delete' });
  await button.click();
  const dialog = page.getByRole('dialog', { name: 'Delete this access token?' });
  await expect(dialog.getByRole('button', { name: 'Cancel' })).toBeFocused();
  await expectNoViolations(page);
  await page.keyboard.press('Escape');
  await expect(dialog).toBeHidden();
  await expect(button).toBeFocused();
  await page.keyboard.press('Enter');
  await dialog.getByRole('button', { name: 'Delete' }).click();
  await expect(page.getByText('No access token is kept for this tenant')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Add Access Token' })).toBeFocused();
});

test('a viewer sees the list and nothing to press', async ({ page, azure, home }) => {
  const { enrollment, newKey } = azure;
  await page.goto(azure.path);
  await open(page);
  await save(page, enrollment, await newKey());
  const row = page.getByRole('row', { name: new RegExp(enrollment) });
  await expect(row).toContainText('Valid');
  const setRole = (portalRole: 'viewer' | 'owner') =>
    inDatabase(({ prisma }) =>
      prisma.member.updateMany({
        where: { organization: { name: home.organization } },
        data: { portalRole },
      }),
    );
  await setRole('viewer');
  try {
    await page.reload();
    await expect(row).toContainText('Valid');
    await expect(page.getByRole('button', { name: 'Add Access Token' })).toBeHidden();
    await expect(page.getByRole('button', { name: 'Delete' })).toBeHidden();
    await page.getByRole('link', { name: 'Go to Enrollments' }).click();
    await expect(page.getByRole('tab', { name: 'Enrollments' })).toHaveAttribute('aria-selected', 'true');
  } finally {
    await setRole('owner');
  }
});
