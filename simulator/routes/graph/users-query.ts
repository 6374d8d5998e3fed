import { COLUMNS, DEFAULT_COLUMNS, NOT_ON_COLLECTIONS } from '../../directory/columns.ts';
import { type Filter, parseFilter } from '../../directory/filter.ts';
import { FilterError } from '../../directory/filter-support.ts';

/** A refused query, with status, code and message of the answer. */
export type QueryProblem = { readonly status: number; readonly code: string; readonly message: string };

export type UsersQuery = {
  readonly columns: readonly string[];
  readonly selected: boolean;
  readonly top: number;
  readonly topGiven: boolean;
  readonly filter: Filter | undefined;
  readonly orderBy: { readonly column: string; readonly descending: boolean } | undefined;
  readonly manager: ManagerExpansion | undefined;
  /** `$count=true` together with the header; without the header it is ignored silently. */
  readonly count: boolean;
  readonly wantsSignInActivity: boolean;
};

export type ManagerExpansion = { readonly columns: readonly string[]; readonly levels: number };

const PAGE_DEFAULT = 100;
const PAGE_MAX = 999;
const PAGE_MAX_WITH_ACTIVITY = 500;
const KNOWN_OPTIONS = new Set([
  '$select',
  '$top',
  '$filter',
  '$expand',
  '$count',
  '$orderby',
  '$skiptoken',
  '$format',
]);
const ORDERED: Readonly<Record<string, 'D' | 'A'>> = {
  displayName: 'D',
  userPrincipalName: 'D',
  createdDateTime: 'A',
};

const bad = (message: string, code = 'Request_BadRequest'): { problem: QueryProblem } => ({
  problem: { status: 400, code, message },
});
const unsupported = (message: string) => bad(message, 'Request_UnsupportedQuery');

/** Reads the query options of a users listing and refuses what Graph refuses. */
export function readUsersQuery(
  query: URLSearchParams,
  eventual: boolean,
): { query: UsersQuery } | { problem: QueryProblem } {
  const option = (name: string): string | undefined => {
    for (const [key, value] of query)
      if (key.toLowerCase() === name || key.toLowerCase() === name.slice(1)) return value;
    return undefined;
  };
  for (const key of query.keys()) {
    if (!key.startsWith('$')) continue;
    if (key.toLowerCase() === '$skip')
      return bad("'$skip' is not supported by the service.", 'Request_UnsupportedQuery');
    if (!KNOWN_OPTIONS.has(key.toLowerCase()))
      return bad(`The query parameter '${key}' is not supported.`, 'BadRequest');
  }
  const select = readSelect(option('$select'), 'User');
  if ('problem' in select) return select;
  const wantsSignInActivity = select.columns.includes('signInActivity');
  const count = option('$count') === 'true' && eventual;
  const filter = readFilter(option('$filter'), count);
  if ('problem' in filter) return filter;
  const orderBy = readOrder(option('$orderby'), filter.filter !== undefined, count);
  if ('problem' in orderBy) return orderBy;
  const expand = readExpand(option('$expand'), count);
  if ('problem' in expand) return expand;
  if (expand.manager && filter.filter?.advanced)
    return unsupported("'$expand' cannot be combined with an advanced query.");
  const topText = option('$top');
  const top = topText === undefined ? PAGE_DEFAULT : Number(topText);
  if (!Number.isInteger(top) || top < 1)
    return bad(`Invalid page size specified: '${topText}'. Must be between 1 and ${PAGE_MAX} inclusive.`);
  return {
    query: {
      columns: select.columns,
      selected: option('$select') !== undefined,
      top: Math.min(top, wantsSignInActivity ? PAGE_MAX_WITH_ACTIVITY : PAGE_MAX),
      topGiven: topText !== undefined,
      filter: filter.filter,
      orderBy: orderBy.orderBy,
      manager: expand.manager,
      count,
      wantsSignInActivity,
    },
  };
}

