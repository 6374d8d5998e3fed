import {
  ARM_IMPERSONATION,
  AZURE_APP,
  CONTOSO,
  delegatedToken,
  type RunningSimulator,
} from '../../testing.ts';

/*
 * For tests of Resource Manager: people's tokens, calls, and the paths of role assignments.
 */
export const ALEX = 'alex.admin@contoso.com';
export const READER = 'acdd72a7-3385-48ef-bd42-f606fba81ae7';
export const OWNER = '8e3af657-a8ff-443c-a75c-2fe8c4bcb635';
export const VERSION = 'api-version=2022-04-01';

/** Calls of one simulator, which is put back to the demo set, without lags. */
export async function armCalls({ url, control }: RunningSimulator) {
  await control.reset();
  await control.settings({
    servicePrincipalLagMs: 0,
    principalLagMs: 0,
    principalLagWithoutTypeMs: 0,
    roleAssignmentLagMs: 0,
  });
  const state = await control.request<{ subscriptions: { id: string; displayName: string }[] }>(
    'GET',
    '/state',
  );
  const subscriptions = Object.fromEntries(
    state.subscriptions.map(({ id, displayName }) => [displayName, id]),
  );

  /** The token of a person who has signed in to the tenant and consented. */
  const personToken = (account: string, tenant: string = CONTOSO) =>
    delegatedToken(url, account, `openid ${ARM_IMPERSONATION}`, { app: AZURE_APP, tenant });

  async function call(method: string, path: string, token: string, body?: unknown) {
    const response = await fetch(url + path, {
      method,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    const json = text === '' ? {} : JSON.parse(text);
    return {
      status: response.status,
      json,
      code: json.error?.code as string | undefined,
      headers: response.headers,
    };
  }

  /** The names of the subscriptions that the token sees. */
  const names = async (token: string): Promise<string[]> => {
    const { json } = await call('GET', '/subscriptions?api-version=2022-12-01', token);
    return json.value.map(({ displayName }: { displayName: string }) => displayName).sort();
  };

  const authorization = (subscription: string) =>
    `/subscriptions/${subscriptions[subscription]}/providers/Microsoft.Authorization`;
  const assignmentPath = (subscription: string, name: string = crypto.randomUUID()) =>
    `${authorization(subscription)}/roleAssignments/${name}?${VERSION}`;
  /** The object id of the portal's service principal in Contoso, which has been there for long. */
  const principal = async () => (await control.grant(CONTOSO, AZURE_APP.clientId)).objectId;

  return { subscriptions, personToken, call, names, authorization, assignmentPath, principal };
}

/** The body that gives a role to a principal. */
export const assignment = (
  principalId: string,
  roleId: string = READER,
  more: object = { principalType: 'ServicePrincipal' },
) => ({
  properties: {
    roleDefinitionId: `/providers/Microsoft.Authorization/roleDefinitions/${roleId}`,
    principalId,
    ...more,
  },
});
