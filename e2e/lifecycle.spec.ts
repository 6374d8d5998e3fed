import { randomUUID } from 'node:crypto';
import { plannedPhases } from '#lib/domain/imports/model.ts';
import { addAccount } from './accounts.ts';
import { type CustomerTenant, type Home, test } from './consent.ts';
import { inDatabase } from './database.ts';
import { expect, expectNoViolations } from './fixtures.ts';
import { AZURE_APP, approveAzure, goOnAtMicrosoft } from './microsoft.ts';

const READ_AT = new Date('2026-11-01T02:00:00Z');

/** The tenant as an earlier connection left it, with a user and an import under way. */
function connectBefore(home: Home, { id: directoryId, name, domain }: CustomerTenant) {
  return inDatabase(async ({ prisma }) => {
    const { id: organizationId } = await prisma.organization.findFirstOrThrow({
      where: { name: home.organization },
      select: { id: true },
    });
    const tenantId = randomUUID();
    await prisma.tenant.create({
      data: {
        id: tenantId,
        organizationId,
        kind: 'office365',
        name,
        directoryId,
        domain,
        status: 'connected',
        boundByPerson: 'Somebody',
        boundAt: new Date(),
        nextCheckAt: new Date(Date.now() + 86_400_000),
        directoryUsers: {
          create: { id: randomUUID(), contentHash: new Uint8Array([1]), importedAt: new Date() },
        },
        importRuns: {
          create: [
            {
              id: randomUUID(),
              trigger: 'schedule',
              status: 'completed',
              createdAt: READ_AT,
              startedAt: READ_AT,
              finishedAt: READ_AT,
              phases: plannedPhases('office365').map((phase) => ({
                ...phase,
                state: 'completed',
                endedAt: READ_AT.toISOString(),
              })),
            },
            {
              id: randomUUID(),
              trigger: 'manual',
              status: 'running',
              startedAt: new Date(),
              leaseHolder: randomUUID(),
              leaseUntil: new Date(Date.now() + 600_000),
            },
          ],
        },
      },
    });
    return tenantId;
  });
}

test('a tenant is disabled and enabled again', async ({ page, home, tenant }) => {
  const id = await connectBefore(home, tenant);
  await page.goto(`/setup/cloud-tenants/${id}/settings`);
  await page.getByRole('button', { name: 'Disable tenant' }).click();
  const dialog = page.getByRole('dialog', { name: `Disable ${tenant.name}?` });
  await expectNoViolations(page);
  await dialog.getByRole('button', { name: 'Disable tenant' }).click();
  await expect(page.getByText('Disabled', { exact: true })).toBeVisible();
  await expect(page.getByText(/Neither imports nor checks run/)).toBeVisible();
  await expectNoViolations(page);
  await page.getByRole('tab', { name: 'Imports' }).click();
  await expect(page.getByRole('row', { name: /Cancelled/ })).toBeVisible();
  await expect(page.getByRole('button', { name: 'Import now' })).toHaveCount(0);
  await page.goto('/licenses');
  await expect(page.getByText(`${tenant.name} is disabled`)).toBeVisible();
  await page.goto(`/setup/cloud-tenants/${id}/settings`);
  await page.getByRole('button', { name: 'Enable tenant' }).click();
  await expect(page.getByRole('button', { name: 'Disable tenant' })).toBeVisible();
});

