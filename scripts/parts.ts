import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

/** One process of an installation: database, simulator, portal, worker. */
export type PartSpec = {
  readonly name: string;
  /** The file that Node runs, and its arguments. */
  readonly file: string;
  readonly args?: readonly string[];
  /** What Node itself is told. */
  readonly nodeArgs?: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Resolves when the part can be used; it is aborted when the part ends before that. */
  readonly ready: (child: ChildProcess, signal: AbortSignal) => Promise<void>;
};

const STOP_MS = 15_000;
const RESTARTS_MAX = 5;
const RESTARTS_WINDOW_MS = 60_000;
const RESTART_DELAY_MS = 500;

/**
 * Starts parts in order, starts one again that dies, and stops all in the opposite order. A part that dies more
 * than five times within a minute ends the whole: `onFailure` is called once.
 */
export class Installation {
  readonly #running: { spec: PartSpec; child: ChildProcess }[] = [];
  readonly #onFailure: (message: string) => void;
  #isStopping = false;

  constructor(onFailure: (message: string) => void) {
    this.#onFailure = onFailure;
  }

  /** Resolves when the part is ready. Throws when it ends before that. */
  async start(spec: PartSpec): Promise<void> {
    const entry = { spec, child: await launch(spec) };
    this.#running.push(entry);
    this.#watch(entry, []);
  }

  /** Stops every part, the youngest first, and resolves when all have ended. */
  async stop(): Promise<void> {
    this.#isStopping = true;
    for (const { child } of this.#running.reverse()) await end(child);
  }

  #watch(entry: { spec: PartSpec; child: ChildProcess }, deaths: readonly number[]): void {
    entry.child.once('exit', (code, signal) => {
      if (this.#isStopping) return;
      const now = Date.now();
      const recent = [...deaths.filter((at) => now - at < RESTARTS_WINDOW_MS), now];
      const cause = signal ? `by ${signal}` : `with code ${code}`;
      if (recent.length > RESTARTS_MAX) {
        this.#onFailure(`The ${entry.spec.name} ended ${cause} ${recent.length} times within a minute.`);
        return;
      }
      console.error(`The ${entry.spec.name} ended ${cause}; starting it again.`);
      this.#restart(entry, recent);
    });
  }

  async #restart(entry: { spec: PartSpec; child: ChildProcess }, deaths: readonly number[]): Promise<void> {
    await wait(RESTART_DELAY_MS);
    if (this.#isStopping) return;
    entry.child = spawn(entry.spec);
    this.#watch(entry, deaths);
  }
}

function spawn({ file, args = [], nodeArgs = [], env }: PartSpec): ChildProcess {
  return fork(file, args, {
    cwd: ROOT,
    env: { ...process.env, ...env },
    execArgv: [
      '--disable-warning=ExperimentalWarning',
      '--disable-warning=DEP0169',
      '--import',
      ENDS_WITH_PARENT,
      ...nodeArgs,
    ],
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
}

/** Parts find the product's data files from here. */
const ROOT = fileURLToPath(new URL('..', import.meta.url));

/** Loaded before each part: without its parent a part ends, so that a killed launcher leaves nothing behind. */
const ENDS_WITH_PARENT = new URL('./ends-with-parent.ts', import.meta.url).href;

async function launch(spec: PartSpec): Promise<ChildProcess> {
  const child = spawn(spec);
  const ended = new AbortController();
  const onExit = () => ended.abort();
  child.once('exit', onExit);
  try {
    await spec.ready(child, ended.signal);
  } catch (error) {
    if (!ended.signal.aborted) await end(child);
    throw new Error(`The ${spec.name} did not start.`, { cause: error });
  }
  child.off('exit', onExit);
  return child;
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  child.kill('SIGTERM');
  const killer = setTimeout(() => child.kill('SIGKILL'), STOP_MS);
  await exited;
  clearTimeout(killer);
}

/** For parts that say so themselves: `process.send('ready')`. */
export async function sentReady(child: ChildProcess, signal: AbortSignal): Promise<void> {
  await once(child, 'message', { signal });
}

/** For parts with an address: asked until it answers 200. */
export function answers(url: string): PartSpec['ready'] {
  return async (_child, signal) => {
    while (!(await isOk(url))) await wait(100, undefined, { signal });
  };
}

async function isOk(url: string): Promise<boolean> {
  try {
    return (await fetch(url, { signal: AbortSignal.timeout(5_000) })).ok;
  } catch {
    return false;
  }
}
