import { setTimeout as wait } from 'node:timers/promises';
import { REQUEST_ID_HEADER } from '#lib/core/request-headers.ts';
import { guardOutput } from '#lib/log/guard-output.ts';
import { runtime } from '#lib/runtime.ts';
import { nameClients } from '#lib/web/name-clients.ts';
import { prepareReads } from '#lib/web/prepare-reads.ts';
import { type RunningWorker, startWorker } from '#worker/start.ts';

const START_AGAIN_MS = 5_000;

/**
 * What the portal's process does beside answering requests: it finds out who sends them, prepares
 * them, works on jobs, unless workers
 * are processes of their own, and stops in order. Next ends the process before an asynchronous handler is done, so with
 * NEXT_MANUAL_SIG_HANDLE it leaves that to us.
 */
export function startInside(): void {
  const { config, services, close } = runtime();
  // The development server shows what is printed in the browser as well.
  if (process.env.NODE_ENV === 'production') guardOutput(services.log);
  nameClients();
  prepareReads(config);
  const stopping = new AbortController();
  const worker = config.worker === 'inside' ? startPatiently(stopping.signal) : Promise.resolve(undefined);

  const stop = async () => {
    if (stopping.signal.aborted) return;
    stopping.abort();
    try {
      await (await worker)?.stop();
      await close();
      process.exit(0);
    } catch (error) {
      services.log.error('the portal did not stop cleanly', { error });
      process.exit(1);
    }
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
}

/** The portal answers requests, and says what does not work, also while the database is not there yet. */
async function startPatiently(signal: AbortSignal): Promise<RunningWorker | undefined> {
  while (!signal.aborted) {
    try {
      return await startWorker(runtime());
    } catch (error) {
      runtime().services.log.error('the worker did not start; it is tried again', { error });
      await wait(START_AGAIN_MS, undefined, { signal }).catch(() => undefined);
    }
  }
  return undefined;
}

export type FailedRequest = {
  readonly path: string;
  readonly method: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
};

/** What was thrown while a page was rendered, with the id of the request and the code that the page shows. */
export function reportRequestError(error: unknown, { path, method, headers }: FailedRequest): void {
  const requestId = headers[REQUEST_ID_HEADER];
  // Without the query: it may hold a person's name.
  const [pathname] = path.split('?');
  runtime().services.log.error('unexpected failure', { requestId, where: `${method} ${pathname}`, error });
}
