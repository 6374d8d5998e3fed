import { ok, type Result } from '#lib/core/result.ts';
import type { ActiveRun } from '../../active-run.ts';
import { importAllUsers } from './import-all.ts';
import { importChanges } from './incremental.ts';
import { FULL_READ_REASONS } from './method.ts';

/**
 * Brings the users of a directory up to date: by what has changed since the last read, or where that is not possible,
 * or did not come to what Microsoft counts, by reading all of them in the same run.
 */
export async function importUsers(run: ActiveRun): Promise<Result<undefined>> {
  const record = run.record('users');
  // A full read that has begun, before a crash perhaps, is not given up for another method.
  if (record.method !== 'full' && run.checkpoint === undefined) {
    const changes = await importChanges(run);
    if (!changes.ok) return changes;
    if (changes.value === undefined) return ok(undefined);
    record.method = 'full';
    record.methodReason = FULL_READ_REASONS[changes.value];
    await run.save();
  }
  record.methodReason ??= FULL_READ_REASONS.asked;
  return importAllUsers(run);
}
