import type { Browser, Page } from '@playwright/test';
import { CookieJar } from '#lib/auth/testing.ts';
import { Control, signInAs } from '../simulator/testing.ts';
import { type Answer, send } from './access/http.ts';
import { keep, sessionOf, signIn as signInByHttp } from './access/session.ts';
import { addAccount, expectAlert, listedTenants } from './accounts.ts';
import { createOrganization, expect, signIn, test } from './fixtures.ts';
import { pickAccount } from './microsoft.ts';

/*
 * Stories of people who try to get at something by a browser, theirs or the victim's. What the domain makes of forged
 * and stolen answers of Microsoft is in lib/domain/consent/attacks.db.test.ts. Victoria and Mallory have organizations
 * of their own in this portal, and each is the administrator of a tenant.
 */
test.describe.configure({ mode: 'serial' });

const portal = process.env.PORTAL_URL ?? '';
const simulator = process.env.SIMULATOR_URL ?? '';

const VICTORIA = { persona: 'Admin of Victoria', mail: 'admin@victoria.example.com' } as const;
const MALLORY = { persona: 'Admin of Mallory', mail: 'admin@mallory.example.com' } as const;
const TENANT = { kind: 'Office 365', name: 'Victoria 365', tenant: 'victoria.example.com' } as const;

/** Everybody's own browser. */
let victoria: Page;
let mallory: Page;
/** A session of Mallory's for requests without a browser. */
let malloryJar: CookieJar;

async function begin(browser: Browser, { persona }: { persona: `Admin of ${string}` }): Promise<Page> {
  const page = await (await browser.newContext({ baseURL: portal })).newPage();
  await signIn(page, persona);
  await createOrganization(page, persona);
  return page;
}

test.beforeAll(async ({ browser }) => {
  const control = new Control(simulator);
  for (const domain of ['victoria.example.com', 'mallory.example.com'])
    await control.createTenant({ domain, users: 5, subscriptions: 1 });
  [victoria, mallory] = [await begin(browser, VICTORIA), await begin(browser, MALLORY)];
  malloryJar = new CookieJar();
  await signInByHttp(portal, MALLORY.mail, malloryJar);
});
test.afterAll(async () => {
  await victoria.context().close();
  await mallory.context().close();
});

const expectNothingConnected = async () => {
  for (const page of [victoria, mallory]) expect(await listedTenants(page)).toEqual([]);
};

test('a link of Mallory’s that Victoria follows connects nothing for either', async () => {
  await addAccount(mallory, TENANT);
  await expect(mallory.getByRole('heading', { name: 'Pick an account' })).toBeVisible();
  await victoria.goto(mallory.url());
  await pickAccount(victoria, VICTORIA.persona);
  await victoria.getByRole('button', { name: 'Accept' }).click();
  await expectAlert(victoria, 'started by another person');
  // Nothing that Victoria could be asked to read out to Mallory.
  expect(new URL(victoria.url()).search).toBe('?problem=state-foreign');
  await expectNothingConnected();
});

test('Victoria’s way back from Microsoft is worth nothing in another browser', async ({ browser }) => {
  await addAccount(victoria, TENANT);
  await expect(victoria.getByRole('heading', { name: 'Pick an account' })).toBeVisible();
  const { location } = await signInAs(victoria.url(), VICTORIA.mail);
  const back = location?.href ?? '';
  await mallory.goto(back);
  await expectAlert(mallory, 'started by another person');
  const signedOut = await (await browser.newContext({ baseURL: portal })).newPage();
  await signedOut.goto(back);
  await expect(signedOut).toHaveURL(/\/signin\?/);
  await signedOut.context().close();
  await expectNothingConnected();
  // For Victoria it is still good: she goes on to the sign-in.
  await victoria.goto(back);
  await expect(victoria.getByRole('heading', { name: 'Pick an account' })).toBeVisible();
});

/** Addresses that lead away from the portal in some browser or for some careless reader. */
const AWAY = [
  'https://evil.example/',
  '//evil.example',
  '///evil.example',
  '/\\evil.example',
  '\\\\evil.example',
  '/\t/evil.example',
  '/..//evil.example',
  '/%2F/evil.example',
  '%2F%2Fevil.example',
  'javascript:alert(1)//evil',
  'data:text/html,evil',
  `${portal}@evil.example/`,
  `${portal}.evil.example/`,
  portal.replace('://', '://evil:evil@'),
];

