import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { TenantId } from '#lib/core/ids.ts';
import { startTestDatabase, type TestDatabase } from '#lib/db/testing.ts';
import type { Ctx } from '../context.ts';
import { createTestMember, type MemberCtx, recordingJobs, testServices } from '../testing.ts';
import { type Erasure, eraseTenant } from './erase-tenant.ts';
import { getRemoval, listRemovals } from './queries.ts';
import { eraseRemovedTenant, removeTenant, startDueErasures } from './remove-tenant.ts';
import { restoreTenant } from './restore-tenant.ts';
import { NO_SECRETS, SECRETS } from './secrets.ts';
import { createFilledTenant, FILLED_USERS } from './testing.ts';

const DAY_MS = 86_400_000;
const REMOVED = new Date('2026-11-21T12:00:00Z');
const DEADLINE = new Date(REMOVED.getTime() + 7 * DAY_MS);

let db: TestDatabase;
let now: Date;
let jobs: ReturnType<typeof recordingJobs>;
let ctx: MemberCtx;

beforeAll(async () => {
  db = await startTestDatabase();
});
afterAll(() => db.stop());
beforeEach(async () => {
  now = REMOVED;
  jobs = recordingJobs();
  ctx = await createTestMember(testServices(db.database, { clock: () => now, jobs }), 'owner');
});

/** As the worker's handler calls it. */
function erase(tenantId: TenantId, more: Partial<Erasure> = {}) {
  const { organizationId } = ctx.actor;
  const job: Ctx = { ...ctx, actor: { type: 'job', job: 'erase-tenant', organizationId } };
  return eraseTenant(job, { tenantId, signal: new AbortController().signal, batchRows: 2, ...more });
}

async function remove(tenantId: TenantId, keep: 'days' | 'now' = 'days') {
  const removed = await removeTenant(ctx, { tenantId, confirmation: 'Contoso', keep });
  if (!removed.ok) throw new Error(removed.problem.code);
  return removed.value.removalId;
}

/** A table with rows of tenants, and how to find those of one. */
type Found = { readonly table: string; readonly where: string };

/**
 * Every table with rows of a tenant, as the database tells: by a column `tenant_id`, by a reference to the tenant, or
 * by a reference to one of these tables. Looked for in another way than the erasure does.
 */
async function tablesOfTenants(): Promise<Found[]> {
  const columns = await db.database.pool.query<{ name: string; columns: string[] }>(
    `SELECT table_name AS name, array_agg(column_name::text) AS columns FROM information_schema.columns
     WHERE table_schema = 'public' GROUP BY 1 ORDER BY 1`,
  );
  const references = await db.database.pool.query<{
    child: string;
    parent: string;
    pairs: [string, string][];
  }>(
    `SELECT c.conrelid::regclass::text AS child, c.confrelid::regclass::text AS parent,
       (SELECT json_agg(json_build_array(a.attname, b.attname))
          FROM unnest(c.conkey, c.confkey) AS k(own, other)
          JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = k.own
          JOIN pg_attribute b ON b.attrelid = c.confrelid AND b.attnum = k.other) AS pairs
     FROM pg_constraint c WHERE c.contype = 'f'`,
  );
  const found = new Map([['tenant', 'id = $1']]);
  for (const { name, columns: names } of columns.rows) {
    if (names.includes('tenant_id')) found.set(name, 'tenant_id = $1');
  }
  for (let before = 0; before !== found.size; ) {
    before = found.size;
    for (const { child, parent, pairs } of references.rows) {
      const where = found.get(parent);
      // Whoever uses the portal is no part of a tenant.
      if (!where || found.has(child)) continue;
      const own = pairs.map(([column]) => column).join(', ');
      const other = pairs.map(([, column]) => column).join(', ');
      found.set(child, `(${own}) IN (SELECT ${other} FROM ${parent} WHERE ${where})`);
    }
  }
  return [...found].map(([table, where]) => ({ table, where }));
}

async function countRows(tenantId: TenantId): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const { table, where } of await tablesOfTenants()) {
    const { rows } = await db.database.pool.query<{ n: number }>(
      `SELECT count(*)::int AS n FROM ${table} WHERE ${where}`,
      [tenantId],
    );
    counts[table] = rows[0]?.n ?? 0;
  }
  return counts;
}

const tablesWith = (counts: Record<string, number>, wanted: (n: number) => boolean) =>
  Object.entries(counts).flatMap(([table, n]) => (wanted(n) ? [table] : []));

