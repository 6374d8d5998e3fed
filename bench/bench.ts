import { z } from 'zod';
import { NoPostgresError } from '../scripts/temporary-postgres.ts';
import { type DatabaseKind, embeddedDatabases, nativeDatabases } from './databases.ts';
import type { Figure } from './figures.ts';
import { type FilledDirectory, fillDirectory } from './filled-directory.ts';
import { type Command, State } from './load/commands.ts';
import { nextMessage, startProcess } from './processes.ts';
import type { Scope } from './scope.ts';

/** What measurements share. What is expensive to start is started once, by the first who asks. */
export type Bench = {
  readonly runs: number;
  readonly scope: Scope;
  say(text: string): void;
  /** Undefined where no PostgreSQL server can be started. */
  nativeDatabases(): Promise<DatabaseKind | undefined>;
  embeddedDatabases(): Promise<DatabaseKind>;
  loadGenerator(users: number): Promise<LoadGenerator>;
  /** A database with 100,000 users, for measurements that only read. */
  filledDirectory(): Promise<FilledDirectory>;
};

export type Measurement = {
  readonly name: string;
  readonly measure: (bench: Bench) => Promise<readonly Figure[]>;
};

export type LoadGenerator = {
  readonly url: string;
  readonly users: number;
  readonly averageBytes: number;
  /** Tells it what to do from now on, and returns how it then is. */
  tell(command: Command): Promise<State>;
};

/** What sizes are multiplied by, for a first look; such figures are not kept. */
export const SCALE = Number(process.env.BENCH_SCALE ?? '1');

export const scaled = (size: number): number => Math.max(1, Math.round(size * SCALE));

/** The size of directory that most figures are about. */
export const USERS = scaled(100_000);

const Ready = z.object({ url: z.string(), averageBytes: z.number() });

export function createBench(scope: Scope, runs: number, say: (text: string) => void): Bench {
  let native: Promise<DatabaseKind | undefined> | undefined;
  let embedded: Promise<DatabaseKind> | undefined;
  let directory: Promise<FilledDirectory> | undefined;
  const generators = new Map<number, Promise<LoadGenerator>>();
  const bench: Bench = {
    runs,
    scope,
    say,
    nativeDatabases() {
      native ??= nativeDatabases(scope).catch((error: unknown) => {
        if (!(error instanceof NoPostgresError)) throw error;
        say(`Without a PostgreSQL server: ${error.message}.`);
        return undefined;
      });
      return native;
    },
    embeddedDatabases() {
      embedded ??= embeddedDatabases(scope);
      return embedded;
    },
    loadGenerator(users) {
      const started = generators.get(users) ?? startLoadGenerator(scope, users);
      generators.set(users, started);
      return started;
    },
    filledDirectory() {
      directory ??= fill();
      return directory;
    },
  };

  async function fill(): Promise<FilledDirectory> {
    const { url } = await bench.loadGenerator(USERS);
    const kind = (await bench.nativeDatabases()) ?? (await bench.embeddedDatabases());
    say(`Filling ${kind.title} with ${USERS.toLocaleString('en')} users …`);
    return fillDirectory(scope, kind, url);
  }

  return bench;
}

async function startLoadGenerator(scope: Scope, users: number): Promise<LoadGenerator> {
  const child = startProcess(scope, {
    file: 'bench/load-generator.ts',
    env: { LOAD_USERS: String(users) },
  });
  const ready = await nextMessage(child, Ready);
  return {
    ...ready,
    users,
    tell(command) {
      const answered = nextMessage(child, State);
      child.send(command);
      return answered;
    },
  };
}
