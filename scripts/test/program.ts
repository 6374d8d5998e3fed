import { type ChildProcess, spawn } from 'node:child_process';

const STOP_TIMEOUT_MS = 20_000;

let current: ChildProcess | undefined;

/**
 * Runs a program to its end with its output on our screen, and returns its exit code. It gets a process group of its
 * own; what it leaves running there is ended with it.
 */
export async function runProgram(
  command: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<number> {
  const child = spawn(command, args, {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'inherit', 'inherit'],
    detached: true,
  });
  current = child;
  const code = await new Promise<number>((resolve) => {
    child.once('error', (error) => {
      console.error(error.message);
      resolve(127);
    });
    child.once('exit', (exitCode) => resolve(exitCode ?? 1));
  });
  signalGroup(child, 'SIGKILL');
  current = undefined;
  return code;
}

/** Asks the running program, with all of its children, to end; insists after a while. */
export function stopProgram(): void {
  const child = current;
  if (!child) return;
  signalGroup(child, 'SIGINT');
  setTimeout(() => signalGroup(child, 'SIGKILL'), STOP_TIMEOUT_MS).unref();
}

function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, signal);
  } catch {
    // Nobody is left.
  }
}