test('every row of the tenant is erased in every table, and none of another tenant', async () => {
  const tenantId = await createFilledTenant(ctx);
  const other = await createFilledTenant(await createTestMember(ctx));
  const before = await countRows(tenantId);
  const ofOther = await countRows(other);
  expect(
    tablesWith(before, (n) => n === 0),
    'tables without a row: give them one in lib/domain/lifecycle/testing.ts',
  ).toEqual([]);
  expect(Object.keys(before).length).toBeGreaterThan(12);

  const removalId = await remove(tenantId);
  now = DEADLINE;
  expect(await erase(tenantId)).toBe('erased');
  expect(tablesWith(await countRows(tenantId), (n) => n > 0)).toEqual([]);
  expect(await countRows(other)).toEqual(ofOther);
  expect(await getRemoval(ctx, { removalId })).toMatchObject({
    ok: true,
    value: {
      state: 'erased',
      erasedAt: DEADLINE,
      erased: { directory_user: FILLED_USERS, subscribed_sku: 1, role_assignment: 1 },
    },
  });
  expect(await erase(tenantId)).toBe('not-due');
});

test('what survives names nobody of the tenant', async () => {
  const tenantId = await createFilledTenant(ctx);
  const { organizationId } = ctx.actor;
  const people = { boundBy: 'Alex Admin (alex.admin@contoso.com)', boundByObjectId: crypto.randomUUID() };
  await db.database.prisma.auditEvent.createMany({
    data: [
      {
        action: 'tenant.connect',
        entity: 'tenant',
        entityId: tenantId,
        after: { name: 'Contoso', ...people },
      },
      {
        action: 'delegation.begin',
        entity: 'delegation',
        entityId: crypto.randomUUID(),
        after: { tenantId, signedInAs: people.boundBy },
      },
    ].map((event) => ({ ...event, organizationId, id: crypto.randomUUID(), actor: 'x', actorName: 'x' })),
  });
  await remove(tenantId, 'now');
  expect(await erase(tenantId)).toBe('erased');
  const dump: unknown[] = [];
  for (const table of ['audit_event', 'tenant_removal', 'consent_flow']) {
    const { rows } = await db.database.pool.query(`SELECT * FROM ${table} WHERE organization_id = $1`, [
      organizationId,
    ]);
    dump.push(rows);
  }
  expect(JSON.stringify(dump)).not.toMatch(/Alex|alex\.admin|User \d/);
  expect(JSON.stringify(dump)).not.toContain(people.boundByObjectId);
  expect(await db.database.prisma.consentFlow.count({ where: { organizationId } })).toBe(0);
});

test('a worker that dies between any two batches leaves an erasure that the next one ends, counted once', async () => {
  const whole = await createFilledTenant(ctx);
  const batches: string[] = [];
  await remove(whole, 'now');
  await erase(whole, { onBatch: (table) => batches.push(table) });
  expect(batches.filter((table) => table === 'directory_user')).toHaveLength(Math.ceil(FILLED_USERS / 2));

  for (let survived = 1; survived <= batches.length; survived += 4) {
    const tenantId = await createFilledTenant(ctx);
    const removalId = await remove(tenantId);
    now = DEADLINE;
    let done = 0;
    const dying = erase(tenantId, {
      onBatch: () => {
        done += 1;
        if (done === survived) throw new Error('killed');
      },
    });
    await expect(dying).rejects.toThrow('killed');
    expect(await restoreTenant(ctx, { tenantId })).toMatchObject({ problem: { code: 'not-found' } });
    expect(await erase(tenantId)).toBe('erased');
    expect(tablesWith(await countRows(tenantId), (n) => n > 0)).toEqual([]);
    expect(await getRemoval(ctx, { removalId })).toMatchObject({
      value: { erased: { directory_user: FILLED_USERS } },
    });
    now = REMOVED;
  }
});

test('two workers at the same time erase and count each row once', async () => {
  const tenantId = await createFilledTenant(ctx);
  const removalId = await remove(tenantId, 'now');
  const outcomes = await Promise.all([erase(tenantId), erase(tenantId)]);
  expect(outcomes).toContain('erased');
  expect(await getRemoval(ctx, { removalId })).toMatchObject({
    value: { state: 'erased', erased: { directory_user: FILLED_USERS } },
  });
});

test('a worker that is asked to stop does so between two batches', async () => {
  const tenantId = await createFilledTenant(ctx);
  await remove(tenantId, 'now');
  const stop = new AbortController();
  expect(await erase(tenantId, { signal: stop.signal, onBatch: () => stop.abort() })).toBe('stopped');
  expect((await countRows(tenantId)).tenant).toBe(1);
  expect(await erase(tenantId)).toBe('erased');
});

