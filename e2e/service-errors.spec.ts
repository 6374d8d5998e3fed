import type { Browser, Page } from '@playwright/test';
import { Control } from '../simulator/testing.ts';
import { addAccount, connectOffice365 } from './accounts.ts';
import { CustomerTenant, type Home, makeHome } from './consent.ts';
import { inDatabase } from './database.ts';
import { expect, test } from './fixtures.ts';
import { expectHelpIn, type Help, ImportsTab } from './imports-tab.ts';
import { approveAzure } from './microsoft.ts';

/*
 * What a person sees of each error that Microsoft Graph and Azure Resource Manager answer with: in words, with who can
 * fix it and how. Nothing that was read before is lost by it, and once it is over the next import ends as Completed.
 */
test.describe.configure({ mode: 'parallel' });

let home: Promise<Home> | undefined;
const cookiesOf = async (browser: Browser) => {
  home ??= makeHome(browser);
  return (await home).cookies;
};
test.use({ storageState: async ({ browser }, use) => use(await cookiesOf(browser)) });

type ConnectedTenant = { readonly tenant: CustomerTenant; readonly path: string };

const createTenant = (word: string) =>
  CustomerTenant.create(new Control(process.env.SIMULATOR_URL ?? ''), word);

/** Connects a tenant for the tests of a group. */
async function connect(browser: Browser): Promise<ConnectedTenant> {
  test.setTimeout(120_000);
  const tenant = await createTenant('errors');
  const context = await browser.newContext({
    baseURL: process.env.PORTAL_URL ?? '',
    storageState: await cookiesOf(browser),
  });
  const page = await context.newPage();
  await connectOffice365(page, { name: tenant.name, tenant: tenant.domain }, tenant.admin);
  const path = await pathOf(page, tenant);
  await context.close();
  return { tenant, path };
}

async function pathOf(page: Page, { name }: CustomerTenant): Promise<string> {
  const path = await page.getByRole('link', { name: `Open ${name}` }).getAttribute('href');
  return path ?? '';
}

const GRAPH = { kind: 'error', service: 'graph' } as const;
const USERS = { name: 'users', path: '/users' } as const;
const LICENSES = { name: 'licences', path: '/licenses' } as const;

test.describe('Microsoft Graph refuses', () => {
  let connected: ConnectedTenant;
  test.beforeAll(async ({ browser }) => {
    connected = await connect(browser);
  });
  test.afterEach(() => connected.tenant.calm());

  type Case = Help & {
    readonly name: string;
    readonly fault: Readonly<Record<string, unknown>>;
    readonly end: 'Partial' | 'Failed';
    /** What could not be read and is shown as it was. */
    readonly kept: readonly (typeof USERS | typeof LICENSES)[];
    /** What the page says of the tenant. One check alone says too little, so it depends on how many there were. */
    readonly status: RegExp;
  };
  const cases: readonly Case[] = [
    {
      name: '401, also with a new token',
      fault: { ...GRAPH, status: 401, code: 'InvalidAuthenticationToken' },
      end: 'Failed',
      words: /accepts neither our access token nor the new one/,
      who: 'operator',
      action: /clock/,
      code: 'InvalidAuthenticationToken',
      kept: [LICENSES, USERS],
      status: /Cannot connect/,
    },
    {
      name: '403',
      fault: { ...GRAPH, path: '/v1.0/users', status: 403, code: 'Authorization_RequestDenied' },
      end: 'Partial',
      words: 'User.Read.All is missing',
      who: 'Global Administrator',
      action: /Approve the permissions again/,
      code: 'Authorization_RequestDenied',
      kept: [USERS],
      status: /Connected|Limited/,
    },
    {
      name: '404',
      fault: { ...GRAPH, path: '/v1.0/subscribedSkus', status: 404, code: 'Request_ResourceNotFound' },
      end: 'Partial',
      words: /no longer exists/,
      who: /fix this: You/,
      action: /Entra admin center/,
      code: 'Request_ResourceNotFound',
      kept: [LICENSES],
      status: /Connected|Limited/,
    },
    {
      name: 'with another shape than documented',
      fault: { kind: 'shape', service: 'graph', path: '/v1.0/users' },
      end: 'Partial',
      words: /in a form that we do not understand/,
      who: 'operator',
      action: /Report it/,
      about: 'upstream-shape',
      kept: [USERS],
      status: /Connected|Limited/,
    },
  ];
  for (const { name, fault, end, kept, status, ...help } of cases) {
    test(name, async ({ page }) => {
      const { tenant, path } = connected;
      const imports = new ImportsTab(page, path);
      const heading = page.getByRole('heading', { level: 1 }).locator('..');
      await imports.open();
      await tenant.addFault(fault);
      await imports.run(end);
      await expectHelpIn(page.getByRole('region', { name: 'Import', exact: true }).getByRole('alert'), help);
      await expect(heading).toContainText(status);
      for (const { name: what, path: list } of kept) {
        await page.goto(list);
        await expect(page.getByRole('main')).toContainText(
          `The last import of ${tenant.name} did not read its ${what}`,
        );
        await expect(page.getByText('Those of the import before it are shown.')).toBeVisible();
        await expect(page.getByText(/^Read .*(now|ago)/).first()).toBeVisible();
        await expect(page.getByRole('table').getByRole('row').nth(2)).toBeVisible();
      }
      await tenant.calm();
      await imports.open();
      await imports.run('Completed');
      await expect(page.getByRole('region', { name: 'Import', exact: true }).getByRole('alert')).toHaveCount(
        0,
      );
      if (!status.test('Cannot connect')) return;
      // A worker checks the tenant after an import that went well against expectation.
      await expect(async () => {
        await page.reload();
        await expect(heading).toContainText('Connected', { timeout: 1_000 });
      }).toPass();
    });
  }
});

