import { runWorker } from './run-worker.ts';

/** A worker process that reads directories of tests, which are small, as the others read large ones. */
await runWorker({ dividedFrom: 50, rangeUsers: 40, rangesMax: 8, pagesAtFirst: 4, pagesMax: 8 });
