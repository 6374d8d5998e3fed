import { randomBytes } from 'node:crypto';
import type { Browser, BrowserContext, Page } from '@playwright/test';
import { Control } from '../simulator/testing.ts';
import { inDatabase } from './database.ts';
import { test as base, createOrganization, expect, signIn } from './fixtures.ts';

/** Somebody who is signed in to the portal as the owner of an organization of their own. */
export type Home = {
  readonly persona: `Admin of ${string}`;
  readonly organization: string;
  readonly cookies: Awaited<ReturnType<BrowserContext['storageState']>>;
};

type Rule = Readonly<Record<string, unknown>>;

/** A tenant at Microsoft that belongs to one test alone. What a test makes go wrong there ends with the test. */
export class CustomerTenant {
  readonly id: string;
  readonly name: string;
  readonly domain: string;
  readonly control: Control;
  readonly #undo: string[] = [];

  private constructor(control: Control, id: string, name: string, domain: string) {
    this.control = control;
    this.id = id;
    this.name = name;
    this.domain = domain;
  }

  static async create(control: Control, word: string, subscriptions = 1): Promise<CustomerTenant> {
    const slug = `${word}-${randomBytes(4).toString('hex')}`;
    const domain = `${slug}.example.com`;
    const { tenant } = await control.createTenant({ domain, displayName: slug, users: 12, subscriptions });
    await control.request('POST', `/tenants/${tenant.id}`, {
      servicePrincipalLagMs: 0,
      grantLagMs: 0,
      principalLagMs: 0,
      roleAssignmentLagMs: 0,
    });
    return new CustomerTenant(control, tenant.id, slug, domain);
  }

  /** Global Administrator, and Owner of its subscription. */
  get admin(): `Admin of ${string}` {
    return `Admin of ${this.name}`;
  }

  /** Somebody in it without any role, unless told otherwise. */
  async addPerson(who: string, more: Rule = {}): Promise<string> {
    const displayName = `${who} of ${this.name}`;
    const mail = `${who.toLowerCase()}@${this.domain}`;
    await this.control.request('POST', '/personas', { tenantId: this.id, mail, displayName, ...more });
    return displayName;
  }

  async addFault(rule: Rule): Promise<void> {
    const { id } = await this.control.fault({ ...rule, tenantId: this.id });
    this.#undo.push(`/faults/${id}`);
  }

  /** A refusal by the token endpoint, as Microsoft words it. */
  refuseTokens(refusal: { code: string; error: string; message: string; status: number } & Rule) {
    return this.addFault({ kind: 'error', service: 'login', path: '/oauth2/v2.0/token', ...refusal });
  }

