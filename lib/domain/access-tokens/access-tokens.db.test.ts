import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { AccessTokenId } from '#lib/core/ids.ts';
import { describeProblem } from '#lib/core/problem-text.ts';
import { decrypt } from '#lib/db/encryption.ts';
import { createMicrosoftClients } from '#lib/microsoft/clients.ts';
import { readAccessKey } from '#lib/microsoft/ea/access-key.ts';
import { quietLog, testSettings } from '#lib/microsoft/testing.ts';
import { auditActions, createTestTenant } from '../tenants/testing.ts';
import { createTestMember } from '../testing.ts';
import { checkKey } from './check-key.ts';
import { deleteAccessToken } from './delete.ts';
import { AddAccessToken, INCOMPLETE, keyIdentity } from './model.ts';
import { listAccessTokens } from './queries.ts';
import { createTokenHome, DAY_MS, startTokenBed, type TokenBed, type TokenHome } from './testing.ts';

let bed: TokenBed;
let home: TokenHome;
beforeAll(async () => {
  bed = await startTokenBed();
});
afterAll(() => bed.stop());
beforeEach(async () => {
  home = await createTokenHome(bed);
});

const rows = () => bed.db.database.prisma.accessToken.findMany({ where: { tenantId: home.tenantId } });
const nothingKept = async () => {
  expect(await rows()).toEqual([]);
  expect(await auditActions(home.admin)).toEqual([]);
};

