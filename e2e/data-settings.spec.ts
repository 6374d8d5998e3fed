import { randomUUID } from 'node:crypto';
import { plannedPhases } from '#lib/domain/imports/model.ts';
import { type CustomerTenant, type Home, test } from './consent.ts';
import { inDatabase } from './database.ts';
import { expect, expectNoViolations } from './fixtures.ts';

const PRODUCT = '05e9a617-0261-4cee-bb44-138d3ef5d965';
const DAY = '2026-03-02';

/** The tenant as imports left it: a user with a history, and figures of two days. */
function connectBefore(home: Home, { id: directoryId, name, domain }: CustomerTenant) {
  return inDatabase(async ({ prisma }) => {
    const { id: organizationId } = await prisma.organization.findFirstOrThrow({
      where: { name: home.organization },
      select: { id: true },
    });
    const tenantId = randomUUID();
    const userId = randomUUID();
    const at = new Date(`${DAY}T02:00:00Z`);
    const figure = { dimension: 'department', value: 'Sales', fromDay: at };
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
        boundAt: new Date(Date.now() + 86_400_000),
        nextCheckAt: new Date(Date.now() + 86_400_000),
        directoryUsers: {
          create: {
            id: userId,
            displayName: 'Ada Away',
            userPrincipalName: `ada@${domain}`,
            mail: `ada@${domain}`,
            contentHash: new Uint8Array([1]),
            importedAt: at,
          },
        },
        directoryUserChanges: {
          create: {
            id: userId,
            changedAt: at,
            runId: randomUUID(),
            kind: 'changed',
            before: { mail: 'old@mail' },
          },
        },
        licenceFigures: {
          create: [
            { ...figure, skuId: '00000000-0000-0000-0000-000000000000', users: 7 },
            { ...figure, skuId: '00000000-0000-0000-0000-000000000001', users: 5 },
            { ...figure, skuId: PRODUCT, users: 4 },
          ],
        },
        importRuns: {
          create: {
            id: randomUUID(),
            trigger: 'schedule',
            status: 'completed',
            createdAt: at,
            startedAt: at,
            finishedAt: at,
            phases: plannedPhases('office365').map((phase) => ({
              ...phase,
              state: 'completed',
              endedAt: at.toISOString(),
            })),
          },
        },
      },
    });
    return { tenantId, userId };
  });
}

test('an owner switches a field off, shortens the history, and erases a person', async ({
  page,
  home,
  tenant,
}) => {
  const { userId } = await connectBefore(home, tenant);
  await page.goto('/settings/data');
  await expect(page.getByRole('heading', { name: 'Data settings', level: 1 })).toBeVisible();
  await expectNoViolations(page);

  await page.getByRole('button', { name: 'Switch off mail' }).click();
  await expect(page.getByRole('dialog')).toContainText('erased from the history now');
  await page.getByRole('button', { name: 'Switch off and erase' }).click();
  await expect(page.getByRole('button', { name: 'Switch on mail' })).toBeVisible();

  await page.getByRole('textbox', { name: 'Days of history' }).fill('100');
  await page.getByRole('button', { name: 'Save days' }).click();
  await expect(page.getByText('Confirm that what is older is erased')).toBeVisible();
  await page.getByRole('textbox', { name: 'Days of history' }).fill('100');
  await page.getByRole('checkbox', { name: 'Erase what is older' }).check();
  await page.getByRole('button', { name: 'Save days' }).click();
  await expect(page.getByText('Saved', { exact: true })).toBeVisible();

  await page.getByRole('textbox', { name: 'Object ID or user principal name' }).fill(userId);
  await page.getByRole('button', { name: 'Find person' }).click();
  await page.getByRole('button', { name: 'Erase person' }).click();
  const dialog = page.getByRole('dialog');
  await expect(dialog).toContainText('Ada Away');
  await expectNoViolations(page);
  await dialog.getByRole('textbox').fill(`ada@${tenant.domain}`);
  await dialog.getByRole('button', { name: 'Erase person' }).click();
  const erased = page.getByRole('list', { name: 'Erased people' });
  await expect(erased).toContainText(userId);
  expect(await inDatabase(({ prisma }) => prisma.directoryUser.count({ where: { id: userId } }))).toBe(0);

  await erased.getByRole('button', { name: 'Allow import again' }).click();
  await page.getByRole('button', { name: 'Allow import', exact: true }).click();
  await expect(page.getByText('Nobody was erased.')).toBeVisible();
});

test('the licence figures of a past day say whether it is certified', async ({ page, home, tenant }) => {
  const { tenantId } = await connectBefore(home, tenant);
  await page.goto(`/licenses/breakdown?tenant=${tenantId}&day=${DAY}`);
  await expect(page.getByRole('row', { name: /^Sales 7 5 4/ })).toBeVisible();
  await expect(page.getByText('not certified')).toHaveCount(0);
  await expectNoViolations(page);
  await page.getByLabel('As of').fill('2026-03-05');
  await expect(page.getByText('2026-03-05: not certified')).toBeVisible();
  await expect(page.getByRole('row', { name: /^Sales 7 5 4/ })).toBeVisible();
});
