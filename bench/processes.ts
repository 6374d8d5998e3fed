import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { z } from 'zod';
import type { Scope } from './scope.ts';

export const ROOT = resolve(import.meta.dirname, '..');

/** A child without its parent ends, so that a killed benchmark leaves nothing behind. */
const ENDS_WITH_PARENT = join(ROOT, 'scripts/ends-with-parent.ts');
const STOP_MS = 20_000;
/** Nothing that is measured takes longer, by far; a process that hangs must not hang the benchmark. */
const MESSAGE_MS = 300_000;

/** Settings of the portal in the shell of whoever runs the benchmark must not reach what is measured. */
const SETTINGS =
  /^(MICROSOFT_|PARTNER_|EA_|SMTP_|NOTIFY_|NEXTAUTH_|NODE_OPTIONS$)|^(PORT|APP_URL|DATABASE_URL|DATA_DIR|AUTH_SECRET|ENCRYPTION_KEYS|WORKER|LOG_LEVEL)$/;

export type Environment = Readonly<Record<string, string>>;

export type Program = {
  /** Relative to the repository. */
  readonly file: string;
  readonly env: Environment;
  readonly args?: readonly string[];
  /** What Node itself is told. */
  readonly nodeArgs?: readonly string[];
  readonly cwd?: string;
};

/** Starts a program of this repository with Node and a channel for messages; the scope ends it. */
export function startProcess(scope: Scope, program: Program): ChildProcess {
  const { file, env, args = [], nodeArgs = [], cwd = ROOT } = program;
  const inherited = Object.entries(process.env).filter(([name]) => !SETTINGS.test(name));
  const child = fork(join(ROOT, file), args, {
    cwd,
    env: { ...Object.fromEntries(inherited), NODE_ENV: 'production', ...env },
    // Next's own server still calls url.parse().
    execArgv: [
      '--disable-warning=ExperimentalWarning',
      '--disable-warning=DEP0169',
      '--import',
      ENDS_WITH_PARENT,
      ...nodeArgs,
    ],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  scope.defer(() => stopProcess(child));
  return child;
}

/** The next message of a process. Throws when the process ends without one. */
export async function nextMessage<T>(child: ChildProcess, schema: z.ZodType<T>): Promise<T> {
  const waiting = new AbortController();
  const signal = AbortSignal.any([waiting.signal, AbortSignal.timeout(MESSAGE_MS)]);
  try {
    const ended = once(child, 'exit', { signal }).then(([code]) => {
      throw new Error(`${child.spawnargs.at(-1)} ended with code ${code}.`);
    });
    const [message] = await Promise.race([once(child, 'message', { signal }), ended]);
    return schema.parse(message);
  } finally {
    waiting.abort();
  }
}

/** Asks a process to end, and makes it end if it does not. */
export async function stopProcess(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  child.kill('SIGTERM');
  const killer = setTimeout(() => child.kill('SIGKILL'), STOP_MS);
  await exited;
  clearTimeout(killer);
}

/** The most memory that a process ever had at once, in MB, as Linux counts it; undefined elsewhere. */
export const peakMemoryMb = (child: ChildProcess): number | undefined => memoryMb(child, 'VmHWM');

/** The memory that a process has now, in MB. */
export const presentMemoryMb = (child: ChildProcess): number | undefined => memoryMb(child, 'VmRSS');

function memoryMb({ pid }: ChildProcess, field: string): number | undefined {
  if (process.platform !== 'linux') return undefined;
  const kilobytes = new RegExp(`^${field}:\\s+(\\d+) kB$`, 'm').exec(
    readFileSync(`/proc/${pid}/status`, 'utf8'),
  );
  return Number(kilobytes?.[1]) / 1024;
}
