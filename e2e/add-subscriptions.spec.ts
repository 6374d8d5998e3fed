import { randomUUID } from 'node:crypto';
import { type CustomerTenant, type Home, test } from './consent.ts';
import { inDatabase } from './database.ts';
import { expect, expectNoViolations } from './fixtures.ts';
import { press } from './keys.ts';
import { AZURE_APP, goOnAtMicrosoft, pickAccount } from './microsoft.ts';

const READER = 'acdd72a7-3385-48ef-bd42-f606fba81ae7';

/** The tenant as if it had been connected for Azure long ago; returns the address of its page. */
async function connect(home: Home, { control, id, domain, name }: CustomerTenant): Promise<string> {
  const { objectId } = await control.grant(id, AZURE_APP.clientId);
  const tenantId = randomUUID();
  await inDatabase(async ({ prisma }) => {
    const organization = await prisma.organization.findFirstOrThrow({ where: { name: home.organization } });
    await prisma.tenant.create({
      data: {
        id: tenantId,
        organizationId: organization.id,
        kind: 'azure',
        name,
        directoryId: id,
        domain,
        status: 'connected',
        servicePrincipalId: objectId,
        boundByPerson: 'Somebody',
        // Nothing is due: no check and no import of its own begins meanwhile.
        boundAt: new Date(Date.now() + 24 * 60 * 60_000),
        nextCheckAt: new Date(Date.now() + 24 * 60 * 60_000),
      },
    });
  });
  return `/setup/cloud-tenants/${tenantId}`;
}

const addSubscription = ({ control, id }: CustomerTenant, displayName: string) =>
  control.request<{ id: string }>('POST', '/subscriptions', { tenantId: id, displayName });

/** Where the portal's service principal has which role. */
async function assignments({ control, id }: CustomerTenant): Promise<string[]> {
  const { roleAssignments, servicePrincipals } = (await control.state()) as {
    roleAssignments: { principalId: string; roleId: string; scope: string }[];
    servicePrincipals: { tenantId: string; clientId: string; objectId: string }[];
  };
  const ours = servicePrincipals.find(
    (one) => one.tenantId === id && one.clientId === AZURE_APP.clientId,
  )?.objectId;
  return roleAssignments
    .filter(({ principalId }) => principalId === ours)
    .map(({ scope, roleId }) => `${scope} ${roleId}`)
    .sort();
}

test('without a pointer: an owner adds what they choose, and the portal gets its role on exactly that', async ({
  page,
  home,
  tenant,
}) => {
  const wanted = await addSubscription(tenant, 'Wanted');
  await addSubscription(tenant, 'Unwanted');
  const path = await connect(home, tenant);
  await page.goto(path);
  await press(page, page.getByRole('button', { name: 'Add Existing Subscriptions' }));
  const dialog = page.getByRole('dialog', { name: 'Add New Subscription' });
  await expect(dialog.getByRole('radio', { name: 'Azure' })).toBeChecked();
  await expect(dialog.getByRole('radio', { name: 'Office 365' })).toBeVisible();
  await expectNoViolations(page);
  await press(page, dialog.getByRole('button', { name: 'Add' }));
  await expect(page.getByRole('heading', { name: 'Pick an account' })).toBeVisible();
  await press(page, page.getByRole('button', { name: new RegExp(`^${tenant.admin}`) }));
  const consent = page.getByRole('heading', { name: 'Permissions requested' });
  const choose = page.getByRole('heading', { name: 'Choose subscriptions' });
  await expect(consent.or(choose)).toBeVisible();
  if (await consent.isVisible()) await press(page, page.getByRole('button', { name: 'Accept' }));

  await expect(choose).toBeVisible();
  const boxes = page.getByRole('checkbox');
  await expect(boxes).toHaveCount(3);
  for (const box of await boxes.all()) await expect(box).toBeChecked();
  await expectNoViolations(page);
  await press(page, page.getByRole('button', { name: 'Choose none' }));
  await press(page, page.getByRole('checkbox', { name: 'Wanted', exact: true }), 'Space');
  await expect(page.getByText('1 role assignment will be made.', { exact: false })).toBeVisible();
  await expect(page.getByRole('table', { name: 'Role assignments to be made' })).toContainText(wanted.id);
  await press(page, page.getByRole('button', { name: 'Add subscriptions' }));
  await expect(page.getByText('1 of 1 added')).toBeVisible();
  await expect(page.getByRole('row', { name: /Wanted/ })).toContainText('The role was given.');
  expect(await assignments(tenant)).toEqual([`/subscriptions/${wanted.id} ${READER}`]);

  await page.getByRole('link', { name: 'consent receipt' }).click();
  await expect(page.getByText('The work was done')).toBeVisible();
  await expect(page.getByRole('table', { name: 'Role assignments' })).toContainText(wanted.id);
  await expectNoViolations(page);
  const download = page.waitForEvent('download');
  await page.getByRole('link', { name: 'Download JSON' }).click();
  expect((await download).suggestedFilename()).toMatch(/^consent-receipt-.*\.json$/);
});

test('rights that are revoked add nothing, and the choice waits for the next sign-in', async ({
  page,
  home,
  tenant,
}) => {
  const wanted = await addSubscription(tenant, 'Wanted');
  const nobody = await tenant.addPerson('Nobody');
  const path = await connect(home, tenant);
  const begin = async () => {
    await page.goto(path);
    await page.getByRole('button', { name: 'Add Existing Subscriptions' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Add' }).click();
  };
  await begin();
  await goOnAtMicrosoft(page, nobody);
  await expect(page.getByText(`You own no subscription here; signed in as ${nobody}`)).toBeVisible();

  await begin();
  await goOnAtMicrosoft(page, tenant.admin);
  await page.getByRole('button', { name: 'Choose none' }).click();
  await page.getByRole('checkbox', { name: 'Wanted', exact: true }).check();
  await page.getByRole('button', { name: 'Revoke now' }).click();
  const again = page.getByRole('button', { name: 'Sign in again' });
  await expect(page.getByText('The sign-in has ended, and nothing was added.')).toBeVisible();
  await again.click();
  await pickAccount(page, tenant.admin);
  await expect(page.getByRole('checkbox', { name: 'Wanted', exact: true })).toBeChecked();
  await expect(page.getByRole('checkbox', { checked: true })).toHaveCount(1);
  expect(await assignments(tenant)).toEqual([]);
  await page.getByRole('button', { name: 'Add subscriptions' }).click();
  await expect(page.getByText('1 of 1 added')).toBeVisible();
  expect(await assignments(tenant)).toEqual([`/subscriptions/${wanted.id} ${READER}`]);
});
