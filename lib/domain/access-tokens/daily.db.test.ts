import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { deny } from '#lib/access/permissions.ts';
import type { AccessTokenId } from '#lib/core/ids.ts';
import { listNotices } from '../notices/queries.ts';
import { auditActions } from '../tenants/testing.ts';
import { checkAccessToken } from './check.ts';
import { deleteAccessToken } from './delete.ts';
import { noticeExpiringTokens } from './expiry.ts';
import { startDueTokenChecks } from './schedule.ts';
import { createTokenHome, DAY_MS, startTokenBed, type TokenBed, type TokenHome } from './testing.ts';

let bed: TokenBed;
let home: TokenHome;
beforeAll(async () => {
  bed = await startTokenBed();
});
afterAll(() => bed.stop());
beforeEach(async () => {
  await bed.db.database.pool.query('DELETE FROM tenant');
  home = await createTokenHome(bed);
});

async function keep(more: Readonly<Record<string, unknown>> = {}): Promise<AccessTokenId> {
  const added = await home.add(await home.newKey(more));
  if (!added.ok) throw new Error(added.problem.code);
  return added.value.accessTokenId;
}
const job = () =>
  ({
    ...home.services,
    actor: { type: 'job', job: 'check-access-token', organizationId: home.admin.actor.organizationId },
  }) as const;
const check = (accessTokenId: AccessTokenId) =>
  checkAccessToken(job(), { tenantId: home.tenantId, accessTokenId });
const notices = async () => {
  const listed = await listNotices(home.viewer);
  if (!listed.ok) throw new Error(listed.problem.code);
  return listed.value;
};
const given = async () =>
  (await bed.db.database.prisma.notice.findMany({ orderBy: { daysBefore: 'desc' } })).map(
    ({ daysBefore }) => daysBefore,
  );

describe('the daily check', () => {
  test('is due a day after the last one, once for all workers', async () => {
    const accessTokenId = await keep();
    expect(await startDueTokenChecks(home.services)).toBe(0);
    home.pass(DAY_MS + 1000);
    const due = await Promise.all([startDueTokenChecks(home.services), startDueTokenChecks(home.services)]);
    expect(due.toSorted()).toEqual([0, 1]);
    const { organizationId } = home.admin.actor;
    expect(home.jobs.enqueued).toEqual([
      { name: 'check-access-token', payload: { organizationId, tenantId: home.tenantId, accessTokenId } },
    ]);
    await check(accessTokenId);
    expect(await startDueTokenChecks(home.services)).toBe(0);
    home.pass(DAY_MS + 1000);
    expect(await startDueTokenChecks(home.services)).toBe(1);
  });

  test('comes again in an hour where the job was lost, and not for what is deleted, disabled or removed', async () => {
    const accessTokenId = await keep();
    home.pass(DAY_MS + 1000);
    expect(await startDueTokenChecks(home.services)).toBe(1);
    home.pass(DAY_MS / 24 + 1000);
    expect(await startDueTokenChecks(home.services)).toBe(1);
    home.pass(DAY_MS);
    const { tenant } = bed.db.database.prisma;
    await tenant.update({ where: { id: home.tenantId }, data: { status: 'disabled' } });
    expect(await startDueTokenChecks(home.services)).toBe(0);
    await tenant.update({ where: { id: home.tenantId }, data: { status: 'connected' } });
    await deleteAccessToken(home.admin, { tenantId: home.tenantId, accessTokenId });
    expect(await startDueTokenChecks(home.services)).toBe(0);
    expect(await check(accessTokenId)).toMatchObject({ problem: { code: 'not-found' } });
  });

  test('finds what became of a key, and writes down only what is new', async () => {
    const accessTokenId = await keep();
    expect(await check(accessTokenId)).toEqual({ ok: true, value: { state: 'valid' } });
    expect(await auditActions(home.admin)).toEqual(['access-token.add']);
    const stop = await home.fault({ kind: 'error', status: 410 });
    expect(await check(accessTokenId)).toEqual({ ok: true, value: { state: 'could_not_check' } });
    await stop();
    expect(await home.list()).toMatchObject([{ problem: { code: 'ea-reporting-retired' } }]);
    await check(accessTokenId);
    expect(await home.list()).toMatchObject([{ state: 'valid' }]);
    await bed.simulator.control.request('POST', '/ea-keys/revoke', { enrollmentNumber: home.enrollment });
    await check(accessTokenId);
    await check(accessTokenId);
    expect(await home.list()).toMatchObject([
      { state: 'refused', problem: { code: 'access-token-refused' } },
    ]);
    const actions = await auditActions(home.admin);
    expect(actions.filter((action) => action === 'access-token.check')).toHaveLength(3);
  });

  test('an ended key is expired at once, on the page and by the check', async () => {
    const accessTokenId = await keep({ livesMs: 2 * DAY_MS });
    home.pass(2 * DAY_MS);
    expect(await home.list()).toMatchObject([
      { state: 'expired', problem: { code: 'access-token-expired' } },
    ]);
    expect(await check(accessTokenId)).toEqual({ ok: true, value: { state: 'expired' } });
  });

  test('is not for viewers', () => {
    expect(deny(home.viewer.actor, 'access-token.manage')).toMatchObject({ problem: { code: 'forbidden' } });
  });
});

