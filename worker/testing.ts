/*
 * For tests: a worker process like that of `npm run worker`, on a test's database and simulator.
 */
import { type ChildProcess, type ForkOptions, fork } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { type DatabaseTarget, embeddedSocketFolder } from '#lib/db/target.ts';

const PROGRAMS = { main: 'main.ts', ranges: 'worker-for-tests.ts' } as const;

export type WorkerSettings = {
  readonly target: DatabaseTarget;
  /** The origin that plays Microsoft. */
  readonly microsoftUrl: string;
  readonly clients: Readonly<
    Record<'azure' | 'graph', { readonly clientId: string; readonly secret: string }>
  >;
};

export type WorkerFactory = {
  /** Starts a worker process, and waits until it takes jobs. `ranges` reads small directories in ranges too. */
  start(program?: keyof typeof PROGRAMS): Promise<ChildProcess>;
  /** Ends every worker that still runs. */
  stop(): Promise<void>;
};

export async function createWorkers(settings: WorkerSettings): Promise<WorkerFactory> {
  const { target, microsoftUrl, clients } = settings;
  const dataDir = await mkdtemp(join(tmpdir(), 'cts-worker-'));
  const socketFolder = embeddedSocketFolder(dataDir);
  // The process looks where the embedded database of its data folder would be, and finds that of the test.
  if (target.type === 'embedded') await symlink(target.socketFolder, socketFolder);
  const env: ForkOptions['env'] = {
    NODE_ENV: 'test',
    PATH: process.env.PATH,
    DATA_DIR: dataDir,
    ...(target.type === 'server' && {
      DATABASE_URL: target.url,
      AUTH_SECRET: randomBytes(32).toString('hex'),
      ENCRYPTION_KEYS: `test:${randomBytes(32).toString('base64')}`,
    }),
    LOG_LEVEL: 'error',
    MICROSOFT_AUTHORITY_URL: microsoftUrl,
    MICROSOFT_GRAPH_URL: microsoftUrl,
    MICROSOFT_ARM_URL: microsoftUrl,
    EA_REPORTING_URL: microsoftUrl,
    MICROSOFT_CLIENT_ID: clients.azure.clientId,
    MICROSOFT_CLIENT_SECRET: clients.azure.secret,
    MICROSOFT_GRAPH_CLIENT_ID: clients.graph.clientId,
    MICROSOFT_GRAPH_CLIENT_SECRET: clients.graph.secret,
  };
  const children: ChildProcess[] = [];
  return {
    async start(program = 'main') {
      const child = fork(resolve(import.meta.dirname, PROGRAMS[program]), {
        env,
        execArgv: [],
        stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
      });
      children.push(child);
      await once(child, 'message');
      return child;
    },
    async stop() {
      await Promise.all(children.map((child) => endChild(child, 'SIGTERM')));
      await rm(socketFolder, { force: true });
      await rm(dataDir, { recursive: true });
    },
  };
}

/** Sends the signal, and waits for the end. Returns the exit code; null after a signal that ends at once. */
export async function endChild(child: ChildProcess, signal: 'SIGTERM' | 'SIGKILL'): Promise<number | null> {
  if (child.exitCode === null && child.signalCode === null) {
    const ended = once(child, 'exit');
    child.kill(signal);
    await ended;
  }
  return child.exitCode;
}
