import type { Log } from '#lib/log/log.ts';

export type Repetition = { stop(): Promise<void> };

/**
 * Does something now and then again and again, with a pause in between. A failure is logged, and the next time comes
 * all the same. `stop` resolves when nothing of it runs any more.
 */
export function repeat(what: string, seconds: number, log: Log, work: () => Promise<unknown>): Repetition {
  let isStopped = false;
  let timer: NodeJS.Timeout | undefined;
  let running = Promise.resolve();
  const once = () => {
    running = work().then(
      () => undefined,
      (error: unknown) => log.warn(`${what} failed`, { error }),
    );
    running.then(() => {
      if (!isStopped) timer = setTimeout(once, seconds * 1000);
    });
  };
  once();
  return {
    async stop() {
      isStopped = true;
      clearTimeout(timer);
      await running;
    },
  };
}