describe('on save', () => {
  test('a key that Microsoft takes is kept, and told by its last four characters', async () => {
    const key = await home.newKey();
    expect(await home.add(key)).toMatchObject({ ok: true, value: { state: 'valid' } });
    const [token, ...others] = await home.list(home.viewer);
    expect(others).toEqual([]);
    expect(token).toMatchObject({
      enrollmentNumber: home.enrollment,
      lastFour: key.slice(-4),
      addedBy: 'Test admin',
      state: 'valid',
    });
    expect(token?.problem).toBeUndefined();
    expect(Math.abs(Number(token?.expiresAt) - Date.now() - 182 * DAY_MS)).toBeLessThan(60_000);
    expect(await auditActions(home.admin)).toEqual(['access-token.add']);
  });

  test('pasted with a header, line breaks and spaces it is the same key', async () => {
    const key = await home.newKey();
    await home.add(
      ` Authorization: Bearer ${key.replaceAll(/(.{60})/g, '$1\r\n')} \n`,
      ` ${home.enrollment}\n`,
    );
    const [row] = await rows();
    expect(row?.enrollmentNumber).toBe(home.enrollment);
    const reference = { tenantId: home.tenantId, accessTokenId: AccessTokenId.parse(row?.id) };
    expect(
      decrypt(home.services.encryptionKeys, row?.encryptedKey ?? new Uint8Array(), keyIdentity(reference)),
    ).toBe(key);
  });

  test('a part of a key is incomplete, at the field, and is not sent', async () => {
    const key = await home.newKey();
    for (const accessToken of [
      key.slice(0, -40),
      key.slice(30),
      key.split('.')[0],
      `${key}${key}`,
      'my key',
    ]) {
      const parsed = AddAccessToken.safeParse({
        tenantId: home.tenantId,
        enrollmentNumber: home.enrollment,
        accessToken,
      });
      expect(parsed.error?.issues).toMatchObject([{ path: ['accessToken'], message: INCOMPLETE }]);
    }
    const empty = AddAccessToken.safeParse({
      tenantId: home.tenantId,
      enrollmentNumber: ' ',
      accessToken: ' Bearer ',
    });
    expect(empty.error?.issues.map(({ path }) => path[0])).toEqual(['enrollmentNumber', 'accessToken']);
    expect(empty.error?.issues.map(({ message }) => message)).not.toContain(INCOMPLETE);
  });

  test('the wrong enrollment by the key’s own claim: it names both, and the key is not sent', async () => {
    const key = await home.newKey();
    const stop = await home.fault({ kind: 'error', status: 503 });
    const outcome = await home.add(key, '7000000');
    expect(outcome).toEqual({
      ok: false,
      problem: { code: 'access-token-wrong-enrollment', typed: '7000000', claimed: home.enrollment },
    });
    await stop();
    await nothingKept();
  });

  test('the wrong enrollment by the service’s answer, where the key does not say', async () => {
    const outcome = await home.add(await home.newKey({ claims: false }), '7000000');
    expect(outcome).toMatchObject({
      ok: false,
      problem: { code: 'access-token-wrong-enrollment', typed: '7000000', microsoft: { status: 400 } },
    });
    await nothingKept();
  });

  test('an expired key: with its date, and without asking', async () => {
    const stop = await home.fault({ kind: 'error', status: 503 });
    const outcome = await home.add(await home.newKey({ livesMs: -3 * DAY_MS }));
    await stop();
    if (outcome.ok) throw new Error('it was kept');
    expect(outcome.problem.code).toBe('access-token-expired');
    const day = new Date(Date.now() - 3 * DAY_MS).getUTCDate();
    expect(describeProblem(outcome.problem).title).toMatch(new RegExp(`expired on ${day} \\w+ 20\\d\\d`));
    await nothingKept();
  });

  test.each([true, false])(
    'a revoked key is refused, by the service alone (says its end: %s)',
    async (claims) => {
      const key = await home.newKey({ claims });
      await bed.simulator.control.request('POST', '/ea-keys/revoke', { enrollmentNumber: home.enrollment });
      const outcome = await home.add(key);
      if (outcome.ok) throw new Error('it was kept');
      expect(outcome.problem).toMatchObject({ code: 'access-token-refused', microsoft: { status: 401 } });
      expect('validUntil' in outcome.problem).toBe(claims);
      await nothingKept();
    },
  );

  test.each([
    ['retired, with 410', { kind: 'error', status: 410 }, 'ea-reporting-retired'],
    ['retired, with 404', { kind: 'error', status: 404 }, 'ea-reporting-retired'],
    ['failing', { kind: 'error', status: 500 }, 'upstream-unavailable'],
    ['throttling', { kind: 'throttle', retryAfterSeconds: 600 }, 'throttled'],
    ['breaking off', { kind: 'reset' }, 'upstream-unavailable'],
    ['a page of somebody’s', { kind: 'content-type' }, 'upstream-unavailable'],
    ['of another form', { kind: 'shape' }, 'upstream-shape'],
  ])(
    'where the service is %s, the key is kept as one that could not be checked',
    async (_name, rule, code) => {
      const stop = await home.fault(rule);
      expect(await home.add(await home.newKey())).toMatchObject({
        ok: true,
        value: { state: 'could_not_check' },
      });
      await stop();
      expect(await home.list()).toMatchObject([{ state: 'could_not_check', problem: { code } }]);
      expect(await auditActions(home.admin)).toEqual(['access-token.add']);
    },
  );

  test('where nobody answers, no person waits for ever', async () => {
    const key = readAccessKey(await home.newKey()) ?? { text: '' };
    const stop = await home.fault({ kind: 'hang' });
    const finding = await checkKey(home.admin, key, home.enrollment, 'interactive', 200);
    await stop();
    expect(finding).toMatchObject({ state: 'could_not_check', problem: { code: 'upstream-unavailable' } });
  });

  test('where nothing listens, the key is kept as one that could not be checked', async () => {
    const settings = testSettings({});
    const microsoft = createMicrosoftClients(settings, quietLog, { wait: async () => undefined });
    expect(await home.add(await home.newKey(), undefined, { ...home.admin, microsoft })).toMatchObject({
      ok: true,
      value: { state: 'could_not_check', problem: { code: 'upstream-unavailable' } },
    });
  });

  test('the same key again is the same token, with what is known now', async () => {
    const key = await home.newKey();
    const stop = await home.fault({ kind: 'error', status: 410 });
    const first = await home.add(key);
    await stop();
    const second = await home.add(key);
    if (!first.ok || !second.ok) throw new Error('it was not kept');
    expect(second.value).toEqual({ accessTokenId: first.value.accessTokenId, state: 'valid' });
    expect(await home.list()).toMatchObject([{ state: 'valid' }]);
    await home.add(await home.newKey({ slot: 'secondary' }));
    expect(await home.list()).toHaveLength(2);
  });
});

