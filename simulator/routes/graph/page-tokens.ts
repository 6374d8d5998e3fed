import { createHash } from 'node:crypto';
import { newOpaque } from '../../state/hash.ts';

/** What a page link remembers; opaque to clients. */
export type PageToken = {
  /** `users`, `groups` and the two rounds of a delta query continue a read; `link` begins the next round. */
  readonly kind: 'users' | 'delta' | 'changes' | 'link' | 'groups';
  readonly tenantId: string;
  readonly position: number;
  /** The options of the listing, which must not change from page to page. */
  readonly options: string;
  readonly epoch: number;
  readonly madeAt: number;
  /** The directory's sequence when the listing began. */
  readonly sequence: number;
};

const checksum = (text: string): string =>
  createHash('sha256').update(`page-token/${text}`).digest('base64url').slice(0, 12);

/** Writes a token that cannot be changed without being noticed; no two are the same. */
export function writeToken(token: PageToken): string {
  const { kind, tenantId, position, options, epoch, madeAt, sequence } = token;
  const body = Buffer.from(
    JSON.stringify([kind, tenantId, position, options, epoch, madeAt, sequence, newOpaque(3)]),
  ).toString('base64url');
  return `RFNwdAIAAQ${checksum(body)}${body}`;
}

/** Reads a token; undefined when it was not written by `writeToken`. */
export function readToken(text: string): PageToken | undefined {
  const match = /^RFNwdAIAAQ(.{12})(.+)$/.exec(text);
  if (!match?.[2] || checksum(match[2]) !== match[1]) return undefined;
  const [kind, tenantId, position, options, epoch, madeAt, sequence] = JSON.parse(
    Buffer.from(match[2], 'base64url').toString(),
  );
  return { kind, tenantId, position, options, epoch, madeAt, sequence };
}
