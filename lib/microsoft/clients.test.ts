import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { createCloud, type MicrosoftSettings } from '#lib/config/clouds.ts';
import type { DirectoryId } from '#lib/core/ids.ts';
import type { Result } from '#lib/core/result.ts';
import { type RunningSimulator, startSimulator } from '../../simulator/testing.ts';
import { listAzureSubscriptions } from './arm/azure-subscriptions.ts';
import { listPermissions, mayAssignRoles } from './arm/permissions.ts';
import {
  assignRole,
  listRoleAssignments,
  ROLE,
  removeRole,
  roleAssignmentName,
} from './arm/role-assignments.ts';
import { subscriptionScope } from './arm/scope.ts';
import { createMicrosoftClients, type MicrosoftClients } from './clients.ts';
import { appOnlyToken } from './entra/app-only-token.ts';
import type { RegistrationName } from './entra/client.ts';
import { discoverTenant } from './entra/discover-tenant.ts';
import { createPkce } from './entra/pkce.ts';
import { redeemCode } from './entra/redeem-code.ts';
import { readRedirectError } from './entra/redirect-error.ts';
import { adminConsentUrl, armUserScope, authorizeUrl, IDENTITY_SCOPES } from './entra/urls.ts';
import { getOrganization } from './graph/organization.ts';
import { findServicePrincipal, listAppRoleAssignments } from './graph/service-principals.ts';
import { listSubscribedSkus } from './graph/subscribed-skus.ts';
import { type GraphUser, userPages } from './graph/users.ts';
import { quietLog } from './testing.ts';

/* The whole chain against the simulator: discovery, consent, tokens, Graph, Resource Manager. */

const PORTAL = 'http://localhost:3000';
const ADMIN = 'alex.admin@contoso.com';
const GLOBAL_ADMINISTRATOR = '62e90394-69f5-4237-9190-012177145e10';
const WITHOUT_LAG = {
  servicePrincipalLagMs: 0,
  grantLagMs: 0,
  principalLagMs: 0,
  principalLagWithoutTypeMs: 0,
  roleAssignmentLagMs: 0,
};

let simulator: RunningSimulator;
let clients: MicrosoftClients;
let directoryId: DirectoryId;

beforeAll(async () => {
  simulator = await startSimulator({ portalUrl: PORTAL });
});
afterAll(() => simulator.stop());

beforeEach(async () => {
  await simulator.control.reset();
  await simulator.control.settings(WITHOUT_LAG);
  clients = createMicrosoftClients(settings(simulator.url), quietLog);
  directoryId = value(await discoverTenant(clients.entra, 'contoso.com')).directoryId;
});

function settings(url: string): MicrosoftSettings {
  const secret = (text: string) => ({ type: 'secret', secret: text }) as const;
  return {
    cloud: createCloud('global', { authorityUrl: url, graphUrl: url, armUrl: url }),
    registrations: {
      azure: {
        clientId: '11111111-aaaa-4bbb-8ccc-000000000001',
        credential: secret('simulator-azure-secret~1'),
      },
      graph: {
        clientId: '22222222-aaaa-4bbb-8ccc-000000000002',
        credential: secret('simulator-graph-secret~2'),
      },
    },
  };
}

function value<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(JSON.stringify(result.problem));
  return result.value;
}

/** Presses the buttons that a person would, and gives what the browser would bring back to the portal. */
async function visit(
  url: string,
  account: string,
  decision: 'accept' | 'cancel' = 'accept',
): Promise<URLSearchParams> {
  const body = new URLSearchParams({ account, decision });
  const answer = await fetch(url, { method: 'POST', body, redirect: 'manual' });
  const location = answer.headers.get('location');
  if (!location?.startsWith(PORTAL)) throw new Error(`${answer.status} ${await answer.text()}`);
  return new URL(location).searchParams;
}

function consent(account: string, decision?: 'accept' | 'cancel') {
  const redirectUri = `${PORTAL}/api/consent/admin-callback`;
  const url = adminConsentUrl(clients.entra, { registration: 'graph', directoryId, redirectUri, state: 's' });
  return visit(url, account, decision);
}

