import { configDefaults, defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

const DATABASE_TESTS = '**/*.db.test.{ts,tsx}';

/** Files that take longest, the slowest first: one that begins last is waited for by all the others. */
const SLOW = [
  'worker/worker.db.test.ts',
  'worker/kills.db.test.ts',
  'lib/domain/imports/any-faults.db.test.ts',
  'lib/domain/users/export.db.test.ts',
  'lib/domain/imports/incremental.db.test.ts',
  'lib/domain/imports/ranges.db.test.ts',
  'lib/db/embedded.db.test.ts',
  'lib/domain/consent/azure.db.test.ts',
  'lib/domain/billing/billing.db.test.ts',
  'lib/domain/access-changes/crash.db.test.ts',
];

const rank = ({ moduleId }: TestSpecification): number => {
  const place = SLOW.findIndex((file) => moduleId.endsWith(file));
  return place === -1 ? SLOW.length : place;
};

class SlowFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    return (await super.sort(files)).sort((a, b) => rank(a) - rank(b));
  }
}

export default defineConfig({
  test: {
    exclude: [...configDefaults.exclude, 'e2e/**', '.next*/**'],
    restoreMocks: true,
    setupFiles: ['scripts/test/seed.ts'],
    // By default one processor is left out, on two of them half of the machine; many tests mostly wait for another process.
    maxWorkers: '150%',
    unstubEnvs: true,
    sequence: { sequencer: SlowFirst },
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
          exclude: process.env.TEST_DATABASE_URL ? ['lib/db/embedded*.db.test.ts'] : [],
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
    ],
  },
});
