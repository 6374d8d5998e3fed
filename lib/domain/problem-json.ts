import { PROBLEM_POLICY, type Problem } from '#lib/core/problem.ts';
import { storable } from '#lib/core/storable.ts';
import type { Prisma } from '#lib/db/generated/client.ts';

/**
 * A value of ours as a JSON column takes it: members that are undefined are left out, and in texts, some of which
 * Microsoft or an address has given, what PostgreSQL has no room for is replaced.
 */
export const toJson = (value: object): Prisma.InputJsonObject =>
  JSON.parse(JSON.stringify(value), (_key, member) =>
    typeof member === 'string' ? storable(member) : member,
  );

/** The Problem that was kept in a JSON column; undefined where there is none, or one of a version we do not know. */
export function readProblem(stored: unknown): Problem | undefined {
  return isProblem(stored) ? stored : undefined;
}

// Only our own code writes these columns, so the code tells the rest.
function isProblem(stored: unknown): stored is Problem {
  if (typeof stored !== 'object' || stored === null || !('code' in stored)) return false;
  return typeof stored.code === 'string' && Object.hasOwn(PROBLEM_POLICY, stored.code);
}
