import { spawn } from 'node:child_process';

/** A step that could not be done; the message says what a person can do about it. */
export class StepFailed extends Error {}

const children = new Set();

/** The process groups of the programs that run now: they outlive us when we are killed. */
export const runningGroups = () => [...children].flatMap((child) => child.pid ?? []);

const STOP_TIMEOUT_MS = 10_000;

/** Ends every program that `run` has started, with all of its own children, and returns when they are gone. */
export async function stopChildren() {
  const running = [...children];
  const gone = running.map((child) => new Promise((resolve) => child.once('close', resolve)));
  for (const child of running) signalGroup(child, 'SIGTERM');
  const timer = setTimeout(() => {
    for (const child of running) signalGroup(child, 'SIGKILL');
  }, STOP_TIMEOUT_MS);
  await Promise.all(gone);
  clearTimeout(timer);
}

function signalGroup(child, signal) {
  try {
    process.kill(-child.pid, signal);
  } catch {
    // Gone already.
  }
}

/**
 * Runs a program to its end and keeps its output. Never throws for a program that fails or does not exist:
 * then `code` is not 0 and `output` says why.
 * @param {string} command
 * @param {string[]} args
 * @param {{ cwd?: string, env?: Record<string, string>, timeoutMs?: number }} [options] `env` is added to the environment.
 * @returns {Promise<{ code: number, output: string }>}
 */
export function run(command, args, { cwd, env = {}, timeoutMs } = {}) {
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      cwd,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
      // A process group of its own, so that a time limit or a signal reaches grandchildren too.
      detached: true,
    });
    children.add(child);
    let output = '';
    const collect = (chunk) => {
      output += chunk;
    };
    child.stdout.setEncoding('utf8').on('data', collect);
    child.stderr.setEncoding('utf8').on('data', collect);
    const timer = timeoutMs
      ? setTimeout(() => {
          output += `\nStopped after ${timeoutMs / 1000} s.`;
          signalGroup(child, 'SIGKILL');
        }, timeoutMs)
      : undefined;
    const end = (code) => {
      clearTimeout(timer);
      children.delete(child);
      resolve({ code, output });
    };
    child.on('error', (error) => {
      output += error.message;
      end(127);
    });
    child.on('close', (code) => end(code ?? 1));
  });
}

/**
 * Runs a program whose failure is the failure of the step.
 * @param {string} command
 * @param {string[]} args
 * @param {{ cwd?: string, env?: Record<string, string>, timeoutMs?: number, advice: string }} options
 *   `advice` is what the person can do when it fails.
 */
export async function runOrFail(command, args, { advice, ...options }) {
  const { code, output } = await run(command, args, options);
  if (code === 0) return;
  throw new StepFailed(
    `${[command, ...args].join(' ')} failed (exit code ${code}):\n${shorten(output)}\n${advice}`,
  );
}

/** Some programs say what is wrong at the beginning, others at the end. */
function shorten(output) {
  const lines = output.trim().split('\n');
  return lines.length <= 60 ? lines.join('\n') : [...lines.slice(0, 25), '…', ...lines.slice(-25)].join('\n');
}
