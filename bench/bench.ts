import { z } from 'zod';
import { NoPostgresError } from '../scripts/temporary-postgres.ts';
import { type DatabaseKind, embeddedDatabases, nativeDatabases } from './databases.ts';
import type { Figure } from './figures.ts';
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
};

export type Measurement = {
  readonly name: string;
  readonly measure: (bench: Bench) => Promise<readonly Figure[]>;
};

export type LoadGenerator = { readonly url: string; readonly users: number; readonly averageBytes: number };

const Ready = z.object({ url: z.string(), averageBytes: z.number() });

export function createBench(scope: Scope, runs: number, say: (text: string) => void): Bench {
  let native: Promise<DatabaseKind | undefined> | undefined;
  let embedded: Promise<DatabaseKind> | undefined;
  const generators = new Map<number, Promise<LoadGenerator>>();
  return {
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
  };
}

async function startLoadGenerator(scope: Scope, users: number): Promise<LoadGenerator> {
  const child = startProcess(scope, 'bench/load-generator.ts', { LOAD_USERS: String(users) });
  return { ...(await nextMessage(child, Ready)), users };
}
