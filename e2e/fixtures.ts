import { AxeBuilder } from '@axe-core/playwright';
import { test as base, expect, type Page } from '@playwright/test';

export { expect };

/** The people of the simulator's directories, by the names on its sign-in page. */
export type Persona =
  | 'Alex Admin'
  | 'Olivia Owner'
  | 'Uma User'
  | 'Gus Guest'
  | 'Fiona Fabrikam'
  | 'Ada Adatum';

type Fixtures = {
  /** Where the simulator listens, with its switches under `/_control/`. */
  readonly simulatorUrl: string;
  /**
   * Says that the browser will complain in this test: the pattern of a message that is no failure, such as the status
   * of a page that is meant to be missing.
   */
  readonly allowBrowserMessage: (pattern: RegExp) => void;
};

/**
 * Playwright's `test` against the portal that the global setup started. A test fails when a page throws, or writes an
 * error to the console that the test did not announce.
 */
export const test = base.extend<Fixtures>({
  // Known in the processes that run tests, since the setup comes before them.
  baseURL: process.env.PORTAL_URL ?? '',
  simulatorUrl: [process.env.SIMULATOR_URL ?? '', { option: true }],
  allowBrowserMessage: [
    async ({ context }, use) => {
      const allowed: RegExp[] = [];
      const messages: string[] = [];
      context.on('console', (message) => {
        if (message.type() === 'error') messages.push(`${message.text()} (${message.location().url})`);
      });
      context.on('weberror', (error) => messages.push(error.error().stack ?? error.error().message));
      await use((pattern) => allowed.push(pattern));
      const unexpected = messages.filter((message) => !allowed.some((pattern) => pattern.test(message)));
      expect(unexpected, 'errors in the browser').toEqual([]);
    },
    { auto: true },
  ],
});

/**
 * Signs in by the screens, as a person does: the portal's sign-in page, then the simulator's, where the persona is
 * chosen. Ends on the portal's page that follows: `/welcome` for somebody without an organization.
 */
export async function signIn(page: Page, persona: Persona | `Admin of ${string}`): Promise<void> {
  await page.goto('/signin');
  const portal = new URL(page.url()).origin;
  await page.getByRole('button', { name: 'Sign in with Microsoft' }).click();
  await page.getByRole('heading', { name: 'Pick an account' }).waitFor();
  await page.getByRole('button', { name: new RegExp(`^${persona}`) }).click();
  await arriveAtPortal(page, portal);
}

/** From Microsoft's pages back to the portal; at their first sign-in a person consents to being known by name. */
export async function arriveAtPortal(page: Page, portal = process.env.PORTAL_URL): Promise<void> {
  const isThere = (url: URL) => url.origin === portal && !url.pathname.startsWith('/api/');
  const consent = page.getByRole('heading', { name: 'Permissions requested' });
  await Promise.race([page.waitForURL(isThere), consent.waitFor()]);
  if (await consent.isVisible()) await page.getByRole('button', { name: 'Accept' }).click();
  await page.waitForURL(isThere);
}

/** Creates the organization that a person without one is asked for. */
export async function createOrganization(page: Page, name: string): Promise<void> {
  await page.getByRole('textbox', { name: 'Organization name' }).fill(name);
  await page.getByRole('button', { name: 'Create organization' }).click();
  await page.waitForURL((url) => url.pathname !== '/welcome');
}

/**
 * Fails where axe finds a violation: of all its rules in the light theme, of those about colour in the dark one, since
 * the rest of a page is the same in both.
 */
export async function expectNoViolations(page: Page): Promise<void> {
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    // Our pages have no frames: without this each look opens another page to put their results together.
    const axe = new AxeBuilder({ page }).setLegacyMode();
    const { violations } = await (colorScheme === 'dark'
      ? axe.withRules(['color-contrast', 'link-in-text-block'])
      : axe
    ).analyze();
    const found = violations.map(({ id, help, nodes }) => ({
      rule: `${id}: ${help}`,
      where: nodes.map(({ target, failureSummary }) => `${target.join(' ')} ${failureSummary}`),
    }));
    expect(found, `accessibility in the ${colorScheme} theme`).toEqual([]);
  }
  await page.emulateMedia({ colorScheme: null });
}
