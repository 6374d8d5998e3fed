import { decodeJwt } from 'jose';
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import {
  ARM_IMPERSONATION,
  AZURE_APP,
  CONTOSO,
  postToken,
  type RunningSimulator,
  signInAs,
  startSimulator,
} from '../../testing.ts';
import { ALEX, loginFlows, UMA } from './test-flows.ts';

// Each file starts a process of its own, which takes its time on a busy machine.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

const SCOPE = `openid offline_access ${ARM_IMPERSONATION}`;

let simulator: RunningSimulator;
let flows: ReturnType<typeof loginFlows>;

beforeAll(async () => {
  simulator = await startSimulator();
  flows = loginFlows(simulator.url);
});
afterAll(() => simulator.stop());
beforeEach(() => simulator.control.reset());

const wantSecondFactor = () =>
  simulator.control.request<{ id: string }>('POST', '/sign-in-policies', {
    tenantId: CONTOSO,
    answer: 'mfa',
  });

async function amrOf(body: Record<string, unknown>): Promise<unknown> {
  return decodeJwt(String(body.access_token)).amr;
}

test('a policy that wants a second factor shows a page in between, and the token says how one signed in', async () => {
  const plain = await flows.redeem(await flows.codeFor(UMA, CONTOSO, { scope: SCOPE }), CONTOSO);
  expect(await amrOf(plain.body)).toEqual(['pwd']);

  const { id } = await wantSecondFactor();
  const address = flows.authorizeUrl(CONTOSO, { scope: SCOPE });
  const page = await fetch(address, { method: 'POST', body: new URLSearchParams({ account: UMA }) });
  expect(await page.text()).toContain('Approve sign in request');
  const approved = await flows.redeem(await flows.codeFor(UMA, CONTOSO, { scope: SCOPE }), CONTOSO);
  expect(await amrOf(approved.body)).toEqual(['pwd', 'mfa']);

  await simulator.control.request('DELETE', `/sign-in-policies/${id}`);
  const { location } = await signInAs(address, UMA);
  expect(location?.searchParams.has('code')).toBe(true);
  await expect(simulator.control.request('DELETE', `/sign-in-policies/${id}`)).rejects.toThrow('404');
});

test('administrators are asked before they see what they approve, and a browser only once', async () => {
  await wantSecondFactor();
  const address = flows.consentUrl(CONTOSO);
  const post = (fields: Record<string, string>, cookie = '') =>
    fetch(address, { method: 'POST', headers: { cookie }, body: new URLSearchParams(fields) });
  expect(await (await post({ account: ALEX })).text()).toContain('Approve sign in request');
  const approved = await post({ account: ALEX, mfa: 'approved' });
  expect(await approved.text()).toContain('Permissions requested');
  const [cookie = ''] = approved.headers.get('set-cookie')?.split(';') ?? [];
  expect(await (await post({ account: ALEX }, cookie)).text()).toContain('Permissions requested');
  expect(await (await post({ account: UMA }, cookie)).text()).toContain('Approve sign in request');
});

test('what was begun before the policy is refused with the number that asks for a new sign-in', async () => {
  const code = await flows.codeFor(UMA, CONTOSO, { scope: SCOPE });
  const { body: first } = await flows.redeem(await flows.codeFor(UMA, CONTOSO, { scope: SCOPE }), CONTOSO);
  await wantSecondFactor();
  const late = await flows.redeem(code, CONTOSO);
  const refreshed = await postToken(simulator.url, CONTOSO, {
    grant_type: 'refresh_token',
    client_id: AZURE_APP.clientId,
    client_secret: AZURE_APP.secret,
    refresh_token: String(first.refresh_token),
  });
  for (const { status, body } of [late, refreshed]) {
    expect(status).toBe(400);
    expect(body).toMatchObject({ error: 'invalid_grant', suberror: 'basic_action', error_codes: [50076] });
  }
});
