import { configDefaults, defineConfig } from 'vitest/config';

const DATABASE_TESTS = '**/*.db.test.{ts,tsx}';

/** What tries the engine at random takes long: where it has run on a server, the embedded database is spared it. */
const RANDOM_TESTS = ['worker/kills.db.test.ts', 'lib/domain/imports/any-faults.db.test.ts'];

export default defineConfig({
  test: {
    exclude: [...configDefaults.exclude, 'e2e/**', '.next*/**'],
    restoreMocks: true,
    setupFiles: ['scripts/test/seed.ts'],
    // By default one processor is left out, on two of them half of the machine; many tests mostly wait for another process.
    maxWorkers: '150%',
    unstubEnvs: true,
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['**/*.test.{ts,tsx,mjs}'],
          exclude: [DATABASE_TESTS],
          // Properties try thousands of inputs, perhaps on a machine that has more to do.
          testTimeout: 30_000,
        },
      },
      {
        extends: true,
        // On the embedded database a file starts a PostgreSQL of its own, in WebAssembly.
        test: {
          name: 'db',
          include: [DATABASE_TESTS],
          // What is about the embedded database itself needs no second run beside a server.
          exclude: process.env.TEST_DATABASE_URL
            ? ['lib/db/embedded*.db.test.ts']
            : process.env.RANDOM_TESTS_HAVE_RUN
              ? RANDOM_TESTS
              : [],
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
    ],
  },
});
