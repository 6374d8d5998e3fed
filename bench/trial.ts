import { once } from 'node:events';
import { z } from 'zod';
import { type Environment, nextMessage, startProcess } from './processes.ts';
import type { Scope } from './scope.ts';

/** How long the work took, and how much of a processor the process itself used for it. */
const Outcome = z.object({ ms: z.number(), cpuMs: z.number() });
export type Outcome = z.infer<typeof Outcome>;

/**
 * Runs a program that ends in `measureOnCommand`, in a process of its own, so that no side finds a compiler that is
 * warm already or a heap that another one has grown. Its start is not counted.
 */
export async function runTrial(scope: Scope, file: string, env: Environment): Promise<Outcome> {
  const child = startProcess(scope, { file, env });
  await nextMessage(child, z.literal('ready'));
  child.send('go');
  const outcome = await nextMessage(child, Outcome);
  if (child.exitCode === null) await once(child, 'exit');
  return outcome;
}

/** The other side: says that all is loaded, waits for the command, and reports how long the work took. */
export async function measureOnCommand(work: () => Promise<void>): Promise<void> {
  process.send?.('ready');
  // The channel alone keeps no child alive, so that a child ends that has nothing left to do.
  process.channel?.ref();
  await once(process, 'message');
  process.channel?.unref();
  const startedAt = performance.now();
  const before = process.cpuUsage();
  await work();
  const ms = performance.now() - startedAt;
  const { user, system } = process.cpuUsage(before);
  process.send?.({ ms, cpuMs: (user + system) / 1000 });
}
