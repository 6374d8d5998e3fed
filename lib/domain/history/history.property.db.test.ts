import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { RunId } from '#lib/core/ids.ts';
import { hostileText } from '#lib/core/testing.ts';
import { type ImportBed, importNow, startImportBed, type TestTenant } from '../imports/testing.ts';
import { listRunChanges, userHistory } from './changes.ts';
import { Day } from './days.ts';
import { FormerUser } from './former-user.ts';
import { userOn } from './user-on.ts';

let bed: ImportBed;

beforeAll(async () => {
  bed = await startImportBed();
});
afterAll(() => bed.stop());

const USERS = 6;
const FIRST = Date.parse('2026-04-01T12:00:00Z');
const dayAt = (n: number) => Day.parse(new Date(FIRST + n * 86_400_000).toISOString().slice(0, 10));

type Step = {
  readonly kind: 'change' | 'delete' | 'restore' | 'create';
  readonly user: number;
  readonly value: number;
};

const Step = fc.record({
  kind: fc.constantFrom<Step['kind']>('change', 'change', 'delete', 'restore', 'create'),
  user: fc.nat({ max: USERS + 2 }),
  value: fc.nat({ max: 3 }),
});
/** For each day what happens before each of its imports. */
const History = fc.array(fc.array(fc.array(Step, { maxLength: 4 }), { minLength: 0, maxLength: 2 }), {
  minLength: 2,
  maxLength: 3,
});

/** Every user who was ever known, as the database has them now. */
async function snapshot({ tenantId }: TestTenant): Promise<Map<string, FormerUser>> {
  const { rows } = await bed.pool.query<{ id: string; user: unknown }>(
    'SELECT id, to_jsonb(u) AS user FROM directory_user u WHERE tenant_id = $1',
    [tenantId],
  );
  return new Map(rows.map((row) => [row.id, FormerUser.parse(row.user)]));
}

async function apply(directoryId: string, ids: string[], { kind, user, value }: Step): Promise<void> {
  const { control } = bed.simulator;
  if (kind === 'create') {
    ids.push((await control.createUser(directoryId, { displayName: `New ${value}` })).id);
    return;
  }
  const id = ids[user % ids.length];
  if (!id) return;
  // What cannot be, such as deleting somebody who is deleted, the simulator refuses; the history goes on.
  const path =
    kind === 'restore'
      ? control.request('POST', `/users/${id}/restore?tenantId=${directoryId}`)
      : kind === 'delete'
        ? control.deleteUser(directoryId, id)
        : control.updateUser(directoryId, id, { department: `Department ${value}` });
  await path.catch(() => undefined);
}

test('what a user looked like on a day is what the last import of that day had found', async () => {
  await fc.assert(
    fc.asyncProperty(History, async (days) => {
      const directoryId = await bed.createDirectory(USERS);
      const tenant = await bed.connect(directoryId);
      const at = (n: number): TestTenant => ({
        ...tenant,
        ctx: { ...tenant.ctx, clock: () => new Date(FIRST + n * 86_400_000) },
      });
      expect((await importNow(at(0))).status).toBe('completed');
      const taken = [await snapshot(tenant)];
      const ids = [...(taken[0]?.keys() ?? [])];
      for (const [n, imports] of days.entries()) {
        for (const steps of imports) {
          for (const step of steps) await apply(directoryId, ids, step);
          expect((await importNow(at(n + 1))).status).toBe('completed');
        }
        taken.push(await snapshot(tenant));
      }
      const last = at(days.length);
      for (const [n, users] of taken.entries()) {
        for (const id of taken.at(-1)?.keys() ?? []) {
          const then = await userOn(last.ctx, { tenantId: tenant.tenantId, id, day: dayAt(n) });
          if (!then.ok) throw new Error(then.problem.code);
          const user = users.get(id);
          const state = !user ? 'absent' : user.deleted_at === null ? 'present' : 'deleted';
          expect(then.value).toMatchObject({ state, knownFrom: dayAt(0), ...(user && { user }) });
          expect(then.value.isCertified).toBe(n === 0 || days[n - 1]?.length !== 0);
        }
        const before = await userOn(last.ctx, {
          tenantId: tenant.tenantId,
          id: ids[0] ?? '',
          day: dayAt(-1),
        });
        expect(before).toMatchObject({ ok: true, value: { state: 'unknown' } });
      }
    }),
    { numRuns: 3 },
  );
}, 240_000);

test('any cursor is understood or begins anew', async () => {
  const { ctx, tenantId } = await bed.connect(await bed.createDirectory(1));
  const forged = fc
    .array(hostileText, { maxLength: 3 })
    .map((parts) => Buffer.from(JSON.stringify(parts)).toString('base64url'));
  await fc.assert(
    fc.asyncProperty(fc.oneof(hostileText, forged), async (cursor) => {
      const nothing = { ok: true, value: { changes: [], next: undefined } };
      expect(await listRunChanges(ctx, { tenantId, runId: RunId.parse(randomUUID()), cursor })).toEqual(
        nothing,
      );
      expect(await userHistory(ctx, { tenantId, id: randomUUID(), cursor })).toEqual(nothing);
    }),
    { numRuns: 60 },
  );
});
