import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, openSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { readConfig } from '#lib/config/env.ts';
import type { Database } from '#lib/db/database.ts';
import { migrate } from '#lib/db/migrate.ts';
import { databaseTarget } from '#lib/runtime.ts';
import { partEnvironment } from '../scripts/install-parts.ts';
import { type RunningSimulator, startSimulator } from '../simulator/testing.ts';
import { inDatabase } from './database.ts';
import { AZURE_APP, GRAPH_APP } from './microsoft.ts';
import { cleanEnvironment, end, freePorts, ROOT } from './product.ts';

const FILES = {
  database: join(ROOT, 'scripts/embedded-database.ts'),
  worker: join(ROOT, 'worker/main.ts'),
  portal: join(ROOT, 'node_modules/next/dist/bin/next'),
} as const;
type Part = keyof typeof FILES;

/**
 * An installation of one's own, whose parts can be killed and started again one by one: nobody starts again by itself
 * what was killed, as the launcher of the product would.
 */
export class OwnProduct {
  readonly url: string;
  readonly simulator: RunningSimulator;
  readonly #dataDir: string;
  readonly #environment: NodeJS.ProcessEnv;
  readonly #log: number;
  readonly #parts = new Map<Part, ChildProcess>();

  private constructor(simulator: RunningSimulator, dataDir: string, port: number) {
    this.url = `http://localhost:${port}`;
    this.simulator = simulator;
    this.#dataDir = dataDir;
    this.#log = openSync(join(dataDir, 'parts.log'), 'a');
    this.#environment = {
      ...cleanEnvironment(),
      PORT: `${port}`,
      DATA_DIR: dataDir,
      WORKER: 'separate',
      MICROSOFT_AUTHORITY_URL: simulator.url,
      MICROSOFT_GRAPH_URL: simulator.url,
      MICROSOFT_ARM_URL: simulator.url,
      EA_REPORTING_URL: simulator.url,
      MICROSOFT_CLIENT_ID: AZURE_APP.clientId,
      MICROSOFT_CLIENT_SECRET: AZURE_APP.secret,
      MICROSOFT_GRAPH_CLIENT_ID: GRAPH_APP.clientId,
      MICROSOFT_GRAPH_CLIENT_SECRET: GRAPH_APP.secret,
    };
  }

  /** Starts all of it; `stop` has to be called also where that fails. */
  static async create(): Promise<OwnProduct> {
    const [port = 0] = await freePorts(1);
    const dataDir = mkdtempSync(join(tmpdir(), 'cloud-tenant-setup-own-'));
    const simulator = await startSimulator({ portalUrl: `http://localhost:${port}` });
    return new OwnProduct(simulator, dataDir, port);
  }

  async start(): Promise<void> {
    const config = readConfig(this.#environment);
    Object.assign(this.#environment, partEnvironment(config, this.#environment));
    await this.startPart('database');
    await migrate(databaseTarget(config), join(ROOT, 'prisma/migrations'));
    const worker = this.startPart('worker');
    this.#fork('portal', ['start', ROOT, '--port', `${config.port}`]);
    while (!(await this.health())) await wait(100);
    await worker;
  }

  /** Starts the database or a worker, and waits until it can be used. */
  async startPart(part: 'database' | 'worker'): Promise<void> {
    const [said] = await once(this.#fork(part, []), 'message');
    if (said !== 'ready') throw new Error(`The ${part} did not start.`);
  }

  /** As a crash or a power cut would: nothing is finished, nobody is told. */
  async kill(part: 'database' | 'worker'): Promise<void> {
    const child = this.#parts.get(part);
    if (child) await end(child, 'SIGKILL');
  }

  /** What monitors are told; undefined while nobody answers. */
  async health(): Promise<{ status: number; body: Readonly<Record<string, string>> } | undefined> {
    const answer = await fetch(`${this.url}/api/health`).catch(() => undefined);
    return answer && { status: answer.status, body: await answer.json() };
  }

  inDatabase<T>(work: (database: Database) => Promise<T>): Promise<T> {
    return inDatabase(work, this.#dataDir);
  }

  async stop(): Promise<void> {
    for (const part of ['portal', 'worker', 'database'] as const) {
      const child = this.#parts.get(part);
      if (child) await end(child, 'SIGTERM');
    }
    await this.simulator.stop();
    rmSync(this.#dataDir, { recursive: true, force: true });
  }

  #fork(part: Part, args: readonly string[]): ChildProcess {
    const child = fork(FILES[part], args, {
      cwd: ROOT,
      env: this.#environment,
      execArgv: ['--import', join(ROOT, 'scripts/ends-with-parent.ts')],
      stdio: ['ignore', this.#log, this.#log, 'ipc'],
    });
    this.#parts.set(part, child);
    return child;
  }
}
