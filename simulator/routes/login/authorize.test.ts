import type { JSONWebKeySet } from 'jose';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import {
  ARM_IMPERSONATION,
  CONTOSO,
  GRAPH_APP,
  type RunningSimulator,
  signInAs,
  startSimulator,
} from '../../testing.ts';
import { ADA, ALEX, CALLBACK, GUS, loginFlows, OLIVIA, SIGN_IN, UMA } from './test-flows.ts';

// Each file starts a process of its own, which takes its time on a busy machine.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

let simulator: RunningSimulator;
let authorizeUrl: ReturnType<typeof loginFlows>['authorizeUrl'];
let codeFor: ReturnType<typeof loginFlows>['codeFor'];

beforeAll(async () => {
  simulator = await startSimulator();
  ({ authorizeUrl, codeFor } = loginFlows(simulator.url));
});
afterAll(() => simulator.stop());
beforeEach(async () => {
  await simulator.control.reset();
  await simulator.control.settings({ servicePrincipalLagMs: 0, grantLagMs: 0 });
});

describe('discovery', () => {
  test.each(['contoso.com', 'CONTOSO.onmicrosoft.com', CONTOSO, CONTOSO.toUpperCase()])(
    '%s is Contoso',
    async (tenant) => {
      const response = await fetch(`${simulator.url}/${tenant}/v2.0/.well-known/openid-configuration`);
      const document = (await response.json()) as Record<string, string>;
      expect(response.status).toBe(200);
      expect(document.issuer).toBe(`${simulator.url}/${CONTOSO}/v2.0`);
      expect(document.tenant_region_scope).toBe('EU');
      const keys = (await (await fetch(document.jwks_uri ?? '')).json()) as JSONWebKeySet;
      expect(keys.keys[0]).toMatchObject({ kty: 'RSA', use: 'sig', e: 'AQAB' });
    },
  );

  test.each([
    ['nobody.example', 'invalid_tenant', 90002],
    ['00000000-0000-0000-0000-000000000000', 'invalid_tenant', 90002],
    ['not a domain', 'invalid_request', 900023],
    ['contoso', 'invalid_request', 900023],
  ])('%s is refused', async (tenant, error, code) => {
    const response = await fetch(
      `${simulator.url}/${encodeURIComponent(tenant)}/v2.0/.well-known/openid-configuration`,
    );
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({
      error,
      error_codes: [code],
      error_description: expect.stringMatching(
        /^AADSTS\d+: .* Trace ID: .* Correlation ID: .* Timestamp: \d{4}-\d\d-\d\d \d\d:\d\d:\d\dZ$/,
      ),
      timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\dZ$/),
      trace_id: expect.any(String),
      correlation_id: expect.any(String),
      error_uri: `${simulator.url}/error?code=${code}`,
    });
  });

  test.each(['common', 'organizations'])('%s has a template for an issuer', async (tenant) => {
    const response = await fetch(`${simulator.url}/${tenant}/v2.0/.well-known/openid-configuration`);
    expect(((await response.json()) as { issuer: string }).issuer).toBe(`${simulator.url}/{tenantid}/v2.0`);
  });
});