async function signIn(account: string, registration: RegistrationName, oauthScopes: readonly string[]) {
  const { codeVerifier, codeChallenge } = createPkce();
  const request = {
    registration,
    directoryId,
    nonce: 'n',
    oauthScopes,
    redirectUri: `${PORTAL}/api/consent/callback`,
  };
  const back = await visit(authorizeUrl(clients.entra, { ...request, state: 's', codeChallenge }), account);
  expect(back.get('state')).toBe('s');
  return redeemCode(clients.entra, { ...request, code: back.get('code') ?? '', codeVerifier });
}

const armSignIn = (account: string) =>
  signIn(account, 'azure', [...IDENTITY_SCOPES, armUserScope(clients.entra)]);

const graphToken = (fresh: boolean) =>
  appOnlyToken(clients.entra, { registration: 'graph', directoryId, resource: 'graph', fresh });

test('a domain and a tenant ID lead to the same tenant, an unknown one to none', async () => {
  expect(directoryId).toBe('c0000000-0000-4000-8000-00000000c001');
  expect(value(await discoverTenant(clients.entra, directoryId.toUpperCase())).directoryId).toBe(directoryId);
  expect(await discoverTenant(clients.entra, 'nobody.example')).toMatchObject({
    ok: false,
    problem: { code: 'tenant-unknown', microsoft: { code: 'AADSTS90002' } },
  });
});

test('before consent there is no token, after it one with the granted roles', async () => {
  expect(await graphToken(true)).toMatchObject({ ok: false, problem: { code: 'consent-required' } });
  expect(readRedirectError(await consent(ADMIN))).toBeUndefined();
  const token = value(await graphToken(true));
  expect(token.directoryId).toBe(directoryId);
  expect([...token.roles].sort()).toEqual([
    'LicenseAssignment.Read.All',
    'Organization.Read.All',
    'User.Read.All',
  ]);
});

test('a refused consent is told apart from a given one', async () => {
  const back = await consent(ADMIN, 'cancel');
  expect(back.get('admin_consent')).toBe('True');
  expect(readRedirectError(back)).toMatchObject({
    code: 'consent-declined',
    microsoft: { code: 'AADSTS65004' },
  });
});

test('a sign-in names the person and their directory roles', async () => {
  await consent(ADMIN);
  const { person, accessToken } = value(await signIn(ADMIN, 'graph', IDENTITY_SCOPES));
  expect(person).toMatchObject({ directoryId, displayName: 'Alex Admin', userName: ADMIN });
  expect(person.wids).toContain(GLOBAL_ADMINISTRATOR);
  expect(accessToken).toBeUndefined();
  const plain = value(await signIn('uma.user@contoso.com', 'graph', IDENTITY_SCOPES));
  expect(plain.person.wids).not.toContain(GLOBAL_ADMINISTRATOR);
});

test('Graph is read completely, through throttling and broken answers', async () => {
  await consent(ADMIN);
  const graph = clients.graph(directoryId);
  expect(value(await getOrganization(graph))).toMatchObject({ id: directoryId, displayName: 'Contoso' });
  expect(value(await listSubscribedSkus(graph)).length).toBeGreaterThan(5);

  const path = '/v1.0/users';
  await simulator.control.fault({
    kind: 'throttle',
    path,
    after: 1,
    times: 1,
    retryAfter: 'fraction',
    retryAfterSeconds: 0.4,
  });
  await simulator.control.fault({ kind: 'truncate', path, after: 2, times: 1 });
  const users = new Map<string, GraphUser>();
  const reasons: string[] = [];
  let expected: number | undefined;
  for await (const page of userPages(graph, { onRetry: ({ reason }) => reasons.push(reason) })) {
    for (const user of value(page).users) users.set(user.id, user);
    expected ??= value(page).expected;
  }
  expect(users.size).toBe(expected);
  expect(users.size).toBeGreaterThanOrEqual(2500);
  expect([...users.values()].some((user) => user.manager !== null)).toBe(true);
  expect([...users.values()].some((user) => user.licenseAssignmentStates.length > 0)).toBe(true);
  expect(reasons.sort()).toEqual(['throttled', 'unavailable']);
  expect(await simulator.control.violations()).toEqual([]);
  expect(await simulator.control.unknownOperations()).toEqual([]);
});

test('a page link to a foreign origin is refused', async () => {
  await consent(ADMIN);
  await simulator.control.fault({ kind: 'foreign-link', path: '/v1.0/users', times: 1 });
  const problems = [];
  for await (const page of userPages(clients.graph(directoryId)))
    if (!page.ok) problems.push(page.problem.code);
  expect(problems).toEqual(['foreign-link']);
});

