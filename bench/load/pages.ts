import { createHash } from 'node:crypto';
import { loadUser } from './directory.ts';

/** What Graph gives at most, and what the portal asks for. */
const PAGE_SIZE = 999;

export type UserPages = {
  readonly first: Buffer;
  /** The further pages by the token of their link. */
  readonly byToken: ReadonlyMap<string, Buffer>;
  /** Of one user in a page. */
  readonly averageBytes: number;
};

/** Renders every page of a directory once: serving it then costs no more than copying bytes. */
export function renderUserPages(users: number, graphUrl: string): UserPages {
  const count = Math.max(1, Math.ceil(users / PAGE_SIZE));
  const pages = Array.from({ length: count }, (_, page) => {
    const from = page * PAGE_SIZE;
    const length = Math.min(PAGE_SIZE, users - from);
    const rows = Array.from({ length }, (_, n) => JSON.stringify(loadUser(from + n)));
    const envelope = {
      '@odata.context': `${graphUrl}/v1.0/$metadata#users`,
      ...(page === 0 && { '@odata.count': users }),
      ...(page < count - 1 && {
        '@odata.nextLink': `${graphUrl}/v1.0/users?$top=${PAGE_SIZE}&$skiptoken=${pageToken(page + 1)}`,
      }),
    };
    return Buffer.from(`${JSON.stringify(envelope).slice(0, -1)},"value":[${rows.join(',')}]}`);
  });
  const bytes = pages.reduce((sum, page) => sum + page.length, 0);
  return {
    first: pages[0] ?? Buffer.alloc(0),
    byToken: new Map(pages.slice(1).map((page, n) => [pageToken(n + 1), page])),
    averageBytes: Math.round(bytes / users),
  };
}

/** Says nothing about where the page is: whoever wants to read pages at once, has to have their links. */
const pageToken = (page: number): string =>
  `RFNwdAIAAQAA${createHash('sha256').update(`page ${page}`).digest('base64url')}`;