/** The columns of `$select`, or the default ones. */
export function readSelect(
  text: string | undefined,
  type: string,
): { columns: readonly string[] } | { problem: QueryProblem } {
  if (text === undefined || text.trim() === '') return { columns: DEFAULT_COLUMNS };
  const byLowerCase = new Map(Object.keys(COLUMNS).map((name) => [name.toLowerCase(), name]));
  const columns: string[] = [];
  for (const asked of text.split(',').map((part) => part.trim())) {
    const name = byLowerCase.get(asked.toLowerCase());
    if (name) columns.push(name);
    else if ([...NOT_ON_COLLECTIONS].some((each) => each.toLowerCase() === asked.toLowerCase()))
      return {
        problem: {
          status: 501,
          code: 'NotImplemented',
          message: 'This operation target is not yet supported.',
        },
      };
    else
      return bad(
        `Could not find a property named '${asked}' on type 'microsoft.graph.${type.toLowerCase()}'.`,
        'BadRequest',
      );
  }
  return { columns: [...new Set(columns)] };
}

function readFilter(
  text: string | undefined,
  count: boolean,
): { filter: Filter | undefined } | { problem: QueryProblem } {
  if (text === undefined || text.trim() === '') return { filter: undefined };
  try {
    const filter = parseFilter(text);
    if (filter.advanced && !count)
      return unsupported(
        "Unsupported Query. The operator is supported only with the 'ConsistencyLevel:eventual' header and '$count=true'.",
      );
    return { filter };
  } catch (error) {
    if (!(error instanceof FilterError)) throw error;
    return error.unsupported ? unsupported(error.message) : bad(error.message, 'BadRequest');
  }
}

function readOrder(
  text: string | undefined,
  filtered: boolean,
  count: boolean,
): { orderBy: UsersQuery['orderBy'] } | { problem: QueryProblem } {
  if (text === undefined || text.trim() === '') return { orderBy: undefined };
  const [name = '', direction = 'asc', more] = text.trim().split(/[\s,]+/);
  const level = ORDERED[name];
  if (!level || more !== undefined || !['asc', 'desc'].includes(direction.toLowerCase()))
    return unsupported(`Sorting by '${text}' is not supported for current resource.`);
  if ((level === 'A' || filtered) && !count) return unsupported('Sorting not supported for current query.');
  return { orderBy: { column: name, descending: direction.toLowerCase() === 'desc' } };
}

const MANAGER = /^manager(?:\((.*)\))?$/i;

function readExpand(
  text: string | undefined,
  count: boolean,
): { manager: ManagerExpansion | undefined } | { problem: QueryProblem } {
  if (text === undefined || text.trim() === '') return { manager: undefined };
  const match = MANAGER.exec(text.trim());
  if (!match) {
    return text.includes(',')
      ? unsupported('Only one property can be expanded in a single query.')
      : bad(`Could not find a property named '${text}' on type 'microsoft.graph.user'.`, 'BadRequest');
  }
  const options = new Map(
    (match[1] ?? '')
      .split(';')
      .filter(Boolean)
      .map((part) => {
        const [key = '', ...value] = part.trim().split('=');
        return [key.toLowerCase(), value.join('=')] as const;
      }),
  );
  for (const key of options.keys())
    if (key !== '$select' && key !== '$levels')
      return unsupported(`The query option '${key}' is not supported in $expand.`);
  const select = readSelect(options.get('$select'), 'User');
  if ('problem' in select) return select;
  const levelsText = options.get('$levels');
  if (levelsText !== undefined && !count)
    return unsupported("'$levels' requires the 'ConsistencyLevel:eventual' header and '$count=true'.");
  const levels =
    levelsText === undefined ? 1 : levelsText.toLowerCase() === 'max' ? 1000 : Number(levelsText);
  if (!Number.isInteger(levels) || levels < 1 || levels > 1000)
    return bad(`Invalid value '${levelsText}' for $levels.`);
  return { manager: { columns: select.columns, levels } };
}

/** Resource units of a users request. @see https://learn.microsoft.com/graph/throttling-limits */
export function usersCost(query: UsersQuery): number {
  const cost =
    2 - (query.selected ? 1 : 0) + (query.manager ? 1 : 0) - (query.topGiven && query.top < 20 ? 1 : 0);
  return Math.max(1, cost);
}
