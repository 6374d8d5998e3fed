import { connectOffice365 } from './accounts.ts';
import { createOrganization, expect, expectNoViolations, signIn, test } from './fixtures.ts';

const DOMAIN = 'tailspin.example';

test('an import is started, watched without reloading, and cancelled', async ({ page, simulatorUrl }) => {
  test.setTimeout(180_000);
  const control = async (method: string, path: string, body?: object) => {
    const answer = await fetch(`${simulatorUrl}/_control${path}`, {
      method,
      ...(body && { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
    });
    expect(answer.ok, path).toBe(true);
    return answer;
  };
  const { tenant } = await (await control('POST', '/tenants', { domain: DOMAIN, users: 3_500 })).json();
  await signIn(page, 'Admin of Tailspin');
  await createOrganization(page, 'Tailspin IT');
  await connectOffice365(page, { name: 'Tailspin', tenant: DOMAIN }, 'Admin of Tailspin');
  await page.goto('/setup/cloud-tenants');
  await page.getByRole('link', { name: /Manage/ }).click();
  await page.getByRole('tab', { name: 'Imports' }).click();
  const newest = page.getByRole('table', { name: 'Imports' }).getByRole('row').nth(1);
  await expect(newest).toContainText('Completed', { timeout: 60_000 });
  await expect(newest).toContainText('First import');
  await expect(newest).toContainText('3,500');
  await expectNoViolations(page);

  const slow = {
    kind: 'latency',
    service: 'graph',
    tenantId: tenant.id,
    path: '/v1.0/users',
    delayMs: 3_000,
  };
  const { id } = await (await control('POST', '/faults', slow)).json();
  await page.getByRole('button', { name: 'Full import' }).click();
  const progress = page.getByRole('progressbar', { name: 'Import in progress' });
  await expect(progress).toHaveAttribute('aria-valuetext', /^Users: \d[\d,]* of 3,500 users$/, {
    timeout: 30_000,
  });
  await expect(newest).toContainText('Running');
  await expect(page.getByRole('button', { name: 'Import now' })).toHaveCount(0);
  await expectNoViolations(page);
  await control('DELETE', `/faults/${id}`);
  await expect(newest).toContainText('Completed', { timeout: 60_000 });
  await expect(newest).toContainText('Started by hand');
  await expect(progress).toHaveCount(0);

  const second = await (await control('POST', '/faults', slow)).json();
  await page.getByRole('button', { name: 'Import now' }).click();
  await page.getByRole('button', { name: 'Cancel import' }).click();
  const dialog = page.getByRole('dialog', { name: 'Cancel the import?' });
  await expect(dialog).toBeVisible();
  await expectNoViolations(page);
  await dialog.getByRole('button', { name: 'Cancel import' }).click();
  await expect(newest).toContainText('Cancelled');
  await expect(page.getByRole('button', { name: 'Import now' })).toBeVisible();
  await page.reload();
  await expect(newest).toContainText('Cancelled');
  await expect(page.getByRole('row', { name: /Completed/ })).toHaveCount(2);
  await control('DELETE', `/faults/${second.id}`);

  const users = { ...slow, path: '/v1.0/users', delayMs: 0 };
  const foreign = await (await control('POST', '/faults', { ...users, kind: 'foreign-link' })).json();
  await page.getByRole('button', { name: 'Full import' }).click();
  await expect(newest).toContainText('Partial');
  await expect(page.getByRole('alert').filter({ hasText: 'http://attacker.invalid' })).toContainText(
    'No access token was sent there',
  );
  await control('DELETE', `/faults/${foreign.id}`);

  await control('POST', '/faults', { ...users, kind: 'error', status: 403 });
  await page.getByRole('button', { name: 'Import now' }).click();
  await expect(newest).toContainText('Partial');
  await expect(page.getByRole('alert').filter({ hasText: 'User.Read.All' })).toContainText('Correlation ID');
  await expectNoViolations(page);
});