describe('authorize', () => {
  test('an unregistered redirect URI stays on the page, as does an unknown client', async () => {
    const wrong: Record<string, string>[] = [
      { redirect_uri: `${CALLBACK}/` },
      { redirect_uri: 'http://evil.example/' },
      { client_id: crypto.randomUUID() },
    ];
    for (const more of wrong) {
      const response = await fetch(authorizeUrl(CONTOSO, more), { redirect: 'manual' });
      expect(response.status).toBe(400);
      expect(await response.text()).toMatch(/AADSTS(50011|700016)/);
    }
  });

  test.each([
    [{ response_type: 'id_token' }, 'unsupported_response_type'],
    [{ scope: 'https://graph.microsoft.com/Nope.Nope' }, 'invalid_client'],
    [{ scope: 'https://unknown.example/.default' }, 'invalid_resource'],
    [{ scope: ' ' }, 'invalid_request'],
    [{ prompt: 'what' }, 'invalid_request'],
    [{ code_challenge: 'short', code_challenge_method: 'S256' }, 'invalid_request'],
  ])('%j goes back with %s', async (more, error) => {
    const response = await fetch(authorizeUrl(CONTOSO, more), { redirect: 'manual' });
    const location = new URL(response.headers.get('location') ?? '');
    expect(location.origin + location.pathname).toBe(CALLBACK);
    expect(Object.fromEntries(location.searchParams)).toMatchObject({ error, state: 'st' });
  });

  test('select_account lists every person as a button, in spite of a session', async () => {
    const first = await fetch(authorizeUrl(CONTOSO), {
      method: 'POST',
      body: new URLSearchParams({ account: UMA }),
    });
    const cookie = first.headers.get('set-cookie') ?? '';
    const page = await (await fetch(authorizeUrl(CONTOSO), { headers: { cookie } })).text();
    for (const account of [ALEX, OLIVIA, UMA, GUS, ADA]) expect(page).toContain(`value="${account}"`);
    expect(page).not.toContain('<script');
  });

  test('without select_account a session signs in silently, and only then prompt=none works', async () => {
    await codeFor(UMA);
    const bare = await fetch(authorizeUrl(CONTOSO, { prompt: 'none' }), { redirect: 'manual' });
    expect(new URL(bare.headers.get('location') ?? '').searchParams.get('error')).toBe('login_required');
    const headers = { cookie: `simulator_sso=${encodeURIComponent(UMA)}` };
    const silent = await fetch(authorizeUrl(CONTOSO, { prompt: 'none' }), { redirect: 'manual', headers });
    expect(new URL(silent.headers.get('location') ?? '').searchParams.get('code')).toEqual(
      expect.any(String),
    );
    const unconsented = authorizeUrl(CONTOSO, { prompt: 'none', scope: ARM_IMPERSONATION });
    const asking = await fetch(unconsented, { redirect: 'manual', headers });
    expect(new URL(asking.headers.get('location') ?? '').searchParams.get('error')).toBe('consent_required');
  });

  test('somebody who is unknown in the tenant stays on the page, with a way back to the accounts', async () => {
    const { location, page } = await signInAs(authorizeUrl(CONTOSO), ADA);
    expect(location).toBeUndefined();
    expect(page).toContain('AADSTS50020');
    expect(page).toContain('Use a different account');
  });

  test('asks for consent once, names the permissions, and takes no for an answer', async () => {
    const url = authorizeUrl(CONTOSO, { scope: `openid profile ${ARM_IMPERSONATION}` });
    const asking = await fetch(url, { method: 'POST', body: new URLSearchParams({ account: OLIVIA }) });
    const page = await asking.text();
    expect(page).toContain('Permissions requested');
    expect(page).toContain('Access Azure Service Management as you (preview)');
    const declined = await signInAs(url, OLIVIA, 'cancel');
    expect(Object.fromEntries(declined.location?.searchParams ?? [])).toMatchObject({
      error: 'access_denied',
      error_subcode: 'cancel',
      error_description: expect.stringContaining('AADSTS65004'),
      state: 'st',
    });
    await signInAs(url, OLIVIA);
    const again = await fetch(url, {
      method: 'POST',
      body: new URLSearchParams({ account: OLIVIA }),
      redirect: 'manual',
    });
    expect(again.status).toBe(302);
    const forced = await fetch(`${url}&prompt=consent`.replace('prompt=select_account&', ''), {
      method: 'POST',
      body: new URLSearchParams({ account: OLIVIA }),
    });
    expect(await forced.text()).toContain('Permissions requested');
  });

  test('permissions for administrators need one, who may consent for everybody', async () => {
    const url = authorizeUrl(CONTOSO, { client_id: GRAPH_APP.clientId, scope: 'openid User.Read.All' });
    const refused = await signInAs(url, UMA);
    expect(refused.page).toContain('Need admin approval');
    expect(refused.page).toContain('error=access_denied');
    const body = new URLSearchParams({ account: ALEX, decision: 'accept', organization: 'yes' });
    await fetch(url, { method: 'POST', body, redirect: 'manual' });
    expect((await signInAs(url, UMA)).location?.searchParams.has('code')).toBe(true);
  });

  test('where users may not consent, even small permissions need an administrator', async () => {
    await simulator.control.request('POST', `/tenants/${CONTOSO}`, { userConsent: 'denied' });
    expect((await signInAs(authorizeUrl(CONTOSO), UMA)).page).toContain('Need admin approval');
  });

  test('a policy blocks on the page or sends back', async () => {
    await simulator.control.request('POST', '/sign-in-policies', { tenantId: CONTOSO, mail: UMA });
    expect((await signInAs(authorizeUrl(CONTOSO), UMA)).page).toContain('AADSTS53003');
    expect((await signInAs(authorizeUrl(CONTOSO), ALEX)).location?.searchParams.has('code')).toBe(true);
    await simulator.control.request('DELETE', '/sign-in-policies');
    await simulator.control.request('POST', '/sign-in-policies', { tenantId: CONTOSO, answer: 'redirect' });
    expect((await signInAs(authorizeUrl(CONTOSO), ALEX)).location?.searchParams.get('error')).toBe(
      'access_denied',
    );
  });

  test('form_post answers with a form, fragment with a fragment', async () => {
    const posted = await signInAs(authorizeUrl(CONTOSO, { response_mode: 'form_post' }), UMA);
    expect(posted.page).toContain(`action="${CALLBACK}"`);
    const { location } = await signInAs(authorizeUrl(CONTOSO, { response_mode: 'fragment' }), UMA);
    expect(location?.hash).toMatch(/^#code=/);
  });
});

describe('signing out', () => {
  test('returns only to a registered address', async () => {
    const logout = (uri: string) =>
      fetch(
        `${simulator.url}/common/oauth2/v2.0/logout?${new URLSearchParams({ post_logout_redirect_uri: uri })}`,
        { redirect: 'manual' },
      );
    const registered = await logout(SIGN_IN);
    expect(registered.headers.get('location')).toBe(SIGN_IN);
    expect(registered.headers.get('set-cookie')).toContain('simulator_sso=;');
    const foreign = await logout('http://evil.example/');
    expect(foreign.status).toBe(200);
    expect(await foreign.text()).not.toContain('evil.example');
  });
});
