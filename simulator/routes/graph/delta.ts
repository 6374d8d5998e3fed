import type { Hono } from 'hono';
import type { Directory, RowChange } from '../../directory/directory.ts';
import { listRows } from '../../directory/listing.ts';
import type { DeltaManners } from '../../state/tenants.ts';
import { directoryOf, nowOf, type World } from '../../state/world.ts';
import { badRequest, denied, type GraphContext, type GraphEnv, graphError } from './answers.ts';
import { type PageToken, readToken, writeToken } from './page-tokens.ts';
import { charge } from './throttling.ts';
import { mayReadUsers } from './users.ts';
import { readSelect } from './users-query.ts';

const PAGE_SIZE = 200;
const REFUSED_OPTIONS = ['$top', '$expand', '$orderby', '$search', '$skip'];

/** Delta queries on users: a first round over everybody, then what changed since the link was made. */
export function deltaRoutes(app: Hono<GraphEnv>, world: World): void {
  app.get('/v1.0/users/delta', (c) => {
    if (!mayReadUsers(c, world)) return denied(c);
    const url = new URL(c.req.url);
    for (const key of url.searchParams.keys())
      if (REFUSED_OPTIONS.includes(key.toLowerCase()))
        return badRequest(
          c,
          `The query parameter '${key}' is not supported for delta.`,
          'Request_UnsupportedQuery',
        );
    const throttled = charge(c, world, url.searchParams.has('$select') ? 1 : 2);
    if (throttled) return throttled;
    const directory = directoryOf(world, c.get('tenant'));
    const skip = url.searchParams.get('$skiptoken');
    const delta = url.searchParams.get('$deltatoken');
    if (delta === 'latest')
      return answer(c, world, directory, selectOf(url), [], { deltaFrom: directory.sequence });
    const text = skip ?? delta;
    if (text) return continued(c, world, directory, text, skip === null);
    const select = selectOf(url);
    const read = readSelect(withoutManager(select), 'User');
    if ('problem' in read) return graphError(c, read.problem.status, read.problem.code, read.problem.message);
    return firstRound(c, world, directory, select, 0, directory.sequence);
  });
}

const selectOf = (url: URL): string => url.searchParams.get('$select') ?? '';

const withoutManager = (select: string): string | undefined =>
  select
    .split(',')
    .filter((name) => name.trim().toLowerCase() !== 'manager')
    .join(',') || undefined;

function continued(
  c: GraphContext,
  world: World,
  directory: Directory,
  text: string,
  isLink: boolean,
): Response {
  const token = readToken(text);
  const now = nowOf(world);
  if (
    !token ||
    token.kind === 'users' ||
    token.kind === 'groups' ||
    (token.kind === 'link') !== isLink ||
    token.tenantId !== c.get('tenant').id
  )
    return badRequest(c, 'Badly formed token.', 'Request_BadRequest');
  if (
    now > token.madeAt + world.settings.deltaLinkLifeMs ||
    // The directory's history is in memory: a link from before a restart names changes that are no longer known.
    token.sequence > directory.sequence ||
    token.epoch !== (isLink ? directory.deltaEpoch : directory.pageEpoch)
  ) {
    const location = `${world.origin}/v1.0/users/delta?$deltatoken=${token.options ? `&$select=${token.options}` : ''}`;
    c.header('Location', location);
    return graphError(
      c,
      410,
      'resyncRequired',
      'Resync required. Replace any local items with the server’s version.',
    );
  }
  return token.kind === 'delta'
    ? firstRound(c, world, directory, token.options, token.position, token.sequence)
    : changes(c, world, directory, token);
}

function firstRound(
  c: GraphContext,
  world: World,
  directory: Directory,
  select: string,
  position: number,
  sequence: number,
): Response {
  const page = listRows(directory, undefined, position, PAGE_SIZE);
  const rows = page.rows.map((index) => deltaRow(directory, index, select));
  if (page.next === undefined) return answer(c, world, directory, select, rows, { deltaFrom: sequence });
  return answer(c, world, directory, select, rows, {
    next: { kind: 'delta', position: page.next, sequence },
  });
}

