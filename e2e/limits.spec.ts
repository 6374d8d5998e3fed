import { Control } from '../simulator/testing.ts';
import { expectAlert } from './accounts.ts';
import { inDatabase } from './database.ts';
import { createOrganization, expect, expectNoViolations, signIn, test } from './fixtures.ts';

/*
 * Limits as the portal answers them, each for a person or an address that no other test has.
 */
const ADMIN = 'Admin of Limits';
const TENANT = 'limits.example.com';
/** From the machine of its proxy, which tests are, the portal believes who the client is. */
const ADDRESS = '203.0.113.7';

/** As in lib/domain/limits/limits.ts, whose reasons stand there. */
const LOOK_UPS = 60;
const SIGN_INS = 120;
const RETURNS = 100;

/** As if it had been done so often a moment ago, without the work. Its window has ten minutes left. */
const countBefore = (key: string, count: number) =>
  inDatabase(({ pool }) =>
    pool.query(`INSERT INTO limit_counter (key, count, ends_at) VALUES ($1, $2, now() + interval '10 min')`, [
      key,
      count,
    ]),
  );

test('who looks up tenants in a loop has to wait, and can do everything else', async ({
  page,
  allowBrowserMessage,
}) => {
  allowBrowserMessage(/status of 429/);
  await new Control(process.env.SIMULATOR_URL ?? '').createTenant({ domain: TENANT, users: 5 });
  await signIn(page, ADMIN);
  await createOrganization(page, 'Limits Inc');

  const personId = await inDatabase(({ prisma }) =>
    prisma.person.findFirstOrThrow({ where: { userName: `admin@${TENANT}` } }).then(({ id }) => id),
  );
  await countBefore(`tenant.resolve:person:${personId}`, LOOK_UPS - 3);
  const lookUp = () => page.request.get(`/api/consent/resolve?tenant=${TENANT}`);
  const answers = await Promise.all(Array.from({ length: 5 }, lookUp));
  expect(answers.map((answer) => answer.status()).toSorted()).toEqual([200, 200, 200, 429, 429]);
  const refused = answers.find((answer) => !answer.ok());
  expect(Number(refused?.headers()['retry-after'])).toBeGreaterThan(0);
  expect(refused?.headers()['content-type']).toBe('application/problem+json');
  expect(await refused?.json()).toMatchObject({ code: 'rate-limited', status: 429 });

  await page.goto('/setup/cloud-tenants/add');
  await page.getByRole('textbox', { name: 'Tenant ID or domain' }).fill(TENANT);
  await expect(page.getByText('That was tried too often in a short time').first()).toBeVisible();
  await countBefore(`flow.return:person:${personId}`, RETURNS);
  await page.goto('/api/consent/callback?code=x&state=x');
  await expectAlert(page, 'That was tried too often in a short time');
  for (const path of ['/setup/cloud-tenants', '/licenses', '/users'])
    expect((await page.request.get(path)).status(), path).toBe(200);
  await page.goto('/setup/cloud-tenants');
  await page
    .getByRole('button', { name: /User menu/ })
    .first()
    .click();
  await page.getByRole('button', { name: 'Sign out' }).click();
  await expect(page).toHaveURL('/signin');
});

test('one address cannot begin sign-ins without end, and is told so in words', async ({ browser, page }) => {
  const portal = process.env.PORTAL_URL ?? '';
  const there = await browser.newContext({
    extraHTTPHeaders: { 'x-forwarded-for': `198.51.100.1, ${ADDRESS}` },
  });
  const begin = (forged: number) =>
    there.request.post('/api/auth/signin/microsoft', {
      // What a client says of itself before the proxy adds to it changes nothing.
      headers: { origin: portal, 'x-forwarded-for': `198.51.100.${forged}, ${ADDRESS}` },
      form: { returnTo: '/users' },
      maxRedirects: 0,
    });
  await countBefore(`sign-in.start:address:${ADDRESS}`, SIGN_INS - 4);
  const answers = await Promise.all([1, 2, 3, 4, 5].map(begin));
  const isToMicrosoft = (location = '') => location.startsWith(process.env.SIMULATOR_URL ?? '-');
  expect(answers.filter((answer) => isToMicrosoft(answer.headers().location))).toHaveLength(4);

  const refused = await there.newPage();
  await refused.goto('/signin');
  await refused.getByRole('button', { name: 'Sign in with Microsoft' }).click();
  const alert = refused
    .getByRole('alert')
    .filter({ hasText: 'Too many people are signing in at the moment' });
  await expect(alert).toContainText('Nobody has been signed in. Try again in');
  await expect(refused).toHaveURL(/\/signin\?failure=rate-limited&retryAfterSeconds=\d+$/);
  await expectNoViolations(refused);
  await there.close();

  await page.goto('/signin');
  await page.getByRole('button', { name: 'Sign in with Microsoft' }).click();
  await expect(page.getByRole('heading', { name: 'Pick an account' })).toBeVisible();
});
