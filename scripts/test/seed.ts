import fc from 'fast-check';

/**
 * Random input is the same in each run, so that a red test is somebody's change and no chance. `TEST_SEED` with any
 * other number looks elsewhere.
 */
fc.configureGlobal({ seed: Number(process.env.TEST_SEED ?? 20_261_121) });
