import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const ROOT = resolve(import.meta.dirname, '..');
const START_TIMEOUT_MS = 120_000;
const STOP_TIMEOUT_MS = 30_000;

/** Settings of the portal that must not reach the tested one from the shell of whoever runs the tests. */
const SETTINGS =
  /^(MICROSOFT_|PARTNER_|EA_|SMTP_|NOTIFY_|NEXTAUTH_)|^(APP_URL|DATABASE_URL|AUTH_SECRET|ENCRYPTION_KEYS|WORKER|LOG_LEVEL)$/;

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
  const [port, simulatorPort] = await freePorts(2);
  const environment = { ...process.env };
  for (const name of Object.keys(environment)) if (SETTINGS.test(name)) delete environment[name];
  const demo = spawn(process.execPath, ['scripts/demo.ts'], {
    cwd: ROOT,
    env: { ...environment, PORT: `${port}`, SIMULATOR_PORT: `${simulatorPort}`, DATA_DIR: dataDir },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const stop = async () => {
    await end(demo);
    rmSync(dataDir, { recursive: true, force: true });
  };
  try {
    process.env.PORTAL_URL = await readyUrl(demo, log);
  } catch (error) {
    await stop();
    throw error;
  }
  process.env.SIMULATOR_URL = `http://localhost:${simulatorPort}`;
  process.env.PORTAL_DATA_DIR = dataDir;
  process.env.PORTAL_LOG = log;
  return stop;
}

/** The address in the line with which the demo says that a browser can use the portal. */
async function readyUrl(demo: ChildProcess, logFile: string): Promise<string> {
  const log = createWriteStream(logFile);
  let printed = '';
  const ready = new Promise<string>((resolveReady) => {
    for (const stream of [demo.stdout, demo.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => {
        log.write(text);
        if (printed.length < 100_000) printed += text;
        const url = /^Portal ready at (\S+)$/m.exec(printed)?.[1];
        if (url) resolveReady(url);
      });
    }
  });
  const ended = once(demo, 'exit', { signal: AbortSignal.timeout(START_TIMEOUT_MS) }).then(
    () => Promise.reject(new Error(`The demo ended at its start:\n${printed}`)),
    () => Promise.reject(new Error(`The demo was not ready after ${START_TIMEOUT_MS / 1000} s:\n${printed}`)),
  );
  // It settles at the end of the run as well, when nobody asks any more.
  ended.catch(() => undefined);
  return Promise.race([ready, ended]);
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), STOP_TIMEOUT_MS);
  await exited;
  clearTimeout(timer);
}

/** Held open together, so that they differ. */
async function freePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => createServer().listen(0));
  await Promise.all(servers.map((server) => server.listening || once(server, 'listening')));
  const ports = servers.map((server) => {
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('No free port.');
    return address.port;
  });
  await Promise.all(servers.map((server) => once(server.close(), 'close')));
  return ports;
}