/** Where a browser goes from here. */
const targetOf = ({ headers }: Answer): URL => new URL(headers.location ?? '', portal);

/** Stays in the portal, and is no address that anything could read as another. */
function expectAtHome(url: URL, what: string): void {
  expect(url.origin, what).toBe(portal);
  expect(`${url.username}${url.password}`, what).toBe('');
  expect(decodeURIComponent(url.pathname), what).not.toMatch(/\/\/|\\/);
}

test('no way back leads out of the portal', async () => {
  for (const address of AWAY) {
    const query = new URLSearchParams({ returnTo: address, callbackUrl: address });
    const page = await send(portal, { path: `/signin?${query}` });
    const [, kept] = /name="returnTo" value="([^"]*)"/.exec(page.body) ?? [];
    expectAtHome(new URL(kept ?? '//', portal), address);
    expectAtHome(targetOf(await send(portal, { path: `/signin?${query}`, as: malloryJar })), address);

    // The whole sign-in, with the address wherever somebody could put it.
    const jar = new CookieJar();
    const started = await send(portal, {
      method: 'POST',
      path: `/api/auth/signin/microsoft?${query}`,
      headers: { origin: portal, 'content-type': 'application/x-www-form-urlencoded' },
      body: `${query}`,
      as: jar,
    });
    keep(jar, started);
    const { location } = await signInAs(started.headers.location ?? '', MALLORY.mail);
    const back = await send(portal, { path: `${location?.pathname}${location?.search}&${query}`, as: jar });
    expectAtHome(targetOf(back), address);
    keep(jar, back);
    expect(sessionOf(jar), `${address} ${back.status} ${targetOf(back)}`).toBeDefined();
  }
});

test('a session that Mallory has put into a browser is not the one that Victoria signs in with', async () => {
  const planted = sessionOf(malloryJar) ?? '';
  const jar = new CookieJar();
  keep(jar, { ...(await send(portal, { path: '/signin' })), setCookies: [`${planted}; Path=/`] });
  await signInByHttp(portal, VICTORIA.mail, jar);
  expect(sessionOf(jar)).not.toBe(planted);
  const page = async (as: CookieJar) => (await send(portal, { path: '/setup/cloud-tenants', as })).body;
  expect(await page(jar)).toContain(VICTORIA.persona);
  expect(await page(malloryJar)).not.toContain(VICTORIA.persona);
  // Nor does a value that Mallory has chosen become one.
  const chosen = new CookieJar();
  const [name = ''] = planted.split('=');
  keep(chosen, { ...(await send(portal, { path: '/signin' })), setCookies: [`${name}=chosen; Path=/`] });
  const answer = await send(portal, { path: '/setup/cloud-tenants', as: chosen });
  expect(targetOf(answer).pathname).toBe('/signin');
});

/** The server actions that forms of Mallory's own pages name: they are the same for everybody. */
async function actionNames(): Promise<string[]> {
  const { body } = await send(portal, { path: '/setup/cloud-tenants', as: malloryJar });
  return [...new Set([...body.matchAll(/name="(\$ACTION_ID_[0-9a-f]+)"/g)].map(([, name = '']) => name))];
}

/** A page of Mallory's, on another origin of the same site, sends a form to the portal as its visitor. */
async function sendForm(page: Page, path: string, fields: Record<string, string>): Promise<void> {
  await page.goto(`${simulator}/`);
  // Mallory's page has no policy that would keep its forms back.
  await page.setContent('<form id="f" method="post" enctype="multipart/form-data"></form>');
  await page.evaluate(
    ([action, entries]) => {
      const form = document.querySelector('form') as HTMLFormElement;
      form.action = action;
      for (const [name, value] of entries) {
        const input = document.createElement('input');
        Object.assign(input, { type: 'hidden', name, value });
        form.append(input);
      }
      form.submit();
    },
    [`${portal}${path}`, Object.entries(fields)] as const,
  );
  await page.waitForURL((url) => url.origin === portal);
}