test('restored at the last minute; erased at the deadline', async () => {
  const tenantId = await createFilledTenant(ctx);
  const before = await countRows(tenantId);
  await remove(tenantId);
  now = new Date(DEADLINE.getTime() - 1);
  jobs.enqueued.length = 0;
  await startDueErasures(ctx);
  expect(jobs.enqueued.filter(({ payload }) => JSON.stringify(payload).includes(tenantId))).toEqual([]);
  expect(await erase(tenantId)).toBe('not-due');
  expect(await restoreTenant(ctx, { tenantId })).toEqual({ ok: true, value: undefined });
  now = new Date(DEADLINE.getTime() + DAY_MS);
  expect(await erase(tenantId)).toBe('not-due');
  expect(await countRows(tenantId)).toMatchObject({
    directory_user: before.directory_user,
    subscribed_sku: before.subscribed_sku,
  });

  now = REMOVED;
  await remove(tenantId);
  now = DEADLINE;
  expect(await restoreTenant(ctx, { tenantId })).toMatchObject({ problem: { code: 'not-found' } });
  await startDueErasures(ctx);
  expect(jobs.enqueued).toContainEqual({
    name: 'erase-tenant',
    payload: { organizationId: ctx.actor.organizationId, tenantId },
  });
  expect(await erase(tenantId)).toBe('erased');
  const list = await listRemovals(ctx);
  expect(list.ok && list.value.removals.map(({ state }) => state).toSorted()).toEqual(['erased', 'restored']);
});

test('an owner has it erased at once, an admin may not', async () => {
  const admin = await createTestMember(ctx, 'admin', ctx.actor.organizationId);
  const [first, second] = [await createFilledTenant(ctx), await createFilledTenant(ctx)];
  const input = { tenantId: first, confirmation: 'Contoso' };
  expect(await removeTenant(admin, { ...input, keep: 'now' })).toMatchObject({
    problem: { code: 'forbidden', need: 'owner' },
  });
  expect(await removeTenant(admin, { ...input, keep: 'days' })).toMatchObject({ ok: true });
  expect(await eraseRemovedTenant(admin, input)).toMatchObject({ problem: { code: 'forbidden' } });
  expect(await eraseRemovedTenant(ctx, { ...input, confirmation: 'x' })).toMatchObject({
    problem: { code: 'invalid-input' },
  });
  jobs.enqueued.length = 0;
  expect(await eraseRemovedTenant(ctx, input)).toMatchObject({ ok: true });
  expect(await restoreTenant(ctx, input)).toMatchObject({ problem: { code: 'not-found' } });
  await remove(second, 'now');
  expect(await restoreTenant(ctx, { tenantId: second })).toMatchObject({ problem: { code: 'not-found' } });
  expect(jobs.enqueued.map(({ name }) => name)).toEqual(['erase-tenant', 'erase-tenant']);
  expect([await erase(first), await erase(second)]).toEqual(['erased', 'erased']);
});

test('all that is encrypted of the tenant is gone with its removal, and no column of bytes is unknown', async () => {
  const { rows } = await db.database.pool.query<{ column: string }>(
    `SELECT table_name || '.' || column_name AS "column" FROM information_schema.columns
     WHERE table_schema = 'public' AND data_type = 'bytea' ORDER BY 1`,
  );
  expect(rows.map(({ column }) => column)).toEqual([...Object.keys(SECRETS), ...NO_SECRETS].toSorted());
  const tenantId = await createFilledTenant(ctx);
  const found = new Map((await tablesOfTenants()).map(({ table, where }) => [table, where]));
  const secrets = async () => {
    let count = 0;
    for (const column of Object.keys(SECRETS)) {
      const [table = ''] = column.split('.');
      const counted = await db.database.pool.query(
        `SELECT 1 FROM ${table} WHERE ${found.get(table)} AND ${column} IS NOT NULL`,
        [tenantId],
      );
      count += counted.rowCount ?? 0;
    }
    return count;
  };
  expect(await secrets()).toBe(Object.keys(SECRETS).length);
  await remove(tenantId);
  expect(await secrets()).toBe(0);
});

test('a role that was given while the tenant was being removed is in the receipt, also after an interruption', async () => {
  const tenantId = await createFilledTenant(ctx);
  const removalId = await remove(tenantId);
  const roleScope = `/subscriptions/${crypto.randomUUID()}`;
  await db.database.prisma.roleAssignment.create({
    data: {
      tenantId,
      roleScope,
      name: crypto.randomUUID(),
      roleDefinitionId: crypto.randomUUID(),
      principalId: crypto.randomUUID(),
      createdAt: now,
    },
  });
  now = DEADLINE;
  const stop = new AbortController();
  await erase(tenantId, {
    signal: stop.signal,
    onBatch: (table) => table === 'role_assignment' && stop.abort(),
  });
  expect(await erase(tenantId)).toBe('erased');
  const receipt = await getRemoval(ctx, { removalId });
  const scopes =
    receipt.ok && receipt.value.microsoftSide.flatMap((thing) => ('scope' in thing ? thing.scope : []));
  expect(scopes).toHaveLength(2);
  expect(scopes).toContain(roleScope);
});
