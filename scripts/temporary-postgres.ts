import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { chownSync, existsSync, globSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';

const OLDEST_VERSION = 15;
const USER = 'cloud_tenant_setup';
const START_TIMEOUT_MS = 60_000;
const STOP_TIMEOUT_MS = 20_000;

export type TemporaryPostgres = {
  /** For a user who may create databases. */
  readonly url: string;
  readonly version: string;
  /** Stops the server and removes its files. */
  stop(): Promise<void>;
};

/** There is no PostgreSQL of a supported version on this machine, and none could be installed. */
export class NoPostgresError extends Error {}

/**
 * Starts a real PostgreSQL server of our own: a fresh data folder among the temporary files, a free port of the
 * loopback interface, a password. It sorts by the rules of a language, as most servers do, so that a test fails which
 * relies on the order of code points without asking for it; and it gives up durability, which tests do not need.
 */
export async function startTemporaryPostgres(): Promise<TemporaryPostgres> {
  const programs = findPrograms() ?? installPrograms();
  if (!programs) {
    throw new NoPostgresError(`no PostgreSQL ${OLDEST_VERSION} or newer found (initdb and postgres)`);
  }
  const folder = mkdtempSync(join(tmpdir(), 'cloud-tenant-setup-postgres-'));
  try {
    const account = serverAccount();
    const password = randomBytes(18).toString('base64url');
    if (account) chownSync(folder, account.uid, account.gid);
    createCluster(programs.folder, folder, password, account);
    const port = await freePort();
    const child = await startServer(programs.folder, folder, port, account);
    return {
      url: `postgresql://${USER}:${password}@127.0.0.1:${port}/postgres`,
      version: programs.version,
      async stop() {
        await stopServer(child);
        rmSync(folder, { recursive: true, force: true });
      },
    };
  } catch (error) {
    rmSync(folder, { recursive: true, force: true });
    throw error;
  }
}

type Programs = { readonly folder: string; readonly version: string };

/** The newest server programs: of the PATH, or where Linux distributions and Homebrew put them. */
function findPrograms(): Programs | undefined {
  const onPath = (process.env.PATH ?? '')
    .split(delimiter)
    .map((folder) => join(folder, 'initdb'))
    .filter((file) => existsSync(file))
    // A link in the PATH may not have its neighbours beside it.
    .map((file) => dirname(realpathSync(file)));
  const elsewhere = [
    '/usr/lib/postgresql/*/bin',
    '/usr/pgsql-*/bin',
    '/opt/homebrew/opt/postgresql@*/bin',
    '/usr/local/opt/postgresql@*/bin',
  ].flatMap((pattern) => globSync(pattern));
  return [...new Set([...onPath, ...elsewhere])]
    .filter((folder) => existsSync(join(folder, 'initdb')) && existsSync(join(folder, 'postgres')))
    .map((folder) => ({ folder, version: versionOf(folder) }))
    .filter(({ version }) => Number.parseInt(version, 10) >= OLDEST_VERSION)
    .sort((a, b) => Number.parseFloat(b.version) - Number.parseFloat(a.version))[0];
}

function versionOf(folder: string): string {
  const { stdout } = spawnSync(join(folder, 'postgres'), ['--version'], { encoding: 'utf8' });
  return /\d+(\.\d+)*/.exec(stdout ?? '')?.[0] ?? '0';
}

/** Debian's package; without a cluster of its own being started, which is what the run level says to its scripts. */
function installPrograms(): Programs | undefined {
  if (process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get')) return undefined;
  console.log("Installing Debian's postgresql with apt-get …");
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1' };
  const install = () =>
    spawnSync('apt-get', ['install', '-y', '--no-install-recommends', 'postgresql'], { env }).status === 0;
  if (!install()) {
    spawnSync('apt-get', ['update'], { env });
    install();
  }
  return findPrograms();
}

type Account = { readonly uid: number; readonly gid: number };

/** PostgreSQL refuses to run as root: root starts it as the user that its package made, or as nobody. */
function serverAccount(): Account | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const id = (option: string, user: string) =>
    spawnSync('id', [option, user], { encoding: 'utf8' }).stdout?.trim();
  const user = ['postgres', 'nobody'].find((name) => id('-u', name));
  if (!user) throw new Error('PostgreSQL does not run as root, and there is no user postgres or nobody.');
  return { uid: Number(id('-u', user)), gid: Number(id('-g', user)) };
}

function createCluster(
  programs: string,
  folder: string,
  password: string,
  account: Account | undefined,
): void {
  const passwordFile = join(folder, 'password');
  writeFileSync(passwordFile, password, { mode: 0o600 });
  if (account) chownSync(passwordFile, account.uid, account.gid);
  const { status, stdout, stderr } = spawnSync(
    join(programs, 'initdb'),
    [
      ...['--pgdata', join(folder, 'data'), '--username', USER, '--pwfile', passwordFile],
      ...['--auth', 'scram-sha-256', '--encoding', 'UTF8', '--no-sync'],
      ...['--locale', 'C', '--locale-provider', 'icu', '--icu-locale', 'en-US'],
    ],
    { ...account, cwd: folder, encoding: 'utf8' },
  );
  if (status !== 0) throw new Error(`initdb failed:\n${stdout}${stderr}`);
}

async function startServer(
  programs: string,
  folder: string,
  port: number,
  account: Account | undefined,
): Promise<ChildProcess> {
  const settings = {
    port,
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    max_connections: 200,
    fsync: 'off',
    synchronous_commit: 'off',
    full_page_writes: 'off',
  };
  const child = spawn(
    join(programs, 'postgres'),
    [
      '-D',
      join(folder, 'data'),
      ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
    ],
    { ...account, cwd: folder, stdio: ['ignore', 'ignore', 'pipe'] },
  );
  let log = '';
  const isReady = new Promise<void>((resolve) => {
    child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
      if (log.includes(READY)) return;
      log += chunk;
      if (log.includes(READY)) resolve();
    });
  });
  const timeout = AbortSignal.timeout(START_TIMEOUT_MS);
  const failed = once(child, 'exit', { signal: timeout }).then(
    () => Promise.reject(new Error(`PostgreSQL ended at its start:\n${log}`)),
    () => Promise.reject(new Error(`PostgreSQL did not start within ${START_TIMEOUT_MS / 1000} s:\n${log}`)),
  );
  // Once the server runs, nobody asks this promise any more.
  failed.catch(() => undefined);
  try {
    await Promise.race([isReady, failed]);
    return child;
  } catch (error) {
    child.kill('SIGKILL');
    throw error;
  }
}

const READY = 'database system is ready to accept connections';

/** SIGINT is PostgreSQL's fast shutdown: it does not wait for clients. */
async function stopServer(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGINT');
  const timer = setTimeout(() => child.kill('SIGKILL'), STOP_TIMEOUT_MS);
  await ended;
  clearTimeout(timer);
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  if (address === null || typeof address === 'string') throw new Error('No free port.');
  return address.port;
}
