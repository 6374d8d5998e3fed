import { BaseSequencer, type TestSpecification } from 'vitest/node';

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

export class SlowFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    return (await super.sort(files)).sort((a, b) => rank(a) - rank(b));
  }
}