function changes(c: GraphContext, world: World, directory: Directory, token: PageToken): Response {
  const manners = c.get('tenant').delta ?? {};
  const from = Math.max(0, token.sequence - (manners.replays ?? 0));
  const keepsLinks = manners.keepsLinks === true || !asksForManager(token.options);
  const all = directory.changesAfter(from, { keepsLinks });
  const size = c.get('emptyPage') ? 0 : Math.min(PAGE_SIZE, world.settings.pageSizeMax);
  const rows = all
    .slice(token.position, token.position + size)
    .map((change) => changeRow(directory, change, token.options, manners));
  const position = token.position + rows.length;
  if (position < all.length || size === 0)
    return answer(c, world, directory, token.options, rows, {
      next: { kind: 'changes', position, sequence: token.sequence },
    });
  return answer(c, world, directory, token.options, rows, { deltaFrom: directory.sequence });
}

function changeRow(
  directory: Directory,
  change: RowChange,
  select: string,
  manners: DeltaManners,
): Record<string, unknown> {
  const { index, kind } = change;
  if (!directory.exists(index)) {
    const reason = manners.removalReason ?? (kind === 'upsert' ? directory.removal(index) : kind);
    return { id: directory.rows.id(index), '@removed': { reason } };
  }
  const row = deltaRow(directory, index, select);
  if (manners.withoutAssignmentStates) delete row.licenseAssignmentStates;
  const { managerBefore, isNew } = change;
  const isChanged = isNew || managerBefore !== undefined;
  if (manners.changedManagersOnly && !isChanged) delete row[MANAGER_LINKS];
  const isLinkGone = typeof managerBefore === 'string' && managerBefore !== directory.managerId(index);
  if (isLinkGone && asksForManager(select)) {
    const now = row[MANAGER_LINKS];
    const gone = { '@odata.type': USER_TYPE, id: managerBefore, '@removed': { reason: 'deleted' } };
    row[MANAGER_LINKS] = [...(Array.isArray(now) ? now : []), gone];
  }
  return row;
}

const MANAGER_LINKS = 'manager@delta';
const USER_TYPE = '#microsoft.graph.user';

const asksForManager = (select: string): boolean =>
  select.split(',').some((name) => name.trim().toLowerCase() === 'manager');

/** The selected properties that have a value, and always the id. */
function deltaRow(directory: Directory, index: number, select: string): Record<string, unknown> {
  const read = readSelect(withoutManager(select), 'User');
  const columns = 'columns' in read ? read.columns : [];
  const row: Record<string, unknown> = {};
  for (const column of ['@odata.type', ...columns]) {
    const value = directory.value(index, column);
    if (value !== null && value !== undefined) row[column] = value;
  }
  row.id = directory.rows.id(index);
  if (asksForManager(select)) {
    const id = directory.managerId(index);
    const type = directory.managerOf(index) === 'contact' ? '#microsoft.graph.orgContact' : USER_TYPE;
    if (id !== null) row[MANAGER_LINKS] = [{ '@odata.type': type, id }];
  }
  return row;
}

type Continuation =
  | { readonly deltaFrom: number }
  | {
      readonly next: {
        readonly kind: 'delta' | 'changes';
        readonly position: number;
        readonly sequence: number;
      };
    };

function answer(
  c: GraphContext,
  world: World,
  directory: Directory,
  select: string,
  value: unknown[],
  to: Continuation,
): Response {
  const base = {
    tenantId: c.get('tenant').id,
    options: select,
    epoch: directory.pageEpoch,
    madeAt: nowOf(world),
  };
  const link = `${world.origin}/v1.0/users/delta?`;
  const annotation =
    'next' in to
      ? { '@odata.nextLink': `${link}$skiptoken=${writeToken({ ...base, ...to.next })}` }
      : {
          '@odata.deltaLink': `${link}$deltatoken=${writeToken({ ...base, kind: 'link', epoch: directory.deltaEpoch, position: 0, sequence: to.deltaFrom })}`,
        };
  return c.json({
    '@odata.context': `${world.origin}/v1.0/$metadata#users${select ? `(${select})` : ''}`,
    ...annotation,
    value,
  });
}
