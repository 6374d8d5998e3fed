import { Hono } from 'hono';
import { ROOT_SCOPE } from '../../state/azure.ts';
import { newGuid } from '../../state/hash.ts';
import type { TokenReader } from '../../state/tokens.ts';
import { nowOf, type World } from '../../state/world.ts';
import { notImplemented } from '../errors.ts';
import { type ArmContext, type ArmEnv, armError } from './answers.ts';
import { billingOperation } from './billing.ts';
import { listDenyAssignments } from './deny-assignments.ts';
import { managementGroupRoutes } from './management-groups.ts';
import {
  deleteRoleAssignment,
  getRoleAssignment,
  listRoleAssignments,
  putRoleAssignment,
} from './role-assignments.ts';
import { getRoleDefinition, listPermissions, listRoleDefinitions } from './role-definitions.ts';
import { subscriptionRoutes } from './subscriptions.ts';
import { chargeArm } from './throttling.ts';

/** `/subscriptions/*` matches `/subscriptions` too. */
const PATHS = ['/subscriptions/*', '/providers/*', '/tenants/*'];
const API_VERSION = /^20\d\d-\d\d-\d\d(-preview)?$/;
const AUTHORIZATION =
  /^(.*?)\/providers\/microsoft\.authorization\/(roleassignments|roledefinitions|permissions|denyassignments)(?:\/([^/]+))?$/i;

/** Azure Resource Manager. Access is decided by role assignments alone. */
export function armApp(
  world: World,
  tokens: TokenReader,
  unknown: (operation: string) => void,
): Hono<ArmEnv> {
  const app = new Hono<ArmEnv>();

  for (const path of PATHS) {
    app.use(path, async (c, next) => {
      const requestId = newGuid();
      c.header('x-ms-request-id', requestId);
      c.header('x-ms-correlation-request-id', c.req.header('x-ms-correlation-request-id') ?? requestId);
      c.header('x-ms-routing-request-id', `SIMULATOR:${new Date(nowOf(world)).toISOString()}:${requestId}`);
      c.header('Cache-Control', 'no-cache');
      const refused = await authenticate(c, world, tokens);
      if (refused) return refused;
      await next();
    });
  }

  subscriptionRoutes(app, world);
  managementGroupRoutes(app, world);
  for (const path of PATHS)
    app.all(
      path,
      (c) =>
        authorizationOperation(c, world) ??
        billingOperation(c, world) ??
        notImplemented(c, 'arm', '', unknown),
    );
  return app;
}

async function authenticate(c: ArmContext, world: World, tokens: TokenReader): Promise<Response | undefined> {
  const version = c.req.query('api-version');
  if (!version)
    return armError(
      c,
      400,
      'MissingApiVersionParameter',
      'The api-version query parameter (?api-version=) is required for all requests.',
    );
  if (!API_VERSION.test(version))
    return armError(c, 400, 'InvalidApiVersionParameter', `The api-version '${version}' is invalid.`);
  const token = /^Bearer\s+(\S+)$/i.exec(c.req.header('authorization') ?? '')?.[1];
  const challenge = (error: string) =>
    c.header(
      'WWW-Authenticate',
      `Bearer authorization_uri="https://login.windows.net/", error="invalid_token", error_description="${error}"`,
    );
  if (!token) {
    challenge("The authentication failed because of missing 'Authorization' header.");
    return armError(
      c,
      401,
      'AuthenticationFailed',
      "Authentication failed. The 'Authorization' header is missing.",
    );
  }
  const claims = await tokens.read(world, token);
  if (!claims) {
    challenge('The access token is invalid.');
    return armError(
      c,
      401,
      'ExpiredAuthenticationToken',
      'The access token expiry UTC time is earlier than the current UTC time, or the token is not of this cloud.',
    );
  }
  if (claims.resource !== 'arm') {
    challenge('The access token has been obtained for wrong audience or resource.');
    return armError(
      c,
      401,
      'InvalidAuthenticationTokenAudience',
      `The access token has been obtained for wrong audience or resource '${claims.aud}'. It should exactly match with one of the allowed audiences '${world.cloud.armResources.join("','")}'.`,
    );
  }
  c.set('claims', claims);
  const url = new URL(c.req.url);
  const client = `${claims.oid}/${claims.tid}`;
  world.throttle.arrived({
    service: 'arm',
    client,
    method: c.req.method,
    path: url.pathname + url.search,
    now: nowOf(world),
  });
  return chargeArm(c, world);
}

function authorizationOperation(c: ArmContext, world: World): Promise<Response> | Response | undefined {
  const match = AUTHORIZATION.exec(decodeURIComponent(new URL(c.req.url).pathname));
  if (!match) return undefined;
  const [, below = '', kind = '', name] = match;
  const scope = below === '' ? ROOT_SCOPE : below;
  switch (`${c.req.method} ${kind.toLowerCase()}${name ? '/' : ''}`) {
    case 'GET denyassignments':
      return listDenyAssignments(c, world, scope);
    case 'GET permissions':
      return listPermissions(c, world, scope);
    case 'GET roleassignments':
      return listRoleAssignments(c, world, scope);
    case 'GET roleassignments/':
      return getRoleAssignment(c, world, scope, name ?? '');
    case 'PUT roleassignments/':
      return putRoleAssignment(c, world, scope, name ?? '');
    case 'DELETE roleassignments/':
      return deleteRoleAssignment(c, world, scope, name ?? '');
    case 'GET roledefinitions':
      return listRoleDefinitions(c, world, scope);
    case 'GET roledefinitions/':
      return getRoleDefinition(c, world, scope, name ?? '');
    default:
      return undefined;
  }
}
