import { createHash, randomBytes } from 'node:crypto';
import { createLocalJWKSet, decodeJwt, type JSONWebKeySet, jwtVerify } from 'jose';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import {
  ADATUM,
  ARM_IMPERSONATION,
  AZURE_APP,
  CONTOSO,
  FABRIKAM,
  GRAPH_APP,
  postToken,
  type RunningSimulator,
  startSimulator,
} from '../../testing.ts';
import { ALEX, GUS, loginFlows, SIGN_IN, UMA } from './test-flows.ts';

// Each file starts a process of its own, which takes its time on a busy machine.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

let simulator: RunningSimulator;
let codeFor: ReturnType<typeof loginFlows>['codeFor'];
let redeem: ReturnType<typeof loginFlows>['redeem'];

beforeAll(async () => {
  simulator = await startSimulator();
  ({ codeFor, redeem } = loginFlows(simulator.url));
});
afterAll(() => simulator.stop());
beforeEach(async () => {
  await simulator.control.reset();
  await simulator.control.settings({ servicePrincipalLagMs: 0, grantLagMs: 0 });
});

const WIDS_ADMIN = '62e90394-69f5-4237-9190-012177145e10';
const WIDS_MEMBER = 'b79fbf4d-3ef9-4689-8143-76b194e85509';

describe('authorization codes', () => {
  test('give tokens that name the person in that tenant', async () => {
    const scope = `openid profile email offline_access ${ARM_IMPERSONATION}`;
    const { status, body } = await redeem(await codeFor(ALEX, CONTOSO, { scope }), CONTOSO, {
      client_info: '1',
    });
    expect(status).toBe(200);
    const keys = (await (await fetch(`${simulator.url}/common/discovery/v2.0/keys`)).json()) as JSONWebKeySet;
    const { payload, protectedHeader } = await jwtVerify(String(body.id_token), createLocalJWKSet(keys), {
      issuer: `${simulator.url}/${CONTOSO}/v2.0`,
      audience: AZURE_APP.clientId,
    });
    expect(protectedHeader.alg).toBe('RS256');
    expect(payload).toMatchObject({
      ver: '2.0',
      tid: CONTOSO,
      nonce: 'no',
      name: 'Alex Admin',
      preferred_username: ALEX,
      email: ALEX,
      wids: [WIDS_ADMIN, WIDS_MEMBER],
    });
    const access = decodeJwt(String(body.access_token));
    expect(access).toMatchObject({
      aud: 'https://management.azure.com',
      iss: `https://sts.windows.net/${CONTOSO}/`,
      ver: '1.0',
      appid: AZURE_APP.clientId,
      idtyp: 'user',
      oid: payload.oid,
      scp: 'user_impersonation',
    });
    const info = JSON.parse(Buffer.from(String(body.client_info), 'base64url').toString());
    expect(info).toEqual({ uid: payload.oid, utid: CONTOSO });
    expect(body.refresh_token).toEqual(expect.any(String));
    expect(Number(body.expires_in)).toBeGreaterThanOrEqual(3600);
    expect(Number(body.expires_in)).toBeLessThanOrEqual(5400);
  });

  test('leave out what was not asked for', async () => {
    const { body } = await redeem(await codeFor(UMA, CONTOSO, { scope: 'openid', nonce: '' }));
    expect(body).not.toHaveProperty('refresh_token');
    const claims = decodeJwt(String(body.id_token));
    for (const absent of ['name', 'preferred_username', 'email', 'nonce', 'oid'])
      expect(claims).not.toHaveProperty(absent);
    expect(claims.wids).toEqual([WIDS_MEMBER]);
  });

  test('a guest has an account of its own in each directory', async () => {
    const inContoso = decodeJwt(String((await redeem(await codeFor(GUS))).body.id_token));
    const home = await redeem(await codeFor(GUS, 'organizations'), 'organizations');
    const atHome = decodeJwt(String(home.body.id_token));
    expect(inContoso.tid).toBe(CONTOSO);
    expect(inContoso.idp).toBe(`https://sts.windows.net/${FABRIKAM}/`);
    expect(atHome.tid).toBe(FABRIKAM);
    expect(atHome.oid).not.toBe(inContoso.oid);
  });

  test('work once', async () => {
    const code = await codeFor(UMA);
    expect((await redeem(code)).status).toBe(200);
    expect((await redeem(code)).body).toMatchObject({ error: 'invalid_grant', error_codes: [54005] });
  });

  test('are bound to tenant, client, redirect URI and time', async () => {
    expect((await redeem(await codeFor(GUS), FABRIKAM)).body).toMatchObject({ error_codes: [700005] });
    expect((await redeem(await codeFor(GUS), 'organizations')).body).toMatchObject({ error_codes: [700005] });
    expect((await redeem(await codeFor(UMA), CONTOSO, { redirect_uri: SIGN_IN })).body).toMatchObject({
      error_codes: [500112],
    });
    const other = { client_id: GRAPH_APP.clientId, client_secret: GRAPH_APP.secret };
    expect((await redeem(await codeFor(UMA), CONTOSO, other)).body).toMatchObject({ error: 'invalid_grant' });
    const late = await codeFor(UMA);
    await simulator.control.request('POST', '/clock', { advanceMs: 601_000 });
    expect((await redeem(late)).body).toMatchObject({ error: 'invalid_grant', error_codes: [70008] });
    expect((await redeem('nonsense')).body).toMatchObject({ error: 'invalid_grant' });
  });

  test('need the verifier that belongs to the challenge, and none without a challenge', async () => {
    const verifier = randomBytes(32).toString('base64url');
    const challenge = createHash('sha256').update(verifier).digest('base64url');
    const asked = { code_challenge: challenge, code_challenge_method: 'S256' };
    const code = await codeFor(UMA, CONTOSO, asked);
    for (const wrong of [{}, { code_verifier: 'wrong' }, { code_verifier: challenge }])
      expect((await redeem(code, CONTOSO, wrong as Record<string, string>)).body).toMatchObject({
        error_codes: [501481],
      });
    expect((await redeem(code, CONTOSO, { code_verifier: verifier })).status).toBe(200);
    expect((await redeem(await codeFor(UMA), CONTOSO, { code_verifier: verifier })).body).toMatchObject({
      error_codes: [501481],
    });
  });

  test('give tokens for one API only, and only for what was consented', async () => {
    const code = await codeFor(UMA);
    const two = await redeem(code, CONTOSO, { scope: `User.Read ${ARM_IMPERSONATION}` });
    expect(two.body).toMatchObject({ error: 'invalid_scope' });
    const unconsented = await redeem(await codeFor(UMA), CONTOSO, { scope: ARM_IMPERSONATION });
    expect(unconsented.body).toMatchObject({
      error: 'invalid_grant',
      error_codes: [65001],
      suberror: 'consent_required',
    });
  });
});