test('without the permission Graph is refused by name', async () => {
  await simulator.control.grant(directoryId, settings('').registrations.graph.clientId, [
    'Organization.Read.All',
  ]);
  for await (const page of userPages(clients.graph(directoryId))) {
    expect(page).toMatchObject({
      ok: false,
      problem: { code: 'permission-missing', permission: 'User.Read.All' },
    });
  }
});

test('a service principal is found with what was granted to it', async () => {
  const { clientId } = settings('').registrations.graph;
  await simulator.control.grant(directoryId, clientId, ['User.Read.All', 'Application.Read.All']);
  const graph = clients.graph(directoryId);
  const found = value(await findServicePrincipal(graph, clientId));
  expect(found).toMatchObject({ appId: clientId, accountEnabled: true });
  expect(value(await listAppRoleAssignments(graph, found?.id ?? ''))).toHaveLength(2);
  expect(value(await findServicePrincipal(graph, directoryId))).toBeNull();
});

test('an owner gives our application a role on a subscription, and again without harm', async () => {
  const { accessToken = '' } = value(await armSignIn(ADMIN));
  const person = clients.armAsPerson(accessToken);
  const subscriptions = value(await listAzureSubscriptions(person));
  const owned = [];
  for (const { subscriptionId } of subscriptions) {
    if (mayAssignRoles(value(await listPermissions(person, subscriptionId)))) owned.push(subscriptionId);
  }
  expect(owned).toHaveLength(4);

  const own = value(
    await appOnlyToken(clients.entra, { registration: 'azure', directoryId, resource: 'arm' }),
  );
  const principalId = own.servicePrincipalId ?? '';
  const [subscriptionId = ''] = owned;
  const request = {
    subscriptionId,
    principalId,
    roleDefinitionId: ROLE.reader,
    name: roleAssignmentName(subscriptionScope(subscriptionId), principalId, ROLE.reader),
  };
  const application = clients.armAsApp(directoryId);
  expect(value(await listAzureSubscriptions(application))).toEqual([]);
  await simulator.control.settings({ principalLagMs: 60_000 });
  expect(await assignRole(person, request)).toMatchObject({
    ok: false,
    problem: { code: 'principal-not-found' },
  });
  await simulator.control.settings({ principalLagMs: 0 });
  expect(value(await assignRole(person, request))).toEqual({ outcome: 'created', isOurs: true });
  expect(value(await assignRole(person, request))).toEqual({ outcome: 'existed', isOurs: true });
  const another = { ...request, name: roleAssignmentName('/another', principalId, ROLE.reader) };
  expect(value(await assignRole(person, another))).toEqual({ outcome: 'existed', isOurs: false });
  expect(value(await listRoleAssignments(person, subscriptionId, { assignedTo: principalId }))).toMatchObject(
    [{ name: request.name, principalId, roleDefinitionId: ROLE.reader }],
  );
  const visible = value(await listAzureSubscriptions(application));
  expect(visible.map((subscription) => subscription.subscriptionId)).toEqual([subscriptionId]);
  expect(value(await removeRole(person, another))).toEqual({ outcome: 'was-gone' });
  expect(value(await removeRole(person, request))).toEqual({ outcome: 'removed' });
  expect(value(await removeRole(person, request))).toEqual({ outcome: 'was-gone' });
  expect(await simulator.control.unknownOperations()).toEqual([]);
});

test('who may not assign roles is told which right is missing', async () => {
  const person = clients.armAsPerson(value(await armSignIn(ADMIN)).accessToken ?? '');
  const refused = [];
  for (const { subscriptionId } of value(await listAzureSubscriptions(person))) {
    if (mayAssignRoles(value(await listPermissions(person, subscriptionId)))) continue;
    const scope = subscriptionScope(subscriptionId);
    const name = roleAssignmentName(scope, directoryId, ROLE.reader);
    const request = { subscriptionId, principalId: directoryId, roleDefinitionId: ROLE.reader, name };
    refused.push(await assignRole(person, request));
  }
  const permission = 'Microsoft.Authorization/roleAssignments/write';
  const problem = {
    code: 'permission-missing',
    permission,
    microsoft: { code: 'AuthorizationFailed', status: 403 },
  };
  expect(refused).toMatchObject([
    { ok: false, problem },
    { ok: false, problem },
  ]);
});
