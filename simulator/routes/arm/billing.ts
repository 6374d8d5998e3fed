import {
  addBillingRole,
  BILLING_ROLES,
  type BillingAccount,
  type BillingRole,
  type BillingRoleAssignment,
  billingRolesOf,
  removeBillingRole,
} from '../../state/billing.ts';
import { isGuid } from '../../state/hash.ts';
import { lagsOf, nowOf, type World } from '../../state/world.ts';
import { statusOf } from '../errors.ts';
import { type ArmContext, armError, armPage } from './answers.ts';

const ROOT = '/providers/Microsoft.Billing/billingAccounts';
const PATH =
  /^\/providers\/microsoft\.billing\/billingaccounts(?:\/([^/]+)(?:\/(billingroleassignments|billingroledefinitions|createbillingroleassignment|providers\/microsoft\.costmanagement\/query)(?:\/([^/]+))?)?)?$/i;

/**
 * Billing accounts, their roles, and the costs of an account. Billing rights are its own: neither directory roles nor
 * roles on subscriptions count here.
 * @see https://learn.microsoft.com/rest/api/billing
 */
export function billingOperation(c: ArmContext, world: World): Promise<Response> | Response | undefined {
  const match = PATH.exec(decodeURIComponent(new URL(c.req.url).pathname));
  if (!match) return undefined;
  const [, name = '', part = '', item = ''] = match;
  if (name === '') return c.req.method === 'GET' ? listAccounts(c, world) : undefined;
  const account = world.billing.accounts.get(name.toLowerCase());
  // Without the wrapper: not all of this service's errors have one.
  const notFound = () =>
    c.json({ code: 'NotFound', message: 'The resource or one of its dependencies could not be found.' }, 404);
  switch (`${c.req.method} ${part.toLowerCase()}${item ? '/' : ''}`) {
    case 'GET ':
      if (!account) return notFound();
      return rolesOf(c, world, account).length > 0 ? c.json(accountJson(c, account)) : notAuthorized(c);
    case 'GET billingroledefinitions':
      if (!account) return notFound();
      return listRoles(c, world, account);
    case 'GET billingroleassignments':
      if (!account) return notFound();
      return listAssignments(c, world, account);
    case 'PUT billingroleassignments/':
      if (!account) return notFound();
      return assign(c, world, account, item);
    case 'DELETE billingroleassignments/':
      if (!account) return notFound();
      return unassign(c, world, account, item);
    case 'POST createbillingroleassignment':
      if (!account) return notFound();
      return assign(c, world, account, undefined);
    case 'POST providers/microsoft.costmanagement/query':
      return queryCosts(c, world, account);
    default:
      return undefined;
  }
}

function rolesOf(c: ArmContext, world: World, { name, tenantId }: BillingAccount): BillingRole[] {
  const lagMs = lagsOf(world, tenantId).billingRoleLagMs;
  return billingRolesOf(world.billing, name, c.get('claims'), { now: nowOf(world), lagMs });
}

const notAuthorized = (c: ArmContext): Response =>
  armError(
    c,
    403,
    'UserNotAuthorized',
    'The user is not authorized to perform this action on the billing account.',
  );

const accountJson = (c: ArmContext, account: BillingAccount) => ({
  id: `${ROOT}/${account.name}`,
  name: account.name,
  type: 'Microsoft.Billing/billingAccounts',
  properties: {
    displayName: account.displayName,
    agreementType: account.agreementType,
    accountStatus: 'Active',
    accountType: account.accountType,
    // Came with a later version than the one that is used most.
    ...((c.req.query('api-version') ?? '') >= '2024' && {
      billingRelationshipTypes: account.billingRelationshipTypes,
    }),
    hasReadAccess: true,
    primaryBillingTenantId: account.tenantId,
    soldTo: null,
  },
});

/** Those on which the caller has any role; none is an empty list. */
function listAccounts(c: ArmContext, world: World): Response {
  const visible = [...world.billing.accounts.values()].filter(
    (account) => rolesOf(c, world, account).length > 0,
  );
  return c.json(
    armPage(
      c,
      world,
      visible.map((account) => accountJson(c, account)),
    ),
  );
}

function listRoles(c: ArmContext, world: World, account: BillingAccount): Response {
  if (rolesOf(c, world, account).length === 0) return notAuthorized(c);
  const value = BILLING_ROLES.filter(({ agreements }) => agreements.includes(account.agreementType)).map(
    ({ id, name }) => ({
      id: `${ROOT}/${account.name}/billingRoleDefinitions/${id}`,
      name: id,
      type: 'Microsoft.Billing/billingAccounts/billingRoleDefinitions',
      properties: { roleName: name, description: name, permissions: [] },
    }),
  );
  return c.json({ value });
}

const assignmentJson = (assignment: BillingRoleAssignment) => ({
  id: `${ROOT}/${assignment.account}/billingRoleAssignments/${assignment.name}`,
  name: assignment.name,
  type: 'Microsoft.Billing/billingAccounts/billingRoleAssignments',
  properties: {
    createdOn: new Date(assignment.createdOn).toISOString(),
    principalId: assignment.principalId,
    principalTenantId: assignment.principalTenantId,
    roleDefinitionId: `${ROOT}/${assignment.account}/billingRoleDefinitions/${assignment.roleId}`,
    scope: `${ROOT}/${assignment.account}`,
  },
});

const assignmentsOf = (world: World, { name }: BillingAccount): BillingRoleAssignment[] =>
  [...world.billing.roleAssignments.values()].filter((each) => each.account === name);

function listAssignments(c: ArmContext, world: World, account: BillingAccount): Response {
  if (rolesOf(c, world, account).length === 0) return notAuthorized(c);
  return c.json(armPage(c, world, assignmentsOf(world, account).map(assignmentJson)));
}

