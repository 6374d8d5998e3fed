import { randomUUID } from 'node:crypto';
import { test } from './change-access.ts';
import { inDatabase } from './database.ts';
import { expect, expectNoViolations } from './fixtures.ts';
import { press } from './keys.ts';
import { goOnAtMicrosoft } from './microsoft.ts';

const WRITE_BACK = 'Sync resources and tags – write back of tags enabled';
const READ_TAGS = 'Sync resources and tags – write back of tags disabled';

test('without a pointer: a level is changed, proven and planned to be taken back', async ({
  page,
  account,
  tenant,
}) => {
  await page.goto(account.path);
  const [first] = account.subscriptions;
  const row = page.getByRole('row', { name: first?.name });
  const dialog = page.getByRole('dialog', { name: 'Change Access Level' });
  const open = row.getByRole('button', { name: 'Change Access' });
  await press(page, open);
  await expect(dialog.getByRole('radio', { name: /Sync resources only/ })).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(dialog).toBeHidden();
  await expect(open).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(dialog.getByRole('radio')).toHaveCount(3);
  await expectNoViolations(page);
  await expect(dialog.getByRole('radio', { name: /Sync resources only/ })).toBeFocused();
  await page.keyboard.press('ArrowUp');
  await expect(dialog.getByRole('radio', { name: WRITE_BACK })).toBeChecked();
  await press(page, dialog.getByRole('button', { name: 'Change', exact: true }));

  await expect(page.getByText('Nothing has changed in Azure yet.')).toBeVisible();
  const planned = page.getByRole('row', { name: first?.name });
  await expect(planned).toContainText('Add Tag Contributor on this subscription');
  await expect(planned).toContainText('Then remove Reader on this subscription');
  expect(await account.roles()).toEqual(['Reader', 'Reader', 'Reader']);
  await press(page, page.getByRole('button', { name: 'Sign in and apply' }));
  await press(page, page.getByRole('button', { name: new RegExp(`^${tenant.admin}`) }));
  const consent = page.getByRole('button', { name: 'Accept' });
  const done = page.getByText('The access level of 1 subscription is changed.');
  await expect(consent.or(done)).toBeVisible();
  if (await consent.isVisible()) await press(page, consent);
  await expect(done).toBeVisible({ timeout: 15_000 });
  await expect(page.getByText(/Verified by reading role assignments/)).toBeVisible();
  expect(await account.roles()).toEqual(['Tag Contributor', 'Reader', 'Reader']);
  expect(await account.levels()).toEqual(['tags_in_out', 'resources', 'resources']);

  await press(page, page.getByRole('button', { name: 'Undo' }));
  await expect(page.getByRole('heading', { name: 'Undo a change of access level' })).toBeVisible();
  await expect(page.getByRole('row', { name: first?.name })).toContainText('Add Reader');
  await expect(page.getByText('No tag changes are waiting to be written back')).toBeVisible();
});

test('many at once: a lock stops one of them in words, the others are changed, and a second try finishes', async ({
  page,
  account,
  tenant,
}) => {
  const [first, , last] = account.subscriptions;
  await tenant.control.request('POST', '/locks', {
    scope: `/subscriptions/${last?.id}`,
    level: 'CanNotDelete',
  });
  await page.goto(account.path);
  await page.getByRole('checkbox', { name: 'Select all subscriptions' }).check();
  const bar = page.getByRole('region', { name: 'Selected subscriptions' });
  await expect(bar).toContainText('3 selected');
  await bar.getByRole('button', { name: 'Change Access' }).click();
  const dialog = page.getByRole('dialog', { name: 'Change Access Level' });
  await expect(dialog).toContainText('3 subscriptions');
  await dialog.getByRole('radio', { name: WRITE_BACK }).check();
  await dialog.getByRole('button', { name: 'Change', exact: true }).click();
  await page.getByRole('button', { name: 'Sign in and apply' }).click();
  await goOnAtMicrosoft(page, tenant.admin);

  const alert = page.getByRole('alert').filter({ hasText: '2 of 3 subscriptions changed, 1 not finished.' });
  await expect(alert).toBeVisible({ timeout: 15_000 });
  const locked = page.getByRole('row', { name: last?.name });
  await expect(locked).toContainText('A lock on the subscription or resource forbids the change.');
  await expect(locked).toContainText('ScopeLocked');
  await expect(locked).toContainText('Has both roles for now: Tag Contributor and Reader.');
  await expect(page.getByRole('row', { name: first?.name })).toContainText('Verified by reading its roles');
  expect(await account.roles()).toEqual(['Tag Contributor', 'Tag Contributor', 'Reader, Tag Contributor']);
  expect(await account.levels()).toEqual(['tags_in_out', 'tags_in_out', 'resources']);
  await expect(page.getByText(/This portal acts for .* more\./)).toBeVisible();
  await expect(page.getByRole('button', { name: 'Revoke now' })).toBeVisible();
  await expectNoViolations(page);

  await tenant.control.request('POST', '/obstacles/remove', { scope: `/subscriptions/${last?.id}` });
  await page.getByRole('button', { name: 'Try again' }).click();
  await expect(page.getByText('The access level of 3 subscriptions is changed.')).toBeVisible({
    timeout: 15_000,
  });
  expect(await account.roles()).toEqual(['Tag Contributor', 'Tag Contributor', 'Tag Contributor']);
  await expect(page.getByRole('button', { name: 'Revoke now' })).toBeHidden();
});

