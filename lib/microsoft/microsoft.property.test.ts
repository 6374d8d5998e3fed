import fc from 'fast-check';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { PROBLEM_POLICY } from '#lib/core/problem.ts';
import { describeProblem } from '#lib/core/problem-text.ts';
import { ok, type Result } from '#lib/core/result.ts';
import { forAll, hostileText, isStorableText, nearly, RUNS_MIN } from '#lib/core/testing.ts';
import { listAzureSubscriptions } from './arm/azure-subscriptions.ts';
import { readMonthCosts } from './arm/billed-costs.ts';
import { listBillingAccountsInFull } from './arm/billing-accounts.ts';
import { assignEnrollmentReader, BILLING_ROLE, listBillingRoleAssignments } from './arm/billing-roles.ts';
import { listDenyAssignments } from './arm/deny-assignments.ts';
import { listManagementGroups, listSubscriptionsBelow } from './arm/management-groups.ts';
import { listPermissions } from './arm/permissions.ts';
import { assignRole, listRoleAssignments, ROLE } from './arm/role-assignments.ts';
import { readRoleChange } from './arm/role-change.ts';
import { readAccessKey, tidyAccessKey } from './ea/access-key.ts';
import { testKey } from './ea/testing.ts';
import { appOnlyToken } from './entra/app-only-token.ts';
import { discoverTenant } from './entra/discover-tenant.ts';
import { verifyIdToken } from './entra/id-token.ts';
import { redeemCode } from './entra/redeem-code.ts';
import { readRedirectError } from './entra/redirect-error.ts';
import { type LoginServer, startLoginServer } from './entra/testing.ts';
import { readBatch } from './graph/batch.ts';
import { listDirectorySubscriptions } from './graph/directory-subscriptions.ts';
import {
  listGroupsWithLicenseErrors,
  listLicensedGroups,
  listMembersWithLicenseErrors,
} from './graph/groups.ts';
import { getOrganization } from './graph/organization.ts';
import { probeUsers } from './graph/probe-users.ts';
import { findServicePrincipal, listAppRoleAssignments } from './graph/service-principals.ts';
import { listSubscribedSkus } from './graph/subscribed-skus.ts';
import { userPages } from './graph/users.ts';
import { usersById } from './graph/users-by-id.ts';
import { latestDeltaLink, userDeltaPages } from './graph/users-delta.ts';
import {
  type Answer,
  createTestClients,
  type ScriptedServer,
  startScriptedServer,
  TEST_DIRECTORY,
  testArm,
  testGraph,
} from './testing.ts';

/*
 * Whatever a service in Microsoft's place answers, each call ends with a value or a Problem that can be shown. The
 * answers go over a real connection.
 */
vi.setConfig({ testTimeout: 60_000 });

const RUNS_EACH = RUNS_MIN;
const SUBSCRIPTION = '5b000000-0000-4000-8000-000000000001';
const GUID = '11111111-aaaa-4bbb-8ccc-000000000001';

let answer: Answer = {};
let server: ScriptedServer;

beforeAll(async () => {
  server = await startScriptedServer(() => answer);
});
afterAll(() => server.stop());

const ODD_HEADERS: readonly Record<string, string>[] = [
  {},
  { 'retry-after': '1e309' },
  { 'retry-after': '9'.repeat(400) },
  { 'retry-after': '99999999999999' },
  { 'retry-after': '-1' },
  { 'retry-after': 'NaN' },
  { 'retry-after': 'Fri, 31 Dec 9999 23:59:59 GMT' },
  { 'retry-after': 'Fri, 99 Foo 2026 25:61:61 GMT' },
  { 'retry-after': '0x10' },
  { 'content-type': 'text/html' },
  { 'content-type': '' },
  { 'request-id': 'x'.repeat(2000), date: 'never' },
  { location: 'https://evil.example/' },
  { location: 'javascript:alert(1)' },
  { 'www-authenticate': 'Bearer claims="e30="' },
  { 'www-authenticate': `Bearer claims="${'='.repeat(100)}"` },
];

