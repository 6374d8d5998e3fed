import type { Browser, Page } from 'playwright';
import type { Measurement } from '../bench.ts';
import { startBrowser } from '../browser.ts';
import { temporaryFolder } from '../databases.ts';
import { formatSeconds, type Pair, toFigure } from '../figures.ts';
import { freePort, untilAnswers } from '../next-servers.ts';
import { startProcess } from '../processes.ts';
import { type Scope, withScope } from '../scope.ts';

const BUDGET_MS = 15_000;

/** What the simulator otherwise takes to make a consent known, as Microsoft does. */
const NO_LAG = {
  servicePrincipalLagMs: 0,
  grantLagMs: 0,
  principalLagMs: 0,
  principalLagWithoutTypeMs: 0,
  roleAssignmentLagMs: 0,
  latencyMs: 0,
};

/** How long somebody waits who has just accepted, until the portal shows the first number of their licences. */
export const firstNumber: Measurement = {
  name: 'accept-to-first-number',
  async measure(bench) {
    const pairs: Pair[] = [];
    await withScope(bench.scope, async (scope) => {
      const browser = await startBrowser(scope);
      for (let run = 1; run <= bench.runs; run += 1) {
        const measured = await withScope(scope, (demo) => connectOnce(demo, browser));
        bench.say(`accept-to-first-number ${run}: ${formatSeconds(measured)}`);
        pairs.push({ measured, reference: BUDGET_MS });
      }
    });
    return [
      toFigure({
        name: 'accept-to-first-number',
        reference: 'budget of 15 s',
        target: 1,
        pairs,
        format: formatSeconds,
        note: 'from the click on Accept, by way of the second sign-in, to the number of products on the return page; demo, embedded database, simulator without lag',
      }),
    ];
  },
};

/** A demo of its own: the first consent that it ever sees. Returns milliseconds. */
async function connectOnce(scope: Scope, browser: Browser): Promise<number> {
  const [port, simulatorPort] = await Promise.all([freePort(), freePort()]);
  const url = `http://localhost:${port}`;
  const simulatorUrl = `http://localhost:${simulatorPort}`;
  const demo = startProcess(scope, {
    file: 'scripts/demo.ts',
    env: {
      PORT: String(port),
      SIMULATOR_PORT: String(simulatorPort),
      DATA_DIR: await temporaryFolder(scope),
    },
  });
  await untilAnswers(demo, `${url}/api/health`);
  await fetch(`${simulatorUrl}/_control/settings`, { method: 'POST', body: JSON.stringify(NO_LAG) });
  const context = await browser.newContext();
  scope.defer(() => context.close());
  const page = await context.newPage();
  await askForConsent(page, url);

  const startedAt = performance.now();
  await page.getByRole('button', { name: 'Accept' }).click();
  await pickAccount(page);
  // The page says it twice, to people who look and to people who listen.
  await page
    .getByText(/\d+ products? found/)
    .first()
    .waitFor();
  return performance.now() - startedAt;
}

/** Signs in, founds an organization, and goes on until Microsoft asks for the consent. */
async function askForConsent(page: Page, url: string): Promise<void> {
  await page.goto(`${url}/signin`);
  await page.getByRole('button', { name: 'Sign in with Microsoft' }).click();
  await pickAccount(page);
  const name = page.getByRole('textbox', { name: 'Organization name' });
  const accept = page.getByRole('button', { name: 'Accept' });
  await name.or(accept).waitFor();
  // To sign in at all is a consent of its own, where nobody has given it yet.
  if (await accept.isVisible()) await accept.click();
  await name.fill('Benchmark');
  await page.getByRole('button', { name: 'Create organization' }).click();
  await page.waitForURL((address) => address.pathname !== '/welcome');
  await page.goto(`${url}/setup/cloud-tenants/add`);
  await page.getByRole('radio', { name: 'Office 365' }).check();
  await page.getByRole('textbox', { name: 'Tenant name' }).fill('Contoso');
  await page.getByRole('textbox', { name: 'Tenant ID or domain' }).fill('contoso.com');
  await page.getByRole('button', { name: 'Add Cloud Account' }).click();
  await pickAccount(page);
  await page.getByRole('heading', { name: 'Permissions requested' }).waitFor();
}

/** On the login service's page; the portal itself has a button with the person's name, too. */
async function pickAccount(page: Page): Promise<void> {
  await page.getByRole('heading', { name: 'Pick an account' }).waitFor();
  await page.getByRole('button', { name: /^Alex Admin/ }).click();
}
