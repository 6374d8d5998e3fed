import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { decodeJwt, importPKCS8, SignJWT } from 'jose';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import {
  AZURE_APP,
  appToken,
  CONTOSO,
  FABRIKAM,
  GRAPH_APP,
  GRAPH_DEFAULT,
  postToken,
  type RunningSimulator,
  signInAs,
  startSimulator,
} from '../../testing.ts';
import { ALEX, loginFlows, UMA } from './test-flows.ts';

// Each file starts a process of its own, which takes its time on a busy machine.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

let simulator: RunningSimulator;
let consentUrl: ReturnType<typeof loginFlows>['consentUrl'];
let codeFor: ReturnType<typeof loginFlows>['codeFor'];
let clientCredentials: ReturnType<typeof loginFlows>['clientCredentials'];

beforeAll(async () => {
  simulator = await startSimulator();
  ({ consentUrl, codeFor, clientCredentials } = loginFlows(simulator.url));
});
afterAll(() => simulator.stop());
beforeEach(async () => {
  await simulator.control.reset();
  await simulator.control.settings({ servicePrincipalLagMs: 0, grantLagMs: 0 });
});

const rolesOf = (token: string) => decodeJwt(token).roles;

describe('client credentials', () => {
  test('without a service principal in the tenant there is no token', async () => {
    expect(await clientCredentials(CONTOSO)).toMatchObject({
      status: 400,
      body: { error: 'unauthorized_client', error_codes: [700016] },
    });
  });

  test('after a consent Microsoft needs a moment: first no token, then one without roles, then all', async () => {
    await simulator.control.settings({ servicePrincipalLagMs: 10_000, grantLagMs: 20_000 });
    await signInAs(consentUrl(CONTOSO), ALEX);
    expect((await clientCredentials(CONTOSO)).body).toMatchObject({ error_codes: [700016] });
    await simulator.control.request('POST', '/clock', { advanceMs: 6000 });
    expect((await clientCredentials(CONTOSO)).body).toMatchObject({ error_codes: [7000229] });
    await simulator.control.request('POST', '/clock', { advanceMs: 6000 });
    expect(rolesOf(await appToken(simulator.url, CONTOSO, GRAPH_APP))).toBeUndefined();
    await simulator.control.request('POST', '/clock', { advanceMs: 10_000 });
    expect(rolesOf(await appToken(simulator.url, CONTOSO, GRAPH_APP))).toHaveLength(3);
    await simulator.control.request('POST', '/clock', { advanceMs: -22_000 });
  });

  test('one tenant may lag while the others do not', async () => {
    await simulator.control.request('POST', `/tenants/${CONTOSO}`, { grantLagMs: 60_000 });
    await signInAs(consentUrl(CONTOSO), ALEX);
    await signInAs(consentUrl(FABRIKAM), 'fiona.admin@fabrikam.com');
    expect(rolesOf(await appToken(simulator.url, CONTOSO, GRAPH_APP))).toBeUndefined();
    expect(rolesOf(await appToken(simulator.url, FABRIKAM, GRAPH_APP))).toHaveLength(3);
    await simulator.control.request('POST', `/tenants/${CONTOSO}`, { grantLagMs: 0 });
    expect(rolesOf(await appToken(simulator.url, CONTOSO, GRAPH_APP))).toHaveLength(3);
  });

  test('a person’s consent makes a service principal, with a token but without roles', async () => {
    await codeFor(UMA);
    const token = await appToken(simulator.url, CONTOSO, AZURE_APP, 'https://management.azure.com/.default');
    expect(rolesOf(token)).toBeUndefined();
    expect(decodeJwt(token).idtyp).toBe('app');
  });

  test.each([
    [{ client_secret: 'wrong' }, 401, 'invalid_client', 7000215],
    [{ client_secret: '' }, 401, 'invalid_client', 7000218],
    [{ client_id: '99999999-aaaa-4bbb-8ccc-000000000009' }, 400, 'unauthorized_client', 700016],
    [{ scope: 'https://graph.microsoft.com/User.Read' }, 400, 'invalid_scope', 70011],
    [{ scope: `${GRAPH_DEFAULT} https://management.azure.com/.default` }, 400, 'invalid_scope', 70011],
    [{ scope: 'http://localhost:4010/.default' }, 400, 'invalid_resource', 500011],
    [{ grant_type: 'password' }, 400, 'unsupported_grant_type', 70003],
    [{ grant_type: '' }, 400, 'invalid_request', 900144],
    [{ resource: 'x' }, 400, 'invalid_request', 901002],
  ])('%j is refused', async (more, status, error, code) => {
    await simulator.control.grant(CONTOSO, GRAPH_APP.clientId);
    expect(await clientCredentials(CONTOSO, more as Record<string, string>)).toMatchObject({
      status,
      body: { error, error_codes: [code] },
    });
  });

  test('an expired secret, a disabled application, an unknown tenant, a GET', async () => {
    await simulator.control.grant(CONTOSO, GRAPH_APP.clientId);
    await simulator.control.request('POST', '/service-principals', {
      tenantId: CONTOSO,
      clientId: GRAPH_APP.clientId,
      enabled: false,
    });
    expect((await clientCredentials(CONTOSO)).body).toMatchObject({ error_codes: [7000112] });
    expect((await clientCredentials('common')).body).toMatchObject({ error_codes: [9001023] });
    await simulator.control.request('POST', '/scenarios/expired-secret');
    expect((await clientCredentials(CONTOSO)).body).toMatchObject({
      error: 'invalid_client',
      error_codes: [7000222],
    });
    expect((await clientCredentials('nobody.example')).body).toMatchObject({
      error: 'invalid_tenant',
      error_codes: [90002],
    });
    const got = await fetch(`${simulator.url}/${CONTOSO}/oauth2/v2.0/token`);
    expect(await got.json()).toMatchObject({ error_codes: [900561] });
  });

  test('HTTP Basic proves the client as well', async () => {
    await simulator.control.grant(CONTOSO, GRAPH_APP.clientId);
    const response = await fetch(`${simulator.url}/${CONTOSO}/oauth2/v2.0/token`, {
      method: 'POST',
      headers: {
        authorization: `Basic ${btoa(`${GRAPH_APP.clientId}:${encodeURIComponent(GRAPH_APP.secret)}`)}`,
      },
      body: new URLSearchParams({ grant_type: 'client_credentials', scope: GRAPH_DEFAULT }),
    });
    expect(response.status).toBe(200);
  });

  test('clients that handle claims challenges get tokens for a day', async () => {
    await simulator.control.grant(CONTOSO, GRAPH_APP.clientId);
    const { body } = await clientCredentials(CONTOSO, {
      claims: '{"access_token":{"xms_cc":{"values":["CP1"]}}}',
    });
    expect(body.expires_in).toBe(86_399);
    expect(decodeJwt(String(body.access_token)).xms_cc).toEqual(['cp1']);
  });
});

