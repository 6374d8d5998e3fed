import type { Hono } from 'hono';
import type { Directory } from '../../directory/directory.ts';
import { parseFilter } from '../../directory/filter.ts';
import { FilterError } from '../../directory/filter-support.ts';
import { Utf8Writer } from '../../directory/json.ts';
import { countRows, listRows, type RowPage, SORTED_ROWS_MAX, sortedRows } from '../../directory/listing.ts';
import { directoryOf, findMembership, nowOf, type World } from '../../state/world.ts';
import {
  allowed,
  badRequest,
  denied,
  type GraphContext,
  type GraphEnv,
  graphError,
  READ_USERS,
} from './answers.ts';
import { readToken, writeToken } from './page-tokens.ts';
import { charge } from './throttling.ts';
import { managerMembers, userMembers } from './user-json.ts';
import { readSelect, readUsersQuery, type UsersQuery, usersCost } from './users-query.ts';

/** The users collection and single users. */
export function userRoutes(app: Hono<GraphEnv>, world: World): void {
  app.get('/v1.0/users', (c) => listUsers(c, world));
  app.get('/v1.0/users/$count', (c) => countUsers(c, world));
  app.get('/v1.0/me', (c) => {
    const claims = c.get('claims');
    if (claims.idtyp === 'app')
      return badRequest(c, '/me request is only valid with delegated authentication flow.', 'BadRequest');
    if (!allowed(claims, ['User.Read', ...READ_USERS])) return denied(c);
    return singleUser(c, world, claims.oid);
  });
  app.get('/v1.0/users/:id', (c) =>
    mayReadUsers(c, world) ? singleUser(c, world, c.req.param('id')) : denied(c),
  );
  app.get('/v1.0/users/:id/manager', (c) =>
    mayReadUsers(c, world) ? userManager(c, world, c.req.param('id')) : denied(c),
  );
}

/** App-only: a granted role. Delegated: a scope, and not a guest. */
export function mayReadUsers(c: GraphContext, world: World): boolean {
  const claims = c.get('claims');
  if (claims.idtyp === 'app') return allowed(claims, READ_USERS);
  if (!allowed(claims, [...READ_USERS, 'User.ReadBasic.All'])) return false;
  const account = world.memberships.find((m) => m.tenantId === claims.tid && m.objectId === claims.oid);
  return account !== undefined && findMembership(world, claims.tid, account.mail)?.userType === 'Member';
}

const eventual = (c: GraphContext): boolean => c.req.header('consistencylevel')?.toLowerCase() === 'eventual';

/** Pages are written without a pause, so that one writer is enough. */
const writer = new Utf8Writer();

function listUsers(c: GraphContext, world: World): Response {
  if (!mayReadUsers(c, world)) return denied(c);
  const url = new URL(c.req.url);
  const read = readUsersQuery(url.searchParams, eventual(c));
  if ('problem' in read) return graphError(c, read.problem.status, read.problem.code, read.problem.message);
  const { query } = read;
  if (query.wantsSignInActivity) {
    const refused = refuseSignInActivity(c);
    if (refused) return refused;
  }
  const throttled = charge(c, world, usersCost(query));
  if (throttled) return throttled;

  const directory = directoryOf(world, c.get('tenant'));
  const options = optionsOf(url);
  const start = readPosition(c, world, directory, url, options);
  if (start instanceof Response) return start;
  if (query.orderBy && directory.size > SORTED_ROWS_MAX)
    return graphError(
      c,
      501,
      'SimulatorNotImplemented',
      `The simulator sorts at most ${SORTED_ROWS_MAX} users.`,
    );
  const pageSize = Math.min(query.top, world.settings.pageSizeMax);
  const page: RowPage = c.get('emptyPage')
    ? { rows: [], next: start }
    : query.orderBy
      ? sortedPage(directory, { ...query, top: pageSize }, start)
      : listRows(directory, query.filter, start, pageSize);
  const fragment = query.selected || query.manager ? `users(${contextColumns(query)})` : 'users';
  const head = {
    '@odata.context': `${world.origin}/v1.0/$metadata#${fragment}`,
    ...(query.count && !url.searchParams.has('$skiptoken')
      ? { '@odata.count': countRows(directory, query.filter) }
      : {}),
    ...(page.next === undefined
      ? {}
      : { '@odata.nextLink': nextLink(world, directory, url, page.next, options) }),
  };
  writer.write(`${JSON.stringify(head).slice(0, -1)},"value":[`);
  for (const [position, index] of page.rows.entries())
    writer.write(
      `${position === 0 ? '{' : ',{'}${userMembers(directory, index, query.columns, query.manager)}}`,
    );
  writer.write(']}');
  return sendJson(c, writer.take());
}

const JSON_TYPE =
  'application/json;odata.metadata=minimal;odata.streaming=true;IEEE754Compatible=false;charset=utf-8';

function sendJson(c: GraphContext, body: string | Uint8Array<ArrayBuffer>): Response {
  c.header('Content-Type', JSON_TYPE);
  c.header('OData-Version', '4.0');
  return c.body(body);
}

