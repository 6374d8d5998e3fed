import { runWorker } from './run-worker.ts';

/** One worker process: `npm run worker`, and a part of the demo. Any number may run on one database. */
await runWorker();
