import { ok, type Result } from '#lib/core/result.ts';
import type { ActiveRun, PhaseEnd } from '../../active-run.ts';
import { certify } from './certify.ts';
import { keepDeltaLink } from './directory-sync.ts';
import { readAllUsers } from './full-read.ts';
import { isDivided } from './plan.ts';
import { retireUnreadUsers } from './retire.ts';
import { readUserScope } from './scope.ts';
import { settleUsers } from './settle.ts';
import { noteFullRead } from './sync.ts';
import { checksumOfUsers, deletePages } from './write.ts';

/**
 * Reads all users with their managers and licences. Pages are written as they come; when all have come, what has
 * changed meanwhile is read once more, and users who are in neither are retired. Goes on from the checkpoint of an
 * earlier attempt. A read that fails, or brought fewer users than Microsoft counts, retires nobody.
 */
export async function importAllUsers(run: ActiveRun): Promise<Result<undefined>> {
  const scope = await readUserScope(run.pool, run.lease);
  const read = await readAllUsers(run, scope);
  if (!read.ok) return read;
  const certified = await certify(run, read.value);
  if (!certified.ok) return certified;
  const { certificate, next } = certified.value;
  const { distinct, leftOut, green } = certificate;
  await run.endPhase('users', async (client): Promise<PhaseEnd> => {
    const now = run.ctx.clock();
    const retired = green ? await retireUnreadUsers(client, run.lease, now) : 0;
    await deletePages(client, run.lease);
    await noteFullRead(client, run.lease, { now, isDivided: isDivided(read.value), isGreen: green, leftOut });
    if (green) await keepDeltaLink(client, run.lease.tenantId, { ...next, fields: scope.fields });
    const checksum = await checksumOfUsers(client, run.lease);
    const settled = await settleUsers(client, run.lease, { now, scope, isComplete: green });
    const end = {
      method: 'full',
      received: distinct,
      certificate: { ...certificate, checksum },
      ...settled,
    } as const;
    if (green) return { state: 'completed', ...end, expected: distinct, retired };
    const expected = Math.max((certificate.expectedAfter ?? certificate.expectedBefore ?? 0) - leftOut, 1);
    const problem = { code: 'read-incomplete', received: distinct, expected } as const;
    return { state: 'partial', ...end, expected, problem };
  });
  return ok(undefined);
}