/** Good in its form, hostile in its content, or broken altogether. */
const answersLike = (...examples: readonly [unknown, ...unknown[]]): fc.Arbitrary<Answer> =>
  fc.record({
    status: fc.oneof(
      { weight: 4, arbitrary: fc.constant(200) },
      {
        weight: 1,
        arbitrary: fc.constantFrom(201, 202, 302, 400, 401, 403, 404, 409, 410, 418, 429, 500, 501, 503, 599),
      },
    ),
    headers: fc.constantFrom(...ODD_HEADERS),
    body: fc.oneof(
      { weight: 8, arbitrary: nearly(...examples) },
      {
        weight: 1,
        arbitrary: fc.constantFrom(
          ' ',
          '{',
          '[]]',
          'null',
          '{"value":',
          '<html>',
          '\ufeff{}',
          '{"__proto__":{"value":[]}}',
          '{"value":[],"value":null}',
          '[1e999]',
          `${'['.repeat(20_000)}${']'.repeat(20_000)}`,
        ),
      },
    ),
  });

/** A Problem that our own code knows, can describe, and can keep as JSON without losing a number. */
function expectTyped(result: Result<unknown>): void {
  if (result.ok) return;
  const { problem } = result;
  expect(Object.keys(PROBLEM_POLICY)).toContain(problem.code);
  const { title, who, action } = describeProblem(problem);
  expect(`${title} ${who} ${action}`).not.toMatch(/undefined|\bNaN\b|Infinity|\[object/);
  if ('retryAfterSeconds' in problem) {
    expect(problem.retryAfterSeconds).toBeGreaterThanOrEqual(0);
    expect(new Date(problem.retryAfterSeconds * 1000 + Date.UTC(2030, 0)).getTime()).not.toBeNaN();
  }
}

const calls = (
  name: string,
  examples: readonly [unknown, ...unknown[]],
  call: (origin: string) => Promise<Result<unknown>>,
) =>
  test(name, () =>
    forAll(
      answersLike(...examples),
      async (given) => {
        answer = given;
        expectTyped(await call(server.origin));
      },
      RUNS_EACH,
    ),
  );

const collection = (row: object) => ({ value: [row, row], '@odata.nextLink': 'https://evil.example/next' });

describe('Graph', () => {
  calls(
    'SKUs',
    [
      collection({
        skuId: GUID,
        skuPartNumber: 'SPE_E5',
        capabilityStatus: 'Enabled',
        appliesTo: 'User',
        consumedUnits: 3,
        prepaidUnits: { enabled: 5, warning: 0, suspended: 0, lockedOut: 0 },
        servicePlans: [
          { servicePlanId: GUID, servicePlanName: 'X', provisioningStatus: 'Success', appliesTo: 'User' },
        ],
        subscriptionIds: [GUID],
      }),
    ],
    (origin) => listSubscribedSkus(testGraph(origin)),
  );
  calls(
    'purchases',
    [
      collection({
        id: GUID,
        commerceSubscriptionId: GUID,
        skuId: GUID,
        skuPartNumber: 'SPE_E5',
        status: 'Enabled',
        totalLicenses: 25,
        isTrial: false,
        ownerTenantId: GUID,
        createdDateTime: '2023-01-01T00:00:00Z',
        nextLifecycleDateTime: '2024-01-01T00:00:00Z',
      }),
    ],
    (origin) => listDirectorySubscriptions(testGraph(origin)),
  );
  calls(
    'groups with licences',
    [
      collection({
        id: GUID,
        displayName: 'Sales',
        assignedLicenses: [{ skuId: GUID, disabledPlans: [] }],
        licenseProcessingState: { state: 'ProcessingComplete' },
        groupTypes: ['DynamicMembership'],
      }),
    ],
    (origin) => listLicensedGroups(testGraph(origin)),
  );
  calls('groups with errors', [collection({ id: GUID })], (origin) =>
    listGroupsWithLicenseErrors(testGraph(origin)),
  );
  const withStates = {
    id: GUID,
    licenseAssignmentStates: [
      { skuId: GUID, disabledPlans: [GUID], assignedByGroup: GUID, state: 'Error', error: 'CountViolation' },
    ],
  };
  const inBatch = { responses: [{ id: '0', status: 200, headers: {}, body: collection(withStates) }] };
  calls('members with errors', [inBatch], async (origin) => {
    const [members] = await listMembersWithLicenseErrors(testGraph(origin), [GUID]);
    return members ?? ok([]);
  });
  const throttledInBatch = {
    responses: [{ id: '0', status: 429, headers: { 'Retry-After': '2.5' }, body: { error: { code: 'x' } } }],
  };
  calls('reads in a batch', [inBatch, throttledInBatch], async (origin) => {
    const query = { path: '/users', permission: 'User.Read.All' };
    const [one, other] = await readBatch(testGraph(origin), [query, query], (json) => json);
    return one?.ok ? (other ?? one) : (one ?? ok(undefined));
  });
  const deltaLink = 'https://evil.example/v1.0/users/delta?$deltatoken=x';
  calls('a link to changes', [{ value: [], '@odata.deltaLink': deltaLink }], (origin) =>
    latestDeltaLink(testGraph(origin)),
  );
  const changes = [
    { ...withStates, 'manager@delta': [{ id: GUID, '@removed': { reason: 'deleted' } }] },
    { id: GUID, '@removed': { reason: 'changed' } },
  ];
  calls(
    'changes of users',
    [
      { value: changes, '@odata.deltaLink': deltaLink },
      { value: changes, '@odata.nextLink': deltaLink },
    ],
    async (origin) => {
      let last: Result<unknown> = ok(undefined);
      for await (const page of userDeltaPages(
        testGraph(origin),
        `${origin}/v1.0/users/delta?$deltatoken=x`,
      )) {
        last = page;
        if (!page.ok) continue;
        const ids = [...page.value.changed, ...page.value.removed].map(({ id }) => id);
        expect(new Set(ids).size).toBe(ids.length);
        expect(page.value.nextLink === undefined).toBe(page.value.deltaLink !== undefined);
      }
      return last;
    },
  );
  calls('users by their ids', [collection(withStates)], (origin) => usersById(testGraph(origin), [GUID]));
  calls(
    'the organization',
    [
      collection({
        id: GUID,
        displayName: 'Contoso',
        countryLetterCode: 'DE',
        tenantType: 'AAD',
        verifiedDomains: [{ name: 'contoso.com', isDefault: true, isInitial: false }],
      }),
    ],
    (origin) => getOrganization(testGraph(origin)),
  );
  calls('one user', [{ value: [{ id: GUID }] }], (origin) => probeUsers(testGraph(origin)));
  calls(
    'our service principal',
    [
      collection({
        id: GUID,
        appId: GUID,
        displayName: 'x',
        accountEnabled: true,
        appRoles: [{ id: GUID, value: 'x' }],
      }),
    ],
    (origin) => findServicePrincipal(testGraph(origin), GUID),
  );
  calls(
    'its assignments',
    [{ value: [{ appRoleId: GUID, resourceId: GUID, resourceDisplayName: 'x', createdDateTime: null }] }],
    (origin) => listAppRoleAssignments(testGraph(origin), GUID),
  );
  calls(
    'a refusal',
    [
      {
        error: {
          code: 'Authorization_RequestDenied',
          message: 'no',
          innerError: { date: 'x', 'request-id': 'y' },
        },
      },
    ],
    (origin) => getOrganization(testGraph(origin)),
  );
  calls(
    'a page of users',
    [
      {
        '@odata.count': 2,
        value: [
          {
            id: GUID,
            displayName: 'Mia',
            accountEnabled: true,
            createdDateTime: '2020-01-01T00:00:00Z',
            assignedLicenses: [{ skuId: GUID, disabledPlans: [GUID] }],
            licenseAssignmentStates: [
              { skuId: GUID, disabledPlans: [], state: 'Active', assignedByGroup: null },
            ],
            onPremisesExtensionAttributes: { extensionAttribute1: 'x' },
            manager: { id: GUID },
          },
        ],
      },
    ],
    async (origin) => {
      const page = await userPages(testGraph(origin)).next();
      return page.value ?? { ok: true, value: undefined };
    },
  );
});

describe('Resource Manager', () => {
  calls(
    'subscriptions',
    [
      {
        value: [
          {
            subscriptionId: SUBSCRIPTION,
            displayName: 'Production',
            state: 'Enabled',
            tenantId: GUID,
            subscriptionPolicies: { quotaId: 'EnterpriseAgreement_2014-09-01' },
          },
        ],
      },
    ],
    (origin) => listAzureSubscriptions(testArm(origin)),
  );
  calls(
    'permissions',
    [{ value: [{ actions: ['*', 'Microsoft.Authorization/*/write'], notActions: [] }] }],
    (origin) => listPermissions(testArm(origin), SUBSCRIPTION),
  );
  calls(
    'role assignments',
    [
      {
        value: [
          {
            id: 'x',
            name: GUID,
            properties: {
              scope: `/subscriptions/${SUBSCRIPTION}`,
              principalId: GUID,
              roleDefinitionId: `/x/roleDefinitions/${ROLE.reader}`,
            },
          },
        ],
      },
    ],
    (origin) => listRoleAssignments(testArm(origin), SUBSCRIPTION, { assignedTo: GUID }),
  );
  calls(
    'billing accounts',
    [
      {
        value: [
          {
            name: 'a:b_2019-05-31',
            properties: {
              displayName: 'x',
              agreementType: 'MicrosoftCustomerAgreement',
              accountType: 'Business',
              billingRelationshipTypes: ['Direct'],
              hasReadAccess: true,
            },
          },
        ],
      },
    ],
    (origin) => listBillingAccountsInFull(testArm(origin)),
  );
  calls(
    'billing role assignments',
    [
      {
        value: [{ properties: { principalId: GUID, roleDefinitionId: `/x/${BILLING_ROLE.accountReader}` } }],
      },
    ],
    (origin) => listBillingRoleAssignments(testArm(origin), '8608480'),
  );
  calls(
    'a new role on an enrollment',
    [{ errors: { 'Properties.PrincipalId': ['x'] } }, { code: 'NotFound', message: 'x' }],
    (origin) =>
      assignEnrollmentReader(testArm(origin), {
        enrollment: '8608480',
        principalId: GUID,
        principalTenantId: GUID,
      }),
  );
  calls(
    'costs of a month',
    [
      { properties: { nextLink: null, columns: [{ name: 'Cost', type: 'Number' }], rows: [[1.5, 'USD']] } },
      { error: { code: '401', message: 'No claims present for the caller in the system' } },
    ],
    (origin) => readMonthCosts(testArm(origin), '8608480', '2026-10'),
  );
  calls(
    'deny assignments',
    [
      {
        value: [
          {
            properties: {
              denyAssignmentName: 'x',
              permissions: [{ actions: ['*'], notActions: [] }],
              principals: [{ id: GUID }],
              excludePrincipals: [],
            },
          },
        ],
      },
    ],
    (origin) => listDenyAssignments(testArm(origin), SUBSCRIPTION),
  );
  calls(
    'management groups',
    [{ value: [{ name: 'production', properties: { displayName: 'Production' } }] }],
    (origin) => listManagementGroups(testArm(origin)),
  );
  calls(
    'what is below a management group',
    [{ value: [{ id: `/subscriptions/${SUBSCRIPTION}`, name: SUBSCRIPTION }] }],
    (origin) => listSubscriptionsBelow(testArm(origin), 'production'),
  );
  calls(
    'a new role assignment',
    [
      { error: { code: 'PrincipalNotFound', message: "perform action 'x'" } },
      { code: 'RoleAssignmentExists' },
    ],
    (origin) =>
      assignRole(testArm(origin), {
        subscriptionId: SUBSCRIPTION,
        principalId: GUID,
        roleDefinitionId: ROLE.reader,
        name: GUID,
      }),
  );
  test('what a call did to role assignments', () =>
    forAll(
      fc.tuple(
        hostileText,
        nearly({ properties: { roleDefinitionId: `/x/${ROLE.reader}`, principalId: GUID } }),
      ),
      ([text, json]) => {
        const target = `management.azure.com/subscriptions/${text}/providers/Microsoft.Authorization/roleAssignments/${text}`;
        const outcome = { status: 200, durationMs: 1, json };
        for (const method of ['PUT', 'DELETE', 'POST', 'GET', text]) {
          const change = readRoleChange({ method, target, body: `${text}${JSON.stringify(json)}` }, outcome);
          expect(['made', 'kept', 'removed', undefined]).toContain(change?.change);
        }
      },
      RUNS_EACH,
    ));
});

describe('the login service', () => {
  calls(
    'discovery',
    [
      {
        issuer: `https://login.microsoftonline.com/${GUID}/v2.0`,
        jwks_uri: 'https://evil.example/keys',
        tenant_region_scope: 'EU',
        cloud_instance_name: 'microsoftonline.com',
      },
      { error: 'invalid_tenant', error_description: 'AADSTS90002: x', error_codes: [90002], timestamp: 'x' },
    ],
    (origin) => discoverTenant(createTestClients({ authority: origin }).entra, 'contoso.com'),
  );

  test('whatever is typed as a tenant', () =>
    forAll(fc.oneof(hostileText, fc.webUrl(), fc.domain(), fc.emailAddress()), async (text) => {
      answer = { status: 404, body: '' };
      const result = await discoverTenant(createTestClients({ authority: server.origin }).entra, text);
      expect(result).toMatchObject({ ok: false, problem: { code: 'tenant-unknown' } });
    }));

  calls(
    'an application token',
    [
      {
        token_type: 'Bearer',
        expires_in: 3600,
        ext_expires_in: 3600,
        access_token: 'eyJhbGciOiJub25lIn0.eyJ0aWQiOjEsIm9pZCI6W10sInJvbGVzIjp7fX0.x',
      },
      {
        error: 'invalid_client',
        error_description: 'AADSTS7000222: expired',
        error_codes: [7000222],
        suberror: 'x',
        claims: '{}',
      },
    ],
    (origin) =>
      appOnlyToken(createTestClients({ authority: origin }).entra, {
        registration: 'graph',
        directoryId: TEST_DIRECTORY,
        resource: 'graph',
      }),
  );

  test('what a redirect says', () =>
    forAll(
      fc.array(
        fc.tuple(
          fc.oneof(
            fc.constantFrom(
              'error',
              'error_description',
              'error_subcode',
              'suberror',
              'tenant',
              'state',
              'code',
            ),
            hostileText,
          ),
          fc.oneof(
            hostileText,
            fc.constantFrom('access_denied', 'AADSTS65004: declined', 'AADSTS999999999999'),
          ),
        ),
        { maxLength: 6 },
      ),
      (pairs) => {
        const problem = readRedirectError(new URLSearchParams(pairs));
        if (problem) expectTyped({ ok: false, problem });
      },
    ));
});

describe('a sign-in', () => {
  let login: LoginServer;
  let tokenAnswer: (login: LoginServer) => Promise<Answer> | Answer = () => ({});

  beforeAll(async () => {
    login = await startLoginServer((_request, self) => tokenAnswer(self));
  });
  afterAll(() => login.stop());

  const redeem = () =>
    redeemCode(createTestClients({ authority: login.origin }).entra, {
      registration: 'azure',
      directoryId: 'organizations',
      code: 'code',
      redirectUri: 'http://localhost:3000/api/consent/callback',
      codeVerifier: 'v'.repeat(43),
      nonce: 'nonce',
      oauthScopes: ['openid', 'profile'],
    });

  // The path of the test server's token endpoint is that of one directory.
  const redeemHere = () =>
    redeemCode(createTestClients({ authority: login.origin }).entra, {
      registration: 'azure',
      directoryId: TEST_DIRECTORY,
      code: 'code',
      redirectUri: 'http://localhost:3000/api/consent/callback',
      codeVerifier: 'v'.repeat(43),
      nonce: 'nonce',
      oauthScopes: ['openid', 'profile'],
    });

  const goodClaims = {
    aud: '11111111-aaaa-4bbb-8ccc-000000000001',
    tid: TEST_DIRECTORY as string,
    oid: GUID,
    sub: 'x',
    name: 'Alex',
    preferred_username: 'alex@contoso.com',
    nonce: 'nonce',
    wids: ['62e90394-69f5-4237-9190-012177145e10'],
    exp: 4_102_444_800,
    iat: 1,
  };
  const clientInfo = Buffer.from(JSON.stringify({ uid: GUID, utid: TEST_DIRECTORY })).toString('base64url');

  test('with claims of any kind in a well-signed token', () =>
    forAll(
      nearly(goodClaims),
      async (claims) => {
        tokenAnswer = async (self) => ({
          body: {
            token_type: 'Bearer',
            expires_in: 3600,
            access_token: 'a',
            client_info: clientInfo,
            id_token: await self
              .sign({ iss: `${self.origin}/${TEST_DIRECTORY}/v2.0`, ...Object(claims) })
              .catch(() => 'unsigned'),
          },
        });
        const result = await redeemHere();
        expectTyped(result);
        // The roles are compared and not kept.
        if (result.ok) {
          const { displayName, userName } = result.value.person;
          expect([displayName, userName].filter((text) => !isStorableText(text))).toEqual([]);
        }
      },
      RUNS_EACH,
    ));

  test('with an answer of any kind', () =>
    forAll(
      answersLike({
        token_type: 'Bearer',
        expires_in: 3600,
        access_token: 'a',
        id_token: 'eyJhbGciOiJSUzI1NiJ9.eyJ0aWQiOiJ4In0.x',
        client_info: clientInfo,
      }),
      async (given) => {
        tokenAnswer = () => given;
        expectTyped(await redeemHere());
        expectTyped(await redeem());
      },
      RUNS_EACH,
    ));

  test('with signing keys of any kind', async () => {
    const { privateKey, publicKey } = await generateKeyPair('RS256');
    const jwk = { ...(await exportJWK(publicKey)), kid: 'key-1', use: 'sig', alg: 'RS256' };
    let keys: Answer = {};
    const service = await startScriptedServer(({ path }) =>
      path === '/keys' ? keys : { body: { issuer: 'x', jwks_uri: `${service.origin}/keys` } },
    );
    const idToken = await new SignJWT(goodClaims)
      .setProtectedHeader({ alg: 'RS256', kid: 'key-1' })
      .sign(privateKey);
    const { entra } = createTestClients({ authority: service.origin });
    const expected = { idToken, clientId: goodClaims.aud, directoryId: TEST_DIRECTORY, nonce: 'nonce' };
    await forAll(
      answersLike(
        { keys: [jwk] },
        { keys: [{ ...jwk, n: 'AQ' }] },
        { keys: [{ ...jwk, n: 5 }] },
        { keys: [jwk, jwk] },
        { keys: [{ ...jwk, kty: 'EC', crv: 'P-256' }] },
      ),
      async (given) => {
        keys = given;
        expectTyped(await verifyIdToken(entra, expected, {}));
      },
      RUNS_EACH,
    );
    await service.stop();
  });
});

describe('The EA reporting API', () => {
  const key = { text: testKey({ EnrollmentNumber: '8608480' }), expiresAt: new Date(1_900_000_000_000) };
  calls(
    'the check of a key',
    [[{ billingPeriodId: '202401', billingStart: '2024-01-01T00:00:00Z', usageDetails: null }]],
    (origin) => createTestClients({ ea: origin }).ea.checkKey(key, '8608480'),
  );

  test('a key that is pasted, with anything around and blanks within, is the key', () =>
    forAll(
      fc.tuple(
        fc.constantFrom('', 'Bearer ', 'bearer\n', 'Authorization: Bearer ', '"', ' \u200b'),
        fc.array(fc.tuple(fc.nat(key.text.length), fc.constantFrom(' ', '\n', '\r\n', '\t', '\ufeff')), {
          maxLength: 5,
        }),
      ),
      ([before, blanks]) => {
        let pasted = key.text;
        for (const [at, blank] of blanks) pasted = pasted.slice(0, at) + blank + pasted.slice(at);
        expect(tidyAccessKey(before + pasted)).toBe(key.text);
      },
    ));

  test('any text is a whole key, or none', () =>
    forAll(fc.oneof(nearly(key.text), hostileText), (given) => {
      const text = tidyAccessKey(String(given));
      const read = readAccessKey(text);
      if (!read) return;
      expect(read.text).toMatch(/^[\w-]+\.[\w-]+\.[\w-]+$/);
      expect(read.expiresAt?.getTime()).not.toBeNaN();
      expect(isStorableText(read.enrollmentNumber ?? '')).toBe(true);
    }));
});
