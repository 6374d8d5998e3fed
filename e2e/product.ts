import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { createServer } from 'node:net';
import { join, resolve } from 'node:path';

export const ROOT = resolve(import.meta.dirname, '..');
const START_TIMEOUT_MS = 120_000;
const STOP_TIMEOUT_MS = 30_000;

/** Settings of the portal that must not reach a tested one from the shell of whoever runs the tests. */
const SETTINGS =
  /^(MICROSOFT_|PARTNER_|EA_|SMTP_|NOTIFY_|NEXTAUTH_)|^(APP_URL|DATABASE_URL|AUTH_SECRET|ENCRYPTION_KEYS|WORKER|LOG_LEVEL)$/;

/** The environment of this process without the settings of a portal. */
export function cleanEnvironment(): NodeJS.ProcessEnv {
  const environment = { ...process.env };
  for (const name of Object.keys(environment)) if (SETTINGS.test(name)) delete environment[name];
  return environment;
}

export type RunningDemo = { readonly url: string; readonly simulatorUrl: string; stop(): Promise<void> };

/** Starts what `npm run demo` starts, on free ports, and waits until a browser can use it. It prints into `log`. */
export async function startDemo(dataDir: string, log: string): Promise<RunningDemo> {
  const [port, simulatorPort] = await freePorts(2);
  const demo = spawn(process.execPath, [join(ROOT, 'scripts/demo.ts')], {
    cwd: ROOT,
    env: { ...cleanEnvironment(), PORT: `${port}`, SIMULATOR_PORT: `${simulatorPort}`, DATA_DIR: dataDir },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const stop = () => end(demo, 'SIGTERM');
  try {
    return { url: await readyUrl(demo, log), simulatorUrl: `http://localhost:${simulatorPort}`, stop };
  } catch (error) {
    await stop();
    throw error;
  }
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

/** Sends the signal, and resolves when the process has ended. */
export async function end(child: ChildProcess, signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  child.kill(signal);
  const timer = setTimeout(() => child.kill('SIGKILL'), STOP_TIMEOUT_MS);
  await exited;
  clearTimeout(timer);
}

/** Held open together, so that they differ. */
export async function freePorts(count: number): Promise<number[]> {
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
