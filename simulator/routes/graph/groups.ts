import type { Hono } from 'hono';
import type { Directory } from '../../directory/directory.ts';
import { type Group, groupsOf, membersWithErrors } from '../../directory/groups.ts';
import { directoryOf, nowOf, type World } from '../../state/world.ts';
import {
  allowed,
  badRequest,
  denied,
  type GraphContext,
  type GraphEnv,
  graphError,
  READ_GROUPS,
} from './answers.ts';
import { readToken, writeToken } from './page-tokens.ts';
import { charge } from './throttling.ts';
import { readSelect } from './users-query.ts';

const DEFAULT_PAGE = 100;
const PAGE_MAX = 999;

/** Properties of `GET /groups` without `$select`; what licensing says comes only on wish. */
const ONLY_SELECTED: ReadonlySet<string> = new Set(['assignedLicenses', 'licenseProcessingState']);

/** Groups, and the members whom their licences did not reach. */
export function groupRoutes(app: Hono<GraphEnv>, world: World): void {
  app.get('/v1.0/groups', (c) => {
    const refused = refusal(c, world);
    if (refused) return refused;
    const directory = directoryOf(world, c.get('tenant'));
    const isAdvanced =
      c.req.header('consistencylevel')?.toLowerCase() === 'eventual' && c.req.query('$count') === 'true';
    const filter = readFilter(c.req.query('$filter'), directory, isAdvanced);
    if (filter === undefined)
      return badRequest(
        c,
        "Unsupported or invalid query filter clause specified for a property of resource 'Group'.",
        'Request_UnsupportedQuery',
      );
    const groups = groupsOf(directory).filter(filter);
    const rows = groups.map((group) => selected(group, c.req.query('$select')));
    const count = isAdvanced && c.req.query('$skiptoken') === undefined ? groups.length : undefined;
    return page(c, world, directory, 'groups', rows, count);
  });

  app.get('/v1.0/groups/:id/membersWithLicenseErrors', (c) => {
    const refused = refusal(c, world);
    if (refused) return refused;
    const directory = directoryOf(world, c.get('tenant'));
    const id = c.req.param('id').toLowerCase();
    if (!groupsOf(directory).some((group) => group.id === id))
      return graphError(c, 404, 'Request_ResourceNotFound', `Resource '${id}' does not exist.`);
    const select = readSelect(c.req.query('$select'), 'User');
    if ('problem' in select)
      return graphError(c, select.problem.status, select.problem.code, select.problem.message);
    const rows = membersWithErrors(directory, id).map((index) => ({
      '@odata.type': '#microsoft.graph.user',
      ...Object.fromEntries(select.columns.map((column) => [column, directory.value(index, column)])),
    }));
    return page(c, world, directory, 'directoryObjects', rows, undefined);
  });
}

/** Without the permission, or over the allowance. */
function refusal(c: GraphContext, world: World): Response | undefined {
  if (!allowed(c.get('claims'), READ_GROUPS)) return denied(c);
  return charge(c, world, 1);
}

/** Which groups a `$filter` wants, as far as Graph takes it; undefined where it does not. */
function readFilter(
  text: string | undefined,
  directory: Directory,
  isAdvanced: boolean,
): ((group: Group) => boolean) | undefined {
  if (text === undefined) return () => true;
  if (text === 'assignedLicenses/$count ne 0')
    return isAdvanced ? ({ assignedLicenses }) => assignedLicenses.length > 0 : undefined;
  if (text === 'hasMembersWithLicenseErrors eq true')
    return isAdvanced ? undefined : ({ id }) => membersWithErrors(directory, id).length > 0;
  const skuId = /^assignedLicenses\/any\((\w+):\1\/skuId eq ([0-9a-f-]{36})\)$/i
    .exec(text)?.[2]
    ?.toLowerCase();
  return skuId
    ? ({ assignedLicenses }) => assignedLicenses.some((licence) => licence.skuId === skuId)
    : undefined;
}

function selected(group: Group, select: string | undefined): Record<string, unknown> {
  const names = select?.split(',').map((name) => name.trim().toLowerCase());
  const isWanted = (name: string) =>
    names ? names.includes(name.toLowerCase()) || name === 'id' : !ONLY_SELECTED.has(name);
  return Object.fromEntries(Object.entries(group).filter(([name]) => isWanted(name)));
}

function page(
  c: GraphContext,
  world: World,
  directory: Directory,
  fragment: string,
  rows: readonly unknown[],
  count: number | undefined,
): Response {
  const url = new URL(c.req.url);
  const wanted = Number(url.searchParams.get('$top') ?? DEFAULT_PAGE);
  if (!Number.isInteger(wanted) || wanted < 1)
    return badRequest(c, 'Invalid page size specified. Must be between 1 and 999 inclusive.');
  const size = Math.min(wanted, PAGE_MAX, world.settings.pageSizeMax);
  const text = url.searchParams.get('$skiptoken');
  const token = text === null ? undefined : readToken(text);
  if (text !== null && (token?.kind !== 'groups' || token.options !== url.pathname))
    return badRequest(c, 'The skip token is not valid for this request.');
  if (
    token &&
    (token.epoch !== directory.pageEpoch || nowOf(world) > token.madeAt + world.settings.pageLinkLifeMs)
  )
    return badRequest(c, 'The specified page token value has expired.', 'Directory_ExpiredPageToken');
  const from = token?.position ?? 0;
  const next = from + size;
  if (next < rows.length)
    url.searchParams.set(
      '$skiptoken',
      writeToken({
        kind: 'groups',
        tenantId: c.get('tenant').id,
        position: next,
        options: url.pathname,
        epoch: directory.pageEpoch,
        madeAt: nowOf(world),
        sequence: directory.sequence,
      }),
    );
  return c.json({
    '@odata.context': `${world.origin}/v1.0/$metadata#${fragment}`,
    ...(count === undefined ? {} : { '@odata.count': count }),
    ...(next < rows.length ? { '@odata.nextLink': `${world.origin}${url.pathname}${url.search}` } : {}),
    value: rows.slice(from, next),
  });
}