test('forms of a page of Mallory’s do nothing in the name of Victoria', async () => {
  const names = await actionNames();
  expect(names.length).toBeGreaterThanOrEqual(2);
  const cookies = async () =>
    (await victoria.context().cookies(portal)).filter(({ name }) => /theme|session/.test(name));
  const before = await cookies();
  for (const name of names) {
    await sendForm(victoria, '/setup/cloud-tenants', { [name]: '', theme: 'dark' });
    expect(await cookies()).toEqual(before);
  }
  // Signed in still, in this browser and the database.
  await victoria.goto('/setup/cloud-tenants');
  await expect(victoria.getByRole('heading', { level: 1, name: 'Cloud Tenant Setup' })).toBeVisible();
  // Nor does a form begin a sign-in, which could end in Mallory's account.
  await sendForm(victoria, '/api/auth/signin/microsoft', { returnTo: '/users' });
  await expect(victoria.getByRole('heading', { level: 1, name: 'Cloud Tenant Setup' })).toBeVisible();
});

test('the portal is not drawn in a frame of another page', async () => {
  for (const path of ['/setup/cloud-tenants/add', '/api/health']) {
    await victoria.goto(`${simulator}/`);
    await victoria.setContent(`<iframe src="${portal}${path}"></iframe>`);
    await expect.poll(() => victoria.frames()[1]?.url()).toBe('chrome-error://chromewebdata/');
  }
});

/** Headers by which a server could be made to believe that it is called something else. */
const MISLEADING = {
  'x-forwarded-host': 'evil.example',
  'x-forwarded-server': 'evil.example',
  'x-forwarded-port': '666',
  'x-forwarded-proto': 'evil',
  'x-forwarded-prefix': '/evil',
  'x-host': 'evil.example',
  'x-original-url': '/evil',
  'x-rewrite-url': '/evil',
  'x-original-host': 'evil.example',
  forwarded: 'for=evil;host=evil.example;proto=evil',
  'x-portal-path': '/evil',
  'x-nonce': 'evil',
  'x-request-id': 'evil',
  'x-middleware-subrequest': 'proxy:proxy:proxy:proxy:proxy',
  'x-middleware-rewrite': '/evil',
  'x-invoke-path': '/evil',
  'x-matched-path': '/evil',
  'x-now-route-matches': 'evil',
  'content-security-policy': "script-src 'unsafe-inline' evil.example",
};

test('an answer never repeats what a request claims about the portal’s address, and is kept by nobody', async () => {
  const form = { origin: portal, 'content-type': 'application/x-www-form-urlencoded' };
  for (const [path, given] of [
    ['/', {}],
    ['/signin', {}],
    ['/nothing-here', {}],
    ['/users?q=x', {}],
    ['/users?q=x', { as: malloryJar }],
    ['/setup/cloud-tenants', { as: malloryJar }],
    ['/users/export', { as: malloryJar }],
    ['/api/consent/callback?code=x&state=x', { as: malloryJar }],
    ['/api/auth/callback/microsoft?code=x&state=x', {}],
    ['/api/auth/callback/microsoft?error=access_denied', {}],
    ['/api/auth/signin/microsoft', { method: 'POST', headers: form, body: 'returnTo=%2Fusers' }],
  ] as const) {
    const call = { path, ...given };
    const honest = await send(portal, call);
    const misled = await send(portal, {
      ...call,
      headers: { ...('headers' in given && given.headers), ...MISLEADING },
    });
    expect(misled.status, path).toBe(honest.status);
    expect(targetOf(misled).origin, path).toBe(targetOf(honest).origin);
    expect(JSON.stringify([misled.headers, misled.setCookies, misled.body]), path).not.toContain('evil');
    for (const { headers } of [honest, misled]) {
      expect(headers['cache-control'], path).toContain('no-store');
      expect(headers['content-security-policy'], path).toContain("frame-ancestors 'none'");
    }
  }
});

test('an action that everybody may call takes anything, and leads nowhere else', async () => {
  for (const name of await actionNames()) {
    for (const body of ['[]', '[null]', '[1]', '["//evil.example"]', '[{"returnTo":"//evil.example"}]']) {
      const answer = await send(portal, {
        method: 'POST',
        path: '/setup/cloud-tenants?returnTo=//evil.example&callbackUrl=//evil.example',
        as: malloryJar,
        headers: {
          origin: portal,
          'next-action': name.replace('$ACTION_ID_', ''),
          'content-type': 'text/plain;charset=UTF-8',
        },
        body,
      });
      expect(answer.status, `${name} ${body}`).toBe(200);
      // Choosing a theme leads nowhere, signing out to one page.
      expect(answer.headers['x-action-redirect'] ?? '/signin;push').toBe('/signin;push');
    }
  }
});