describe('refresh tokens', () => {
  const refresh = (token: unknown, tenant: string, scope: string) =>
    postToken(simulator.url, tenant, {
      grant_type: 'refresh_token',
      client_id: AZURE_APP.clientId,
      client_secret: AZURE_APP.secret,
      refresh_token: String(token),
      scope,
    });

  test('give new ones, stay valid, and work for another API and tenant where consent exists', async () => {
    const { body } = await redeem(await codeFor(GUS, 'organizations'), 'organizations');
    const next = await refresh(body.refresh_token, 'organizations', 'openid offline_access');
    expect(next.body.refresh_token).not.toBe(body.refresh_token);
    expect((await refresh(body.refresh_token, FABRIKAM, 'openid')).status).toBe(200);
    expect((await refresh(body.refresh_token, CONTOSO, ARM_IMPERSONATION)).body).toMatchObject({
      error_codes: [65001],
    });
    await codeFor(GUS, CONTOSO, { scope: ARM_IMPERSONATION });
    const elsewhere = await refresh(body.refresh_token, CONTOSO, ARM_IMPERSONATION);
    expect(decodeJwt(String(elsewhere.body.access_token)).tid).toBe(CONTOSO);
    expect((await refresh(body.refresh_token, ADATUM, 'openid')).body).toMatchObject({
      error_codes: [50020],
    });
    expect((await refresh('nonsense', FABRIKAM, 'openid')).body).toMatchObject({ error: 'invalid_grant' });
  });
});