/** Only who may give roles, in an enrollment an Enterprise Administrator, gives one; and only to who is there. */
async function assign(
  c: ArmContext,
  world: World,
  account: BillingAccount,
  name: string | undefined,
): Promise<Response> {
  const isEa = account.agreementType === 'EnterpriseAgreement';
  if (!rolesOf(c, world, account).some(({ assigns }) => assigns)) return notAuthorized(c);
  // Enrollments know only PUT, the newer agreements only POST.
  if (isEa !== (name !== undefined))
    return armError(
      c,
      400,
      'BadRequest',
      `The operation is not supported for billing accounts with agreement type ${account.agreementType}.`,
    );
  if (name !== undefined && !isGuid(name))
    return armError(c, 400, 'BadRequest', 'The billing role assignment name must be a GUID.');
  const body = readAssignment(await c.req.json().catch(() => undefined));
  if (!body) return c.json(INVALID_BODY, 400);
  const role = BILLING_ROLES.find(({ id }) => id === body.roleId);
  if (!role?.agreements.includes(account.agreementType))
    return armError(c, 400, 'BadRequest', `The role definition '${body.roleId}' is not valid.`);
  const principal = [...world.grants.values()].find(
    (each) => each.objectId === body.principalId && each.tenantId === body.principalTenantId,
  );
  const isKnown =
    principal && nowOf(world) >= principal.createdAt + lagsOf(world, principal.tenantId).principalLagMs;
  // An application's own object id, as App registrations shows it, is answered in the same way.
  if (!isKnown || !role.forServicePrincipals)
    return armError(
      c,
      400,
      'BadRequest',
      `The provided principal Tenant Id = ${body.principalTenantId} and principal Object Id ${body.principalId} are not valid`,
    );
  const held = assignmentsOf(world, account).find((each) => each.principalId === body.principalId);
  if (held && isEa && held.roleId !== body.roleId)
    return armError(c, 400, 'BadRequest', 'A service principal can have only one role.');
  const kept =
    held?.roleId === body.roleId
      ? held
      : addBillingRole(world.billing, {
          account: account.name,
          principalId: body.principalId,
          principalTenantId: body.principalTenantId,
          roleId: body.roleId,
          createdOn: nowOf(world),
          name: name ?? `${body.roleId}_${crypto.randomUUID()}`,
        });
  world.changed();
  return c.json(assignmentJson(kept));
}

function unassign(c: ArmContext, world: World, account: BillingAccount, name: string): Response {
  if (!rolesOf(c, world, account).some(({ assigns }) => assigns)) return notAuthorized(c);
  const wasThere = removeBillingRole(world.billing, account.name, name);
  world.changed();
  return c.body(null, wasThere ? 200 : 204);
}

/** How this service answers to a body that it cannot read. */
const INVALID_BODY = {
  errors: {
    'Properties.PrincipalId': ['PrincipalId or UserEmailAddress/UserAuthenticationType must be specified.'],
    'Properties.RoleDefinitionId': ['The RoleDefinitionId field is required.'],
  },
  type: 'https://tools.ietf.org/html/rfc7231#section-6.5.1',
  title: 'One or more validation errors occurred.',
  status: 400,
};

/** Enrollments want `properties` around it, the newer call does without. */
function readAssignment(body: unknown) {
  if (typeof body !== 'object' || body === null) return undefined;
  const inner: unknown = 'properties' in body ? body.properties : body;
  if (typeof inner !== 'object' || inner === null) return undefined;
  const { principalId, principalTenantId, roleDefinitionId } = inner as Record<string, unknown>;
  if (
    typeof principalId !== 'string' ||
    typeof principalTenantId !== 'string' ||
    typeof roleDefinitionId !== 'string'
  )
    return undefined;
  return {
    principalId: principalId.toLowerCase(),
    principalTenantId: principalTenantId.toLowerCase(),
    roleId: roleDefinitionId.slice(roleDefinitionId.lastIndexOf('/') + 1).toLowerCase(),
  };
}

/**
 * Costs of a billing account. Who has no role gets 401 from the older agreements, and an account of which there are no
 * costs for others to read refuses the question.
 * @see https://learn.microsoft.com/rest/api/cost-management/query/usage
 */
async function queryCosts(
  c: ArmContext,
  world: World,
  account: BillingAccount | undefined,
): Promise<Response> {
  const noClaims = () => armError(c, 401, '401', 'No claims present for the caller in the system');
  if (!account) return noClaims();
  const isModern = account.agreementType.startsWith('MicrosoftCustomer');
  if (account.agreementType !== 'EnterpriseAgreement' && !isModern)
    return armError(c, 400, 'BadRequest', 'Cost Management does not support this billing account.');
  if (rolesOf(c, world, account).length === 0)
    return isModern
      ? armError(c, 403, 'RBACAccessDenied', 'The client does not have authorization to perform action.')
      : noClaims();
  const body: unknown = await c.req.json().catch(() => undefined);
  if (
    typeof body !== 'object' ||
    body === null ||
    !('type' in body && 'timeframe' in body && 'dataset' in body)
  )
    return armError(
      c,
      400,
      'BadRequest',
      'Invalid query definition: type, timeframe and dataset are required.',
    );
  const queryId = crypto.randomUUID();
  return c.json(
    {
      id: `${ROOT.slice(1)}/${account.name}/providers/Microsoft.CostManagement/query/${queryId}`,
      name: queryId,
      type: 'Microsoft.CostManagement/query',
      properties: {
        nextLink: null,
        columns: [
          { name: 'PreTaxCost', type: 'Number' },
          { name: 'Currency', type: 'String' },
        ],
        rows: account.hasCosts ? [[1173.419792, 'USD']] : [],
      },
    },
    statusOf(200),
  );
}
