import { decodeJwt } from 'jose';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import {
  ARM_IMPERSONATION,
  AZURE_APP,
  appToken,
  CONTOSO,
  FABRIKAM,
  GRAPH_APP,
  GRAPH_DEFAULT,
  type RunningSimulator,
  signInAs,
  startSimulator,
} from '../../testing.ts';
import { ADA, ADMIN_CALLBACK, ALEX, GUS, loginFlows, OLIVIA, UMA } from './test-flows.ts';

// Each file starts a process of its own, which takes its time on a busy machine.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

let simulator: RunningSimulator;
let authorizeUrl: ReturnType<typeof loginFlows>['authorizeUrl'];
let consentUrl: ReturnType<typeof loginFlows>['consentUrl'];
let clientCredentials: ReturnType<typeof loginFlows>['clientCredentials'];

beforeAll(async () => {
  simulator = await startSimulator();
  ({ authorizeUrl, consentUrl, clientCredentials } = loginFlows(simulator.url));
});
afterAll(() => simulator.stop());
beforeEach(async () => {
  await simulator.control.reset();
  await simulator.control.settings({ servicePrincipalLagMs: 0, grantLagMs: 0 });
});

const rolesOf = (token: string) => decodeJwt(token).roles;

describe('admin consent', () => {
  test('grants exactly what the registration asks for', async () => {
    const { location } = await signInAs(consentUrl(CONTOSO), ALEX);
    expect(Object.fromEntries(location?.searchParams ?? [])).toEqual({
      admin_consent: 'True',
      tenant: CONTOSO,
      scope: GRAPH_DEFAULT,
      state: 'st',
    });
    const token = await appToken(simulator.url, CONTOSO, GRAPH_APP);
    expect(rolesOf(token)).toEqual(['User.Read.All', 'LicenseAssignment.Read.All', 'Organization.Read.All']);
    expect(decodeJwt(token)).toMatchObject({
      idtyp: 'app',
      tid: CONTOSO,
      aud: 'https://graph.microsoft.com',
    });
  });

  test('covers the sign-in of everybody afterwards', async () => {
    await signInAs(consentUrl(CONTOSO), ALEX);
    const url = authorizeUrl(CONTOSO, {
      client_id: GRAPH_APP.clientId,
      scope: 'openid profile offline_access',
    });
    const body = new URLSearchParams({ account: UMA });
    expect((await fetch(url, { method: 'POST', body, redirect: 'manual' })).status).toBe(302);
  });

  test('replaces what was granted before', async () => {
    await simulator.control.grant(CONTOSO, GRAPH_APP.clientId, ['User.Read.All', 'Reports.Read.All']);
    await signInAs(consentUrl(CONTOSO), ALEX);
    expect(rolesOf(await appToken(simulator.url, CONTOSO, GRAPH_APP))).not.toContain('Reports.Read.All');
  });

  test('says admin_consent=True on the error redirect too', async () => {
    const { location } = await signInAs(consentUrl(CONTOSO), ALEX, 'cancel');
    expect(Object.fromEntries(location?.searchParams ?? [])).toMatchObject({
      admin_consent: 'True',
      error: 'consent_required',
      error_description: expect.stringContaining('AADSTS65004'),
      state: 'st',
    });
    expect((await clientCredentials(CONTOSO)).body).toMatchObject({ error_codes: [700016] });
  });

  test('is declined whatever the person presses, where a scenario wants it so', async () => {
    await simulator.control.request('POST', '/scenarios/declined-consent');
    for (const url of [consentUrl(CONTOSO), authorizeUrl(CONTOSO)]) {
      const { location } = await signInAs(url, ALEX);
      expect(location?.searchParams.get('error_description')).toContain('AADSTS65004');
    }
    expect((await clientCredentials(CONTOSO)).body).toMatchObject({ error_codes: [700016] });
  });

  test('names another tenant, where a scenario wants it so', async () => {
    await simulator.control.request('POST', '/scenarios/wrong-tenant');
    const { location } = await signInAs(consentUrl(CONTOSO), ALEX);
    expect(location?.searchParams.get('tenant')).toBe(FABRIKAM);
  });

  test('has a legacy form without scope', async () => {
    const url = consentUrl('common', { scope: '' }, 'adminconsent');
    const declined = await signInAs(url, ALEX, 'cancel');
    expect(Object.fromEntries(declined.location?.searchParams ?? [])).toEqual({
      error: 'permission_denied',
      error_description: 'The admin canceled the request',
      state: 'st',
    });
    const { location } = await signInAs(url, ALEX);
    expect(Object.fromEntries(location?.searchParams ?? [])).toEqual({
      tenant: CONTOSO,
      state: 'st',
      admin_consent: 'True',
    });
    expect(rolesOf(await appToken(simulator.url, CONTOSO, GRAPH_APP))).toHaveLength(3);
  });

  test.each([UMA, OLIVIA, GUS])('%s may not grant', async (account) => {
    const { page, location } = await signInAs(consentUrl(CONTOSO), account);
    expect(location).toBeUndefined();
    expect(page).toContain('Need admin approval');
    expect(page).toContain('admin_consent=True&amp;error=access_denied');
  });

  test('a Cloud Application Administrator may grant delegated permissions, not application ones of Graph', async () => {
    const mail = 'carla.cloud@contoso.com';
    const directoryRoles = ['Cloud Application Administrator'];
    await simulator.control.request('POST', '/personas', {
      tenantId: CONTOSO,
      mail,
      displayName: 'Carla Cloud',
      directoryRoles,
    });
    expect((await signInAs(consentUrl(CONTOSO), mail)).page).toContain('Need admin approval');
    const delegated = consentUrl(CONTOSO, { client_id: AZURE_APP.clientId, scope: ARM_IMPERSONATION });
    expect((await signInAs(delegated, mail)).location?.searchParams.get('error')).toBeNull();
    await simulator.control.request('POST', '/memberships', {
      tenantId: CONTOSO,
      mail,
      directoryRoles: ['Privileged Role Administrator'],
    });
    expect((await signInAs(consentUrl(CONTOSO), mail)).location?.searchParams.get('tenant')).toBe(CONTOSO);
  });

  test('a stranger, a wrong redirect URI, a missing scope and common stay on the page', async () => {
    expect((await signInAs(consentUrl(CONTOSO), ADA)).page).toContain('AADSTS50020');
    for (const [url, code] of [
      [consentUrl(CONTOSO, { redirect_uri: `${ADMIN_CALLBACK}/more` }), 50011],
      [consentUrl(CONTOSO, { scope: '' }), 900144],
      [consentUrl('common'), 50059],
    ] as const)
      expect(await (await fetch(url)).text()).toContain(`AADSTS${code}`);
    const legacy = consentUrl(CONTOSO, { redirect_uri: `${ADMIN_CALLBACK}/more` }, 'adminconsent');
    expect((await fetch(legacy)).status).toBe(200);
  });
});
