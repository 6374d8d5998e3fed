import { join, resolve } from 'node:path';
import { runInstallation } from './install-parts.ts';
import { answers, type PartSpec, sentReady } from './parts.ts';

/** `npm run demo`: everything on this machine, with the simulator in the place of Microsoft's services. */
const ROOT = resolve(import.meta.dirname, '..');
const port = process.env.PORT || '3000';
const simulatorPort = process.env.SIMULATOR_PORT || '4010';
const dataDir = resolve(process.env.DATA_DIR || '.data');
const simulatorUrl = `http://localhost:${simulatorPort}`;
const portalUrl = process.env.APP_URL || `http://localhost:${port}`;

const simulator: PartSpec = {
  name: 'simulator',
  file: join(ROOT, 'simulator/main.ts'),
  env: {
    SIMULATOR_PORT: simulatorPort,
    PORTAL_URL: portalUrl,
    SIMULATOR_STATE: join(dataDir, 'simulator.json'),
  },
  ready: answers(`${simulatorUrl}/`),
};
const worker: PartSpec = { name: 'worker', file: join(ROOT, 'worker/main.ts'), env: {}, ready: sentReady };

await runInstallation(
  {
    ...process.env,
    PORT: port,
    DATA_DIR: dataDir,
    WORKER: 'separate',
    MICROSOFT_CLOUD: 'global',
    MICROSOFT_AUTHORITY_URL: simulatorUrl,
    MICROSOFT_GRAPH_URL: simulatorUrl,
    MICROSOFT_ARM_URL: simulatorUrl,
    EA_REPORTING_URL: simulatorUrl,
    MICROSOFT_CLIENT_ID: '11111111-aaaa-4bbb-8ccc-000000000001',
    MICROSOFT_CLIENT_SECRET: 'simulator-azure-secret~1',
    MICROSOFT_GRAPH_CLIENT_ID: '22222222-aaaa-4bbb-8ccc-000000000002',
    MICROSOFT_GRAPH_CLIENT_SECRET: 'simulator-graph-secret~2',
  },
  [simulator, worker],
);