describe('client assertions', () => {
  const fixture = (name: string) => readFileSync(new URL(`../../fixtures/${name}`, import.meta.url), 'utf8');
  const certificate = fixture('client-certificate.pem');
  const der = Buffer.from(certificate.replace(/-----[^-]+-----|\s/g, ''), 'base64');

  async function assertion(
    alg: 'RS256' | 'PS256',
    header: Record<string, string>,
    claims: Record<string, unknown> = {},
  ) {
    const key = await importPKCS8(fixture('client-key.pem'), alg);
    const now = Math.floor(Date.now() / 1000);
    const aud = `${simulator.url}/${CONTOSO}/oauth2/v2.0/token`;
    const common = {
      aud,
      iss: GRAPH_APP.clientId,
      sub: GRAPH_APP.clientId,
      jti: crypto.randomUUID(),
      nbf: now,
      iat: now,
      exp: now + 300,
    };
    return new SignJWT({ ...common, ...claims }).setProtectedHeader({ alg, typ: 'JWT', ...header }).sign(key);
  }
  const withAssertion = (text: string) =>
    postToken(simulator.url, CONTOSO, {
      grant_type: 'client_credentials',
      client_id: GRAPH_APP.clientId,
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
      client_assertion: text,
      scope: GRAPH_DEFAULT,
    });
  const sha1 = createHash('sha1').update(der).digest('base64url');
  const sha256 = createHash('sha256').update(der).digest('base64url');

  beforeEach(async () => {
    await simulator.control.grant(CONTOSO, GRAPH_APP.clientId);
    await simulator.control.request('POST', `/registrations/${GRAPH_APP.clientId}`, {
      certificates: [certificate],
    });
  });

  test('signed by a registered certificate, in both forms', async () => {
    for (const text of [
      await assertion('RS256', { x5t: sha1 }),
      await assertion('PS256', { 'x5t#S256': sha256 }),
    ]) {
      const { status, body } = await withAssertion(text);
      expect(status).toBe(200);
      expect(decodeJwt(String(body.access_token)).appidacr).toBe('2');
    }
  });

  test.each([
    [{ x5t: 'unknown' }, {}, 700027],
    [{}, {}, 700027],
    [{ x5t: sha1 }, { iss: 'somebody' }, 50048],
    [{ x5t: sha1 }, { aud: 'https://elsewhere.example' }, 700024],
    [{ x5t: sha1 }, { nbf: 1, iat: 1, exp: 2 }, 700024],
    [{ x5t: sha1 }, { jti: '' }, 50027],
  ])('%j %j is refused', async (header, claims, code) => {
    const { status, body } = await withAssertion(
      await assertion('RS256', header as Record<string, string>, claims),
    );
    expect({ status, codes: body.error_codes }).toEqual({ status: 401, codes: [code] });
  });
});
