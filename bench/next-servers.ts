import type { ChildProcess } from 'node:child_process';
import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { cp, symlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { PORTAL_NODE_ARGS } from '../scripts/portal-node.ts';
import { temporaryFolder } from './databases.ts';
import { type Environment, ROOT, startProcess } from './processes.ts';
import type { Scope } from './scope.ts';

const NEXT = 'node_modules/next/dist/bin/next';
const START_MS = 120_000;

/** A production server of Next on a free port of this machine. */
export type NextServer = { readonly url: string; readonly process: ChildProcess };

/** The portal as `npm start` runs it, with its worker elsewhere. The build has to be there. */
export async function startPortal(scope: Scope, env: Environment): Promise<NextServer> {
  const port = await freePort();
  const url = `http://localhost:${port}`;
  const settings = {
    ...env,
    PORT: String(port),
    APP_URL: url,
    WORKER: 'separate',
    NEXTAUTH_URL: url,
    NEXTAUTH_SECRET: env.AUTH_SECRET ?? '',
    NEXT_MANUAL_SIG_HANDLE: '1',
  };
  return start(scope, {
    folder: ROOT,
    port,
    env: settings,
    nodeArgs: PORTAL_NODE_ARGS,
    readyPath: '/signin',
  });
}

/** The bare page, built for this run with the portal's own Next. */
export async function startBarePage(scope: Scope): Promise<NextServer> {
  // Not where it is: Next takes the portal's proxy and instrumentation, further up, for parts of it.
  const folder = await temporaryFolder(scope);
  await cp(join(ROOT, 'bench/bare-page'), folder, { recursive: true });
  await writeFile(join(folder, 'package.json'), JSON.stringify({ private: true, type: 'module' }));
  await symlink(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
  const env = { ...process.env, NODE_ENV: 'production' as const, NEXT_TELEMETRY_DISABLED: '1' };
  const options = { cwd: folder, env, encoding: 'utf8' } as const;
  const built = spawnSync(process.execPath, [join(ROOT, NEXT), 'build'], options);
  if (built.status !== 0)
    throw new Error(`The bare page could not be built:\n${built.stdout}${built.stderr}`);
  return start(scope, { folder, port: await freePort(), env: {}, readyPath: '/?rows=1' });
}

type Start = {
  readonly folder: string;
  readonly port: number;
  readonly env: Environment;
  readonly nodeArgs?: readonly string[];
  readonly readyPath: string;
};

async function start(scope: Scope, { folder, port, env, nodeArgs, readyPath }: Start): Promise<NextServer> {
  const child = startProcess(scope, {
    file: NEXT,
    args: ['start', folder, '--port', String(port), '--hostname', '127.0.0.1'],
    nodeArgs,
    env: { ...env, NEXT_TELEMETRY_DISABLED: '1' },
    cwd: folder,
  });
  const url = `http://localhost:${port}`;
  await untilAnswers(child, url + readyPath);
  return { url, process: child };
}

/** Waits until an address answers well. Throws when the process that is to answer ends before. */
export async function untilAnswers(child: ChildProcess, url: string): Promise<void> {
  const giveUp = AbortSignal.timeout(START_MS);
  while (!(await isOk(url))) {
    if (child.exitCode !== null)
      throw new Error(`${child.spawnargs.at(-1)} ended with code ${child.exitCode}.`);
    await sleep(100, undefined, { signal: giveUp });
  }
}

async function isOk(url: string): Promise<boolean> {
  try {
    return (await fetch(url, { signal: AbortSignal.timeout(5_000) })).ok;
  } catch {
    return false;
  }
}

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  if (address === null || typeof address === 'string') throw new Error('No free port.');
  return address.port;
}