describe('who may', () => {
  test('a viewer reads, and neither adds nor deletes', async () => {
    const added = await home.add(await home.newKey());
    if (!added.ok) throw new Error('it was not kept');
    const forbidden = { ok: false, problem: { code: 'forbidden', need: 'admin' } };
    expect(await home.add(await home.newKey({ slot: 'secondary' }), undefined, home.viewer)).toEqual(
      forbidden,
    );
    const reference = { tenantId: home.tenantId, accessTokenId: added.value.accessTokenId };
    expect(await deleteAccessToken(home.viewer, reference)).toEqual(forbidden);
    expect(await listAccessTokens(home.viewer, reference)).toMatchObject({ value: { mayManage: false } });
    expect(await home.list(home.viewer)).toHaveLength(1);
  });

  test('another organization, another tenant and a removed one find nothing', async () => {
    const added = await home.add(await home.newKey());
    if (!added.ok) throw new Error('it was not kept');
    const { accessTokenId } = added.value;
    const notFound = (entity: string) => ({ ok: false, problem: { code: 'not-found', entity } });
    const { tenantId, stranger, admin } = home;
    expect(await home.add(await home.newKey(), undefined, stranger)).toEqual(notFound('tenant'));
    expect(await listAccessTokens(stranger, { tenantId })).toEqual(notFound('tenant'));
    expect(await deleteAccessToken(stranger, { tenantId, accessTokenId })).toEqual(notFound('access-token'));
    const other = await createTestTenant(admin, { kind: 'azure' });
    const elsewhere = { tenantId: other.tenantId, accessTokenId };
    expect(await deleteAccessToken(admin, elsewhere)).toEqual(notFound('access-token'));
    const made = { tenantId, accessTokenId: AccessTokenId.parse(randomUUID()) };
    expect(await deleteAccessToken(admin, made)).toEqual(notFound('access-token'));
    await bed.db.database.prisma.tenant.update({ where: { id: tenantId }, data: { removedAt: new Date() } });
    expect(await listAccessTokens(admin, { tenantId })).toEqual(notFound('tenant'));
    expect(await home.add(await home.newKey())).toEqual(notFound('tenant'));
  });

  test('an Office 365 account has none', async () => {
    const { tenantId } = await createTestTenant(home.admin);
    expect(await listAccessTokens(home.admin, { tenantId })).toMatchObject({
      problem: { code: 'not-found' },
    });
  });

  test('somebody who tries key after key is stopped', async () => {
    const member = await createTestMember(home.services, 'admin', home.admin.actor.organizationId);
    const key = await home.newKey({ livesMs: -DAY_MS });
    const codes: string[] = [];
    for (let attempt = 0; attempt < 31; attempt += 1) {
      const outcome = await home.add(key, undefined, member);
      if (!outcome.ok) codes.push(outcome.problem.code);
    }
    expect(codes.at(29)).toBe('access-token-expired');
    expect(codes.at(30)).toBe('rate-limited');
  });
});

describe('kept', () => {
  test('encrypted for its own row, and nowhere in clear', async () => {
    const key = await home.newKey();
    await home.add(key);
    const [row] = await rows();
    if (!row?.encryptedKey) throw new Error('no key');
    const reference = { tenantId: home.tenantId, accessTokenId: AccessTokenId.parse(row.id) };
    const { encryptionKeys } = home.services;
    expect(decrypt(encryptionKeys, row.encryptedKey, keyIdentity(reference))).toBe(key);
    const other = { ...reference, accessTokenId: AccessTokenId.parse(randomUUID()) };
    expect(() => decrypt(encryptionKeys, row.encryptedKey ?? new Uint8Array(), keyIdentity(other))).toThrow();
    const signature = key.slice(key.lastIndexOf('.') + 1).slice(0, 40);
    const events = await bed.db.database.prisma.auditEvent.findMany({
      where: { organizationId: home.admin.actor.organizationId },
    });
    const shown = JSON.stringify([await home.list(), events, { ...row, encryptedKey: undefined }]);
    expect(shown).not.toContain(signature);
    expect(Buffer.from(row.encryptedKey).toString('latin1')).not.toContain(signature);
  });

  test('deleted, the key is erased and the audit says which one it was', async () => {
    const added = await home.add(await home.newKey());
    if (!added.ok) throw new Error('it was not kept');
    const reference = { tenantId: home.tenantId, accessTokenId: added.value.accessTokenId };
    const [one, two] = await Promise.all([
      deleteAccessToken(home.admin, reference),
      deleteAccessToken(home.admin, reference),
    ]);
    expect([one.ok, two.ok]).toEqual([true, true]);
    expect(await home.list()).toEqual([]);
    expect(await rows()).toMatchObject([{ encryptedKey: null, deletedAt: expect.any(Date) }]);
    expect(await auditActions(home.admin)).toEqual(['access-token.add', 'access-token.delete']);
  });
});