/** One entity: the context, then its members. */
const sendEntity = (c: GraphContext, world: World, fragment: string, members: string): Response =>
  sendJson(c, `{"@odata.context":"${world.origin}/v1.0/$metadata#${fragment}",${members}}`);

const contextColumns = (query: UsersQuery): string =>
  [...query.columns, ...(query.manager ? ['manager()'] : [])].join(',');

function sortedPage(directory: Directory, query: UsersQuery, start: number): RowPage {
  const { column = 'displayName', descending = false } = query.orderBy ?? {};
  const all = sortedRows(directory, query.filter, column, descending);
  const rows = all.slice(start, start + query.top);
  return { rows, next: start + rows.length < all.length ? start + rows.length : undefined };
}

/** The options that a page link must repeat unchanged. */
function optionsOf(url: URL): string {
  const options = [...url.searchParams].filter(([key]) => key.toLowerCase() !== '$skiptoken');
  return JSON.stringify(options.sort(([a], [b]) => a.localeCompare(b)));
}

function readPosition(
  c: GraphContext,
  world: World,
  directory: Directory,
  url: URL,
  options: string,
): number | Response {
  const text = url.searchParams.get('$skiptoken');
  if (text === null) return 0;
  const token = readToken(text);
  if (token?.kind !== 'users' || token.tenantId !== c.get('tenant').id || token.options !== options)
    return badRequest(c, 'The skip token is not valid for this request.', 'Request_BadRequest');
  if (token.epoch !== directory.pageEpoch || nowOf(world) > token.madeAt + world.settings.pageLinkLifeMs)
    return badRequest(
      c,
      'The specified page token value has expired and can no longer be included in your request.',
      'Directory_ExpiredPageToken',
    );
  return token.position;
}

function nextLink(world: World, directory: Directory, url: URL, position: number, options: string): string {
  const token = writeToken({
    kind: 'users',
    tenantId: directory.rows.tenant.id,
    position,
    options,
    epoch: directory.pageEpoch,
    madeAt: nowOf(world),
    sequence: directory.sequence,
  });
  const query = [...url.searchParams]
    .filter(([key]) => key.toLowerCase() !== '$skiptoken')
    .map(
      ([key, value]) => `${key}=${encodeURIComponent(value).replaceAll('%24', '$').replaceAll('%2C', ',')}`,
    );
  return `${world.origin}/v1.0/users?${[...query, `$skiptoken=${token}`].join('&')}`;
}

function refuseSignInActivity(c: GraphContext): Response | undefined {
  if (!allowed(c.get('claims'), ['AuditLog.Read.All']))
    return graphError(
      c,
      403,
      'Authentication_MSGraphPermissionMissing',
      'Calling principal does not have required MSGraph permissions AuditLog.Read.All',
    );
  if (!c.get('tenant').premium)
    return graphError(
      c,
      403,
      'Authentication_RequestFromNonPremiumTenantOrB2CTenant',
      "Neither tenant is B2C or tenant doesn't have premium license",
    );
  return undefined;
}

function countUsers(c: GraphContext, world: World): Response {
  if (!mayReadUsers(c, world)) return denied(c);
  if (!eventual(c)) return badRequest(c, '$count is not currently supported.');
  const throttled = charge(c, world, 1);
  if (throttled) return throttled;
  const directory = directoryOf(world, c.get('tenant'));
  const text = c.req.query('$filter');
  try {
    return c.text(String(countRows(directory, text ? parseFilter(text) : undefined)));
  } catch (error) {
    if (!(error instanceof FilterError)) throw error;
    return badRequest(c, error.message, error.unsupported ? 'Request_UnsupportedQuery' : 'BadRequest');
  }
}

const notFound = (c: GraphContext, id: string): Response =>
  graphError(
    c,
    404,
    'Request_ResourceNotFound',
    `Resource '${id}' does not exist or one of its queried reference-property objects are not present.`,
  );

function singleUser(c: GraphContext, world: World, id: string): Response {
  const select = readSelect(c.req.query('$select'), 'User');
  if ('problem' in select)
    return graphError(c, select.problem.status, select.problem.code, select.problem.message);
  const throttled = charge(c, world, 1);
  if (throttled) return throttled;
  const directory = directoryOf(world, c.get('tenant'));
  const index = directory.find(id);
  if (index === undefined) return notFound(c, id);
  const expand = c.req.query('$expand');
  const manager = expand?.toLowerCase().startsWith('manager')
    ? { columns: select.columns, levels: 1 }
    : undefined;
  return sendEntity(c, world, 'users/$entity', userMembers(directory, index, select.columns, manager));
}

function userManager(c: GraphContext, world: World, id: string): Response {
  const select = readSelect(c.req.query('$select'), 'User');
  if ('problem' in select)
    return graphError(c, select.problem.status, select.problem.code, select.problem.message);
  const throttled = charge(c, world, 1);
  if (throttled) return throttled;
  const directory = directoryOf(world, c.get('tenant'));
  const index = directory.find(id);
  if (index === undefined) return notFound(c, id);
  const manager = managerMembers(directory, index, { columns: select.columns, levels: 1 });
  return manager ? sendEntity(c, world, 'directoryObjects/$entity', manager) : notFound(c, 'manager');
}
