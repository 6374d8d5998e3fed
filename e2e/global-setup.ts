import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ROOT, startDemo } from './product.ts';

/**
 * Starts what `npm run demo` starts, with empty state of its own and on free ports, for all tests of the run. Tests
 * find it in PORTAL_URL and SIMULATOR_URL, its data in PORTAL_DATA_DIR and everything it prints in the file PORTAL_LOG.
 */
export default async function startProduct(): Promise<() => Promise<void>> {
  const bootstrap = spawnSync(process.execPath, [join(ROOT, 'scripts/bootstrap.mjs'), '--build'], {
    stdio: 'inherit',
  });
  if (bootstrap.status !== 0) throw new Error('The portal could not be built.');

  const dataDir = mkdtempSync(join(tmpdir(), 'cloud-tenant-setup-data-'));
  const log = join(process.env.E2E_OUTPUT ?? dataDir, 'portal.log');
  const removeData = () => rmSync(dataDir, { recursive: true, force: true });
  const demo = await startDemo(dataDir, log).catch((error: unknown) => {
    removeData();
    throw error;
  });
  process.env.PORTAL_URL = demo.url;
  process.env.SIMULATOR_URL = demo.simulatorUrl;
  process.env.PORTAL_DATA_DIR = dataDir;
  process.env.PORTAL_LOG = log;
  return async () => {
    await demo.stop();
    removeData();
  };
}