test('an Azure tenant is removed: roles are taken back by a sign-in, the receipt says what is left, and it is restored', async ({
  page,
  home,
  tenant,
}) => {
  await addAccount(page, { kind: 'Azure', name: tenant.name, tenant: tenant.id });
  await approveAzure(page, tenant.admin);
  await expect(page.getByText('Connected', { exact: true }).first()).toBeVisible();
  await page.getByRole('link', { name: `Open ${tenant.name}` }).click();
  await page.getByRole('tab', { name: 'Settings' }).click();
  await page.getByRole('link', { name: 'Remove tenant' }).click();

  const atMicrosoft = page.getByRole('table', { name: /What exists at Microsoft/ });
  await expect(atMicrosoft.getByRole('row', { name: /Role Reader/ })).toContainText('Exists');
  await page.getByText('Enterprise application, with all permissions').click();
  await expect(page.getByText(`az ad sp delete --id ${AZURE_APP.clientId}`)).toBeVisible();
  await expectNoViolations(page);
  await page.getByRole('button', { name: 'Sign in to take them back' }).click();
  await goOnAtMicrosoft(page, tenant.admin);
  await page.getByRole('button', { name: 'Take back 1 role' }).click();
  await expect(atMicrosoft.getByRole('row', { name: /Role Reader/ })).toContainText('Taken back');
  const { roleAssignments, servicePrincipals } = await tenant.control.request<{
    roleAssignments: { tenantId: string; principalId: string }[];
    servicePrincipals: { tenantId: string; objectId: string }[];
  }>('GET', '/state');
  const ours = servicePrincipals.filter(({ tenantId }) => tenantId === tenant.id);
  const left = roleAssignments.filter(({ principalId }) =>
    ours.some(({ objectId }) => objectId === principalId),
  );
  expect(left).toEqual([]);

  const confirmation = page.getByRole('textbox', { name: `Type ${tenant.name} to confirm` });
  await confirmation.fill('something else');
  await page.getByRole('button', { name: 'Remove tenant' }).click();
  await expect(page.getByRole('alert').filter({ hasText: 'Type the name as it stands here' })).toBeVisible();
  await confirmation.fill(tenant.name);
  await page.getByRole('button', { name: 'Remove tenant' }).click();
  const heading = page.getByRole('heading', { name: `${tenant.name}: removal receipt`, level: 1 });
  await expect(heading).toBeFocused();
  await expect(page.getByRole('row', { name: /Role Reader/ })).toContainText('Taken back');
  await expect(page.getByRole('row', { name: /Enterprise application/ })).toContainText('Exists');
  await expectNoViolations(page);

  await page.goto('/setup/cloud-tenants');
  const removed = page
    .getByRole('table', { name: 'Removed tenants' })
    .getByRole('row', { name: tenant.name });
  await expect(removed).toContainText(home.persona);
  await expectNoViolations(page);
  await removed.getByRole('button', { name: 'Restore' }).click();
  await expect(page.getByRole('table', { name: 'Cloud tenants' })).toContainText(tenant.name);
  await expect(removed).toHaveCount(0);
});

test('an owner removes a tenant without keeping it: its rows are erased, and the receipt stays', async ({
  page,
  home,
  tenant,
}) => {
  const id = await connectBefore(home, tenant);
  await page.goto(`/setup/cloud-tenants/${id}/settings/remove`);
  await page.getByRole('radio', { name: 'Remove now, do not keep 7 days' }).check();
  await page.getByRole('textbox', { name: `Type ${tenant.name} to confirm` }).fill(tenant.name);
  await page.getByRole('button', { name: 'Remove tenant' }).click();
  await expect(page.getByText('Every row of the tenant is erased', { exact: true })).toBeVisible();
  await expectNoViolations(page);
  expect(await inDatabase(({ prisma }) => prisma.directoryUser.count({ where: { tenantId: id } }))).toBe(0);
  const download = page.waitForEvent('download');
  await page.getByRole('link', { name: 'Download JSON' }).click();
  const file = await download;
  expect(file.suggestedFilename()).toMatch(/^removal-.*\.json$/);
  const receipt = await new Response((await file.createReadStream()) as unknown as ReadableStream).json();
  expect(receipt).toMatchObject({
    receipt: 'tenant-removal',
    state: 'erased',
    tenant: { tenantId: tenant.id },
    erasedRows: { directory_user: 1, import_run: 2 },
  });
});

test('a removed tenant is offered to be restored where it would be added again, and may be erased at once', async ({
  page,
  home,
  tenant,
}) => {
  const id = await connectBefore(home, tenant);
  await page.goto(`/setup/cloud-tenants/${id}/settings/remove`);
  await page.getByRole('textbox', { name: `Type ${tenant.name} to confirm` }).fill(tenant.name);
  await page.getByRole('button', { name: 'Remove tenant' }).click();
  await expect(page.getByText(/The tenant can be restored until/)).toBeVisible();
  await addAccount(page, { kind: 'Office 365', name: 'Again', tenant: tenant.id });
  await expect(page.getByRole('alert').filter({ hasText: 'can still restore it' })).toBeVisible();
  await page.getByRole('link', { name: 'Go to the removed tenants' }).first().click();
  await page.getByRole('row', { name: tenant.name }).getByRole('button', { name: 'Erase now' }).click();
  const dialog = page.getByRole('dialog', { name: `Erase ${tenant.name}?` });
  await dialog.getByRole('textbox').fill(tenant.name);
  await expectNoViolations(page);
  await dialog.getByRole('button', { name: 'Erase now' }).click();
  await expect(page.getByText('The erasure has begun.')).toBeVisible();
  await expect(page.getByRole('row', { name: tenant.name })).toHaveCount(0);
  await page.goto('/setup/cloud-tenants/removed');
  await expect(
    page.getByRole('row', { name: tenant.name }).getByText('Erased', { exact: true }),
  ).toBeVisible();
});