describe('notices before the end', () => {
  test('60, 30, 14, 7 and 1 days ahead, each once, however often and by however many workers', async () => {
    const accessTokenId = await keep({ livesMs: 61 * DAY_MS });
    const news: number[] = [];
    for (let day = 0; day <= 62; day += 1) {
      const found = await Promise.all([
        noticeExpiringTokens(home.services),
        noticeExpiringTokens(home.services),
      ]);
      if (found.some(Boolean)) news.push(61 - day);
      home.pass(DAY_MS);
    }
    expect(news).toEqual([60, 30, 14, 7, 1]);
    expect(await given()).toEqual([60, 30, 14, 7, 1]);
    expect(await notices()).toMatchObject([{ subjectId: accessTokenId, tenantId: home.tenantId }]);
  });

  test('also when every check fails', async () => {
    const accessTokenId = await keep({ livesMs: 31 * DAY_MS });
    await home.fault({ kind: 'error', status: 503 });
    home.pass(DAY_MS + 1000);
    await check(accessTokenId);
    expect(await home.list()).toMatchObject([{ state: 'could_not_check' }]);
    await noticeExpiringTokens(home.services);
    expect(await notices()).toMatchObject([{ daysLeft: 30 }]);
    await bed.db.database.prisma.accessToken.updateMany({ data: { encryptedKey: new Uint8Array([1, 2]) } });
    home.pass(16 * DAY_MS);
    expect(await check(accessTokenId)).toMatchObject({ value: { state: 'could_not_check' } });
    expect(await home.list()).toMatchObject([{ problem: { code: 'secret-unreadable' } }]);
    expect(await noticeExpiringTokens(home.services)).toBe(1);
    expect(await given()).toEqual([60, 30, 14]);
  });

  test('who adds a key late hears of it at once, and of no earlier day', async () => {
    await keep({ livesMs: 10 * DAY_MS });
    expect(await given()).toEqual([14]);
    expect(await notices()).toMatchObject([
      {
        daysLeft: 10,
        label: expect.stringContaining(`of enrollment ${home.enrollment}`),
        tenantName: 'Contoso',
      },
    ]);
    expect(await noticeExpiringTokens(home.services)).toBe(0);
  });

  test('a key that does not say when it ends has none, and a deleted or removed one has no more', async () => {
    await keep({ claims: false });
    expect(await notices()).toEqual([]);
    const accessTokenId = await keep({ slot: 'secondary', livesMs: 5 * DAY_MS });
    expect(await notices()).toHaveLength(1);
    await deleteAccessToken(home.admin, { tenantId: home.tenantId, accessTokenId });
    expect(await notices()).toEqual([]);
    expect(await noticeExpiringTokens(home.services)).toBe(0);
  });

  test('nothing is told to another organization, nor of a removed tenant', async () => {
    await keep({ livesMs: 5 * DAY_MS });
    expect(await listNotices(home.stranger)).toEqual({ ok: true, value: [] });
    await bed.db.database.prisma.tenant.update({
      where: { id: home.tenantId },
      data: { removedAt: new Date() },
    });
    expect(await notices()).toEqual([]);
  });
});
