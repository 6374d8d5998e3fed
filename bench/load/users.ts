import { createHash } from 'node:crypto';
import type { Directory } from './changes.ts';
import { filterRows, namedIds, type Range } from './filter.ts';
import type { Rows } from './rows.ts';

/** What Graph gives at most, and what the portal asks for. */
const PAGE_SIZE_MAX = 999;
const PAGE_SIZE_DEFAULT = 100;
const DELTA_PAGE_SIZE = 200;

/** An answer is sent as the pieces that it consists of. */
export type Answer = { readonly status: number; readonly pieces: readonly (Buffer | string)[] };

type Cursor =
  | { readonly of: 'users'; readonly rows: Rows; readonly range: Range; readonly size: number }
  | { readonly of: 'delta'; readonly since: number; readonly from: number };

/** The users of one directory, as Graph answers. */
export function createUsers(directory: Directory) {
  /** By the token of a link. */
  const cursors = new Map<string, Cursor>();
  let version = 0;

  /** Says nothing about where the page is: whoever wants to read pages at once, has to have their links. */
  function tokenOf(cursor: Cursor): string {
    const place = cursor.of === 'users' ? [cursor.range, cursor.size] : [cursor.since, cursor.from];
    const digest = createHash('sha256').update(JSON.stringify([cursor.of, directory.version, place]));
    const token = `RFNwdAIAAQAA${digest.digest('base64url')}`;
    cursors.set(token, cursor);
    return token;
  }

  /** The users with these ids, those that there are. */
  function named(ids: readonly string[]): Answer {
    const { rows } = directory;
    const found = ids.map((id) => rows.indexOf(id)).filter((index) => index !== undefined);
    return collection({}, Buffer.from(found.map((index) => rows.slice(index, index + 1)).join(',')));
  }

  function page(origin: string, cursor: Cursor & { of: 'users' }, counted?: number): Answer {
    const { rows, range, size } = cursor;
    const end = Math.min(range[1], range[0] + size);
    const next = end < range[1] && tokenOf({ ...cursor, range: [end, range[1]] });
    const envelope = {
      ...(counted !== undefined && { '@odata.count': counted }),
      ...(next && { '@odata.nextLink': `${origin}/v1.0/users?$top=${size}&$skiptoken=${next}` }),
    };
    return collection(envelope, rows.slice(range[0], end));
  }

  function deltaPage(origin: string, cursor: Cursor & { of: 'delta' }): Answer {
    const changes = directory.changesSince(cursor.since);
    const end = Math.min(changes.length, cursor.from + DELTA_PAGE_SIZE);
    const link = `${origin}/v1.0/users/delta?`;
    const envelope = {
      ...(end < changes.length
        ? { '@odata.nextLink': `${link}$skiptoken=${tokenOf({ ...cursor, from: end })}` }
        : { '@odata.deltaLink': `${link}$deltatoken=${deltaToken(directory.version)}` }),
    };
    return collection(envelope, changes.slice(cursor.from, end).join(','));
  }

  /** Undefined for what is none of them. */
  return (url: URL, origin: string): Answer | undefined => {
    // Links do not outlive a change: a read that had begun before is not what is measured.
    if (version !== directory.version) cursors.clear();
    version = directory.version;
    const query = url.searchParams;
    const token = query.get('$skiptoken');
    switch (url.pathname) {
      case '/v1.0/users': {
        const ids = namedIds(query.get('$filter'));
        if (ids) return named(ids);
        const cursor = token === null ? firstCursor(directory.rows, query) : cursors.get(token);
        if (!cursor) return token === null ? REJECTED : EXPIRED;
        if (cursor.of !== 'users') return REJECTED;
        const isCounted = query.get('$count') === 'true' && token === null;
        return page(origin, cursor, isCounted ? cursor.range[1] - cursor.range[0] : undefined);
      }
      case '/v1.0/users/$count': {
        const range = filterRows(directory.rows, query.get('$filter'));
        return range ? { status: 200, pieces: [String(range[1] - range[0])] } : REJECTED;
      }
      case '/v1.0/users/delta': {
        if (token === null) {
          const since = versionOf(query.get('$deltatoken'), directory.version);
          return since === undefined ? REJECTED : deltaPage(origin, { of: 'delta', since, from: 0 });
        }
        const cursor = cursors.get(token);
        return cursor?.of === 'delta' ? deltaPage(origin, cursor) : EXPIRED;
      }
      default:
        return undefined;
    }
  };
}

function firstCursor(rows: Rows, query: URLSearchParams): (Cursor & { of: 'users' }) | undefined {
  const range = filterRows(rows, query.get('$filter'));
  const size = Math.min(PAGE_SIZE_MAX, Number(query.get('$top') ?? PAGE_SIZE_DEFAULT));
  return range && { of: 'users', rows, range, size };
}

const deltaToken = (version: number): string => Buffer.from(`version ${version}`).toString('base64url');

function versionOf(token: string | null, latest: number): number | undefined {
  if (token === null) return undefined;
  if (token === 'latest') return latest;
  const version = /^version (\d+)$/.exec(Buffer.from(token, 'base64url').toString())?.[1];
  return version === undefined ? undefined : Number(version);
}

const collection = (envelope: object, rows: Buffer | string): Answer => ({
  status: 200,
  pieces: [
    `${JSON.stringify({ '@odata.context': '$metadata#users', ...envelope }).slice(0, -1)},"value":[`,
    rows,
    ']}',
  ],
});

const refusal = (code: string, message: string): Answer => ({
  status: 400,
  pieces: [JSON.stringify({ error: { code, message } })],
});

const EXPIRED = refusal('Directory_ExpiredPageToken', 'The page token is not known.');
const REJECTED = refusal('Request_UnsupportedQuery', 'The load generator does not know such a query.');