  /** Conditional Access; returns how to take it back before the test ends. */
  async addPolicy(policy: Rule): Promise<() => Promise<unknown>> {
    const { id } = await this.control.request<{ id: string }>('POST', '/sign-in-policies', {
      ...policy,
      tenantId: this.id,
    });
    const path = `/sign-in-policies/${id}`;
    this.#undo.push(path);
    return () => this.control.request('DELETE', this.#undo.splice(this.#undo.indexOf(path), 1)[0] ?? path);
  }

  async calm(): Promise<void> {
    for (const path of this.#undo.splice(0)) await this.control.request('DELETE', path);
  }
}

type Fixtures = {
  /** Who works in the portal: one for a few tests of a file, as nobody may begin too many connections at once. */
  readonly home: Home;
  readonly tenant: CustomerTenant;
  /** Another one, where two are needed. */
  readonly otherTenant: CustomerTenant;
};

const TESTS_OF_A_HOME = 8;

const asFixture =
  (word: string) =>
  async ({ simulatorUrl }: { simulatorUrl: string }, use: (tenant: CustomerTenant) => Promise<void>) => {
    const tenant = await CustomerTenant.create(new Control(simulatorUrl), word);
    await use(tenant);
    await tenant.calm();
  };

/** Tests on the way from "Add Cloud Account" to a connected tenant: signed in, with a tenant to connect. */
export const test = base.extend<Fixtures, { readonly homeOf: (file: string) => Promise<Home> }>({
  homeOf: [
    async ({ browser }, use) => {
      let current: { readonly file: string; readonly home: Promise<Home>; tests: number } | undefined;
      await use((file) => {
        if (current?.file !== file || current.tests === TESTS_OF_A_HOME)
          current = { file, home: makeHome(browser), tests: 0 };
        current.tests += 1;
        return current.home;
      });
    },
    { scope: 'worker' },
  ],
  home: async ({ homeOf }, use, { file }) => use(await homeOf(file)),
  storageState: async ({ home }, use) => use(home.cookies),
  tenant: asFixture('asked'),
  otherTenant: asFixture('other'),
});

/** Makes a person, and an organization of theirs. */
export async function makeHome(browser: Browser): Promise<Home> {
  const own = await CustomerTenant.create(new Control(process.env.SIMULATOR_URL ?? ''), 'home');
  const context = await browser.newContext({
    baseURL: process.env.PORTAL_URL ?? '',
    // Within a test a context would begin with the cookies of its home.
    storageState: { cookies: [], origins: [] },
  });
  const page = await context.newPage();
  await signIn(page, own.admin);
  await createOrganization(page, own.name);
  const cookies = await context.storageState();
  await context.close();
  return { persona: own.admin, organization: own.name, cookies };
}

const GUID = /[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/;

/**
 * The person is helped: the page has a title, an alert says what happened, and there is something to press. `code` is
 * Microsoft's, which comes with a correlation ID for support.
 */
export async function expectHelp(page: Page, words: RegExp, code?: string): Promise<void> {
  const main = page.getByRole('main');
  const alert = main.getByRole('alert').filter({ hasText: words }).first();
  await expect(alert).toBeVisible();
  await expect(main.getByRole('heading', { level: 1 })).toBeVisible();
  await expect(page).toHaveTitle(/\S/);
  await expect(main.getByRole('button').or(main.getByRole('link')).first()).toBeVisible();
  if (!code) return;
  await expect(alert).toContainText(code);
  await expect(alert).toContainText(/correlation/i);
  await expect(alert).toContainText(GUID);
}

/** Nothing at all is known of these tenants, whatever the pages say. */
export async function expectNothingStored(...tenants: readonly CustomerTenant[]): Promise<void> {
  const directoryId = { in: tenants.map(({ id }) => id) };
  const stored = await inDatabase(async ({ prisma }) => ({
    tenants: await prisma.tenant.count({ where: { directoryId } }),
    subscriptions: await prisma.azureSubscription.count({ where: { tenant: { directoryId } } }),
    imports: await prisma.importRun.count({ where: { tenant: { directoryId } } }),
  }));
  expect(stored).toEqual({ tenants: 0, subscriptions: 0, imports: 0 });
}

/** The page says that the tenant is connected, and there is one of it. */
export async function expectConnected(page: Page, { id }: CustomerTenant): Promise<void> {
  await expect(page.getByText('Connected', { exact: true }).first()).toBeVisible();
  const stored = await inDatabase(({ prisma }) =>
    prisma.tenant.findMany({ where: { directoryId: id }, select: { status: true } }),
  );
  expect(stored).toEqual([{ status: 'connected' }]);
}

/** What the portal has made of the one tenant by now: one of these statuses. */
export async function expectStatus({ id }: CustomerTenant, ...statuses: readonly string[]): Promise<void> {
  const read = () =>
    inDatabase(({ prisma }) =>
      prisma.tenant.findMany({ where: { directoryId: id }, select: { status: true } }),
    );
  await expect
    .poll(async () => (await read()).map(({ status }) => status).filter((each) => statuses.includes(each)))
    .toHaveLength(1);
}
