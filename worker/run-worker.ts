import type { Reading } from '#lib/domain/imports/reading.ts';
import { guardOutput } from '#lib/log/guard-output.ts';
import { runtime } from '#lib/runtime.ts';
import { startWorker } from './start.ts';

/** Works until the process is asked to end. Whoever started it is told when it takes jobs. */
export async function runWorker(reading?: Reading): Promise<void> {
  const { services, close } = runtime();
  guardOutput(services.log);
  process.on('uncaughtException', (error) => {
    services.log.error('the worker crashed', { error });
    process.exit(1);
  });

  const starting = startWorker(runtime(), reading);
  let isStopping = false;

  async function stop(): Promise<void> {
    if (isStopping) return;
    isStopping = true;
    try {
      const worker = await starting;
      await worker.stop();
      await close();
      process.exit(0);
    } catch (error) {
      services.log.error('the worker did not stop cleanly', { error });
      process.exit(1);
    }
  }

  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
  // A parent that is gone takes its worker along.
  process.on('disconnect', stop);

  try {
    await starting;
    console.log('Worker ready');
    process.send?.('ready');
  } catch (error) {
    services.log.error('the worker did not start', { error });
    process.exitCode = 1;
    await close();
  }
}