test.describe('Microsoft Graph keeps an import waiting', () => {
  let connected: ConnectedTenant;
  test.beforeAll(async ({ browser }) => {
    connected = await connect(browser);
  });
  test.afterEach(() => connected.tenant.calm());

  const SLOW_DOWN = /Microsoft asks us to slow down. The import goes on in /;
  const SILENT = /Microsoft’s service (does not answer as it should|cannot be reached)/;
  const throttle = (retryAfter: string) => ({ kind: 'throttle', retryAfter, retryAfterSeconds: 2 });
  for (const [name, fault, words] of [
    ['429 with seconds', throttle('seconds'), SLOW_DOWN],
    ['429 with a fraction of seconds', throttle('fraction'), SLOW_DOWN],
    ['429 with a date', throttle('date'), SLOW_DOWN],
    ['429 without a time', throttle('none'), SLOW_DOWN],
    ['5xx', { kind: 'error', status: 502 }, SILENT],
    ['half of the JSON', { kind: 'truncate' }, SILENT],
    ['a page of HTML', { kind: 'content-type' }, SILENT],
  ] as const) {
    test(`${name}: it says why, and goes on by itself`, async ({ page }) => {
      const { tenant, path } = connected;
      const imports = new ImportsTab(page, path);
      await imports.open();
      await tenant.addFault({ service: 'graph', path: '/v1.0/users', ...fault });
      await imports.start();
      await expect(imports.progress).toContainText(words);
      await tenant.calm();
      await imports.ends('Completed');
      await expect(imports.newest.getByRole('cell', { name: '12', exact: true })).toBeVisible();
    });
  }

  test('no answer at all: it can be cancelled, and the next one goes through', async ({ page }) => {
    const { tenant, path } = connected;
    const imports = new ImportsTab(page, path);
    await imports.open();
    await tenant.addFault({ kind: 'hang', service: 'graph', path: '/v1.0/users' });
    await imports.start();
    await expect(page.getByRole('progressbar', { name: 'Import in progress' })).toHaveAttribute(
      'aria-valuetext',
      /^Users: /,
    );
    await page.getByRole('button', { name: 'Cancel import' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Cancel import' }).click();
    await imports.ends('Cancelled');
    await tenant.calm();
    await imports.run('Completed');
  });
});

test.describe('Azure Resource Manager', () => {
  const PUT = { kind: 'error', service: 'arm', method: 'PUT', path: 'roleAssignments' } as const;
  const principalNotFound = { ...PUT, status: 400, code: 'PrincipalNotFound' };
  let tenant: CustomerTenant;
  test.beforeEach(async () => {
    tenant = await createTenant('arm');
  });
  test.afterEach(() => tenant.calm());

  async function connectAzure(page: Page): Promise<void> {
    await addAccount(page, { kind: 'Azure', name: tenant.name, tenant: tenant.domain });
    await approveAzure(page, tenant.admin);
  }
  const assignment = (page: Page) => page.getByRole('listitem').filter({ hasText: /^Reader role on/ });
  const expectConnected = (page: Page) =>
    expect(page.getByText('Connected', { exact: true }).first()).toBeVisible();

  test('does not know our identity yet: it is waited for, and the tenant is connected', async ({ page }) => {
    await tenant.addFault(principalNotFound);
    await connectAzure(page);
    await expect(assignment(page)).toContainText(/has not copied our identity .* Trying again/);
    await tenant.calm();
    await expectConnected(page);
  });

  test('never gets to know our identity: that is given up, said, and can be tried again', async ({
    page,
  }) => {
    await tenant.addFault(principalNotFound);
    await connectAzure(page);
    await expect(assignment(page)).toContainText('Trying again');
    await endPatience(tenant);
    await expectHelpIn(page.getByRole('main').getByRole('alert'), {
      words: /has not copied our identity/,
      who: 'you',
      action: /start again later/,
      code: 'PrincipalNotFound',
    });
    // This process is still trying, as none would after five minutes.
    await tenant.calm();
    await tenant.addFault({ ...PUT, status: 403, code: 'AuthorizationFailed' });
    await expectNobodyTries(tenant);
    await tenant.calm();
    await page.getByRole('button', { name: 'Try again' }).click();
    await approveAzure(page, tenant.admin);
    await expectConnected(page);
  });

  test('is busy with another change (409): it is tried again, and the tenant is connected', async ({
    page,
  }) => {
    await tenant.addFault({ ...PUT, status: 409, code: 'AnotherOperationInProgress' });
    await connectAzure(page);
    await expect(assignment(page)).toContainText(/busy with another change .* Trying again/);
    await tenant.calm();
    await expectConnected(page);
  });

  test('refuses the role assignment (403): an owner is asked for, and signing in again adds it', async ({
    page,
  }) => {
    const action = 'Microsoft.Authorization/roleAssignments/write';
    await tenant.addFault({
      ...PUT,
      status: 403,
      code: 'AuthorizationFailed',
      message: `The client 'x' does not have authorization to perform action '${action}' over scope '/subscriptions/y'.`,
    });
    await connectAzure(page);
    await expectHelpIn(page.getByRole('main').getByRole('alert'), {
      words: `${action} is missing`,
      who: 'Owner or User Access Administrator',
      action: /add the subscription again/,
      code: 'AuthorizationFailed',
    });
    await tenant.calm();
    await page.getByRole('button', { name: 'Try again' }).click();
    await approveAzure(page, tenant.admin);
    await expectConnected(page);
  });

  test('refuses an import (403, 404): the next one completes', async ({ page }) => {
    await connectAzure(page);
    await expectConnected(page);
    const imports = new ImportsTab(page, await pathOf(page, tenant));
    await imports.open();
    await imports.ends('Completed');
    const READ = 'Microsoft.Resources/subscriptions/read';
    for (const { status, message, ...help } of [
      {
        status: 403,
        message: `The client 'x' does not have authorization to perform action '${READ}' over scope '/'.`,
        words: `${READ} is missing`,
        who: 'Owner or User Access Administrator',
        action: /add the subscription again/,
        code: 'AuthorizationFailed',
      },
      {
        status: 404,
        message: 'The subscription could not be found.',
        words: /does not know this subscription/,
        who: 'Owner',
        action: /Azure portal/,
        code: 'SubscriptionNotFound',
      },
    ]) {
      await tenant.addFault({
        kind: 'error',
        service: 'arm',
        method: 'GET',
        status,
        message,
        code: help.code,
      });
      await imports.run('Failed');
      await expectHelpIn(page.getByRole('region', { name: 'Import', exact: true }).getByRole('alert'), help);
      await tenant.calm();
      await imports.run('Completed');
    }
  });
});

const expectNobodyTries = ({ id }: CustomerTenant) =>
  expect
    .poll(
      () =>
        inDatabase(({ prisma }) =>
          prisma.azureSubscription.count({ where: { tenant: { directoryId: id }, status: 'adding' } }),
        ),
      { timeout: 20_000 },
    )
    .toBe(0);

/**
 * What is stored after five minutes of waiting for Azure to know our identity, of which
 * `lib/domain/consent/azure.db.test.ts` shows that they end so.
 */
async function endPatience({ id }: CustomerTenant): Promise<void> {
  const problem = {
    code: 'principal-not-found',
    microsoft: { code: 'PrincipalNotFound', correlationId: crypto.randomUUID(), status: 400 },
  };
  await inDatabase(async ({ prisma }) => {
    const flow = { tenant: { directoryId: id } };
    await prisma.consentFlow.updateMany({ where: flow, data: { status: 'failed', problem } });
    await prisma.tenant.updateMany({
      where: { directoryId: id },
      data: { status: 'cannot_connect', statusProblem: problem },
    });
  });
}