test('what a crash has left is named, and the next sign-in finishes it', async ({
  page,
  account,
  tenant,
}) => {
  const { tenantId, principalId } = account;
  const [first] = account.subscriptions;
  const subscriptionId = first?.id ?? '';
  const added = await account.give(subscriptionId, 'Tag Contributor');
  await account.record([added]);
  const changeId = randomUUID();
  const roleScope = `/subscriptions/${subscriptionId}`;
  await inDatabase(async ({ prisma }) => {
    const old = await prisma.roleAssignment.findFirstOrThrow({
      where: { tenantId, roleScope, principalId, NOT: { name: added.name } },
      select: { name: true, roleDefinitionId: true, roleScope: true },
    });
    const plan = {
      add: { roleDefinitionId: added.roleId, roleScope, name: added.name },
      remove: [old],
      stays: [],
      isSeen: true,
    };
    const item = { subscriptionId, fromLevel: 'resources', toLevel: 'tags_in_out' } as const;
    await prisma.accessChange.create({
      data: {
        tenantId,
        id: changeId,
        personId: randomUUID(),
        personName: 'Somebody before',
        createdAt: new Date(),
        items: { create: { ...item, state: 'working', step: 'confirm', plan, updatedAt: new Date() } },
      },
    });
  });

  await page.goto(account.path);
  const row = page.getByRole('row', { name: first?.name });
  await expect(row).toContainText('It has both roles for now.');
  await row.getByRole('link', { name: 'See the change' }).click();
  const alert = page.getByRole('alert').filter({ hasText: '0 of 1 subscription changed, 1 not finished.' });
  await expect(alert).toContainText('whoever signs in next finishes it');
  await expect(page.getByRole('row', { name: first?.name })).toContainText('Has both roles for now');
  await page.getByRole('button', { name: 'Sign in and finish' }).click();
  await goOnAtMicrosoft(page, tenant.admin);
  await expect(page.getByText('The access level of 1 subscription is changed.')).toBeVisible({
    timeout: 15_000,
  });
  expect(await account.roles()).toEqual(['Tag Contributor', 'Reader', 'Reader']);
});

test('between the first two levels nobody has to sign in', async ({ page, account }) => {
  await page.goto(account.path);
  const row = page.getByRole('row', { name: account.subscriptions[1]?.name });
  await row.getByRole('button', { name: 'Change Access' }).click();
  const dialog = page.getByRole('dialog', { name: 'Change Access Level' });
  await dialog.getByRole('radio', { name: READ_TAGS }).check();
  await dialog.getByRole('button', { name: 'Change', exact: true }).click();
  await expect(page.getByText('The access level of 1 subscription is changed.')).toBeVisible();
  await expect(page.getByRole('row', { name: account.subscriptions[1]?.name })).toContainText(
    'Nothing: only this portal’s own setting',
  );
  expect(await account.levels()).toEqual(['resources', 'tags_in', 'resources']);
  expect(await account.roles()).toEqual(['Reader', 'Reader', 'Reader']);
});
