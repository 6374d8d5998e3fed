import { randomUUID } from 'node:crypto';
import type { Browser } from 'playwright';
import type { Runtime } from '#lib/runtime.ts';
import type { Measurement } from '../bench.ts';
import { startBrowser } from '../browser.ts';
import { type Figure, toFigure } from '../figures.ts';
import type { FilledDirectory } from '../filled-directory.ts';
import { startPortal } from '../next-servers.ts';
import { withScope } from '../scope.ts';
import { type SessionCookie, signIn } from '../session.ts';

const BUDGET_KB = 180;

/** How much JavaScript a browser without a cache gets with each page. It is the same each time, so it is read once. */
export const firstLoadJs: Measurement = {
  name: 'first-load-js',
  async measure(bench) {
    const directory = await bench.filledDirectory();
    const paths = await pathsOf(directory);
    return withScope(bench.scope, async (scope) => {
      const portal = await startPortal(scope, directory.env);
      const browser = await startBrowser(scope);
      const cookie = await signIn(portal.url);
      const figures: Figure[] = [];
      for (const [name, path] of paths) {
        const kilobytes = await scriptKilobytes(browser, portal.url, path, cookie);
        bench.say(`first-load-js ${name}: ${formatKilobytes(kilobytes)}`);
        figures.push(
          toFigure({
            name: `first-load-js ${name}`,
            reference: `budget of ${BUDGET_KB} kB`,
            target: 1,
            pairs: [{ measured: kilobytes, reference: BUDGET_KB }],
            format: formatKilobytes,
            note: 'gzip, as transferred',
          }),
        );
      }
      return figures;
    });
  },
};

/** Every page that a member can open, by a name that does not change with the ids. */
async function pathsOf({
  product,
  tenant,
}: FilledDirectory): Promise<ReadonlyArray<readonly [string, string]>> {
  const { tenantId } = tenant;
  const { id } = await product.services.database.prisma.directoryUser.findFirstOrThrow({
    where: { tenantId },
    select: { id: true },
  });
  const azure = await connectAzure(product, tenant.organizationId);
  const paths = [
    '/signin',
    '/setup/cloud-tenants',
    '/setup/cloud-tenants/add',
    '/setup/cloud-tenants/removed',
    '/setup/cloud-tenants/{azure}',
    '/setup/cloud-tenants/{azure}/subscriptions/access',
    '/setup/cloud-tenants/{azure}/subscriptions/commands',
    '/setup/cloud-tenants/{azure}/receipts',
    '/setup/cloud-tenants/{azure}/access-tokens',
    '/setup/cloud-tenants/{azure}/enrollments',
    '/setup/cloud-tenants/{azure}/permissions',
    '/setup/cloud-tenants/{azure}/settings/remove',
    '/setup/cloud-tenants/{tenant}',
    '/setup/cloud-tenants/{tenant}/imports',
    '/setup/cloud-tenants/{tenant}/permissions',
    '/setup/cloud-tenants/{tenant}/settings',
    '/licenses',
    '/users',
    '/users/{tenant}/{user}',
  ];
  return paths.map((path) => [
    path,
    path.replace('{tenant}', tenantId).replace('{azure}', azure).replace('{user}', id),
  ]);
}

/** An Azure account with a subscription, as its tabs differ from those of Office 365. */
async function connectAzure({ services }: Runtime, organizationId: string): Promise<string> {
  const id = randomUUID();
  await services.database.prisma.tenant.create({
    data: {
      id,
      organizationId,
      kind: 'azure',
      name: 'Load Azure',
      directoryId: randomUUID(),
      agreement: 'ea',
      status: 'connected',
      boundByPerson: 'benchmark',
      boundAt: new Date(),
      azureSubscriptions: {
        create: {
          subscriptionId: randomUUID(),
          displayName: 'Load subscription',
          state: 'Enabled',
          status: 'added',
          accessLevel: 'resources',
          addedAt: new Date(),
        },
      },
    },
    select: { id: true },
  });
  return id;
}

async function scriptKilobytes(
  browser: Browser,
  portalUrl: string,
  path: string,
  cookie: SessionCookie,
): Promise<number> {
  const context = await browser.newContext();
  try {
    if (path !== '/signin') await context.addCookies([{ ...cookie, url: portalUrl }]);
    const page = await context.newPage();
    const network = await context.newCDPSession(page);
    await network.send('Network.enable');
    const scripts = new Set<string>();
    let bytes = 0;
    network.on('Network.responseReceived', ({ requestId, response }) => {
      if (response.mimeType.includes('javascript')) scripts.add(requestId);
    });
    network.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
      if (scripts.has(requestId)) bytes += encodedDataLength;
    });
    const response = await page.goto(portalUrl + path, { waitUntil: 'networkidle' });
    if (response?.status() !== 200 || new URL(page.url()).pathname !== path) {
      throw new Error(`${path} answered with status ${response?.status()} at ${page.url()}.`);
    }
    return bytes / 1000;
  } finally {
    await context.close();
  }
}

const formatKilobytes = (kilobytes: number): string => `${Math.round(kilobytes)} kB`;
