import { z } from 'zod';
import { Guid, TenantId } from '#lib/core/ids.ts';
import { type SortOrder, USER_SORTS, type UserSort } from './model.ts';
import { ORDERS, type Position } from './orders.ts';

// PostgreSQL has no room for these in a text; only a forged cursor has them.
const Key = z.string().refine((key) => key.isWellFormed() && !key.includes('\0'));

const Cursor = z.tuple([
  z.enum(USER_SORTS),
  z.enum(['asc', 'desc']),
  z.int().min(0).max(10),
  z.array(Key).min(1).max(2),
  Guid,
  TenantId,
]);

/** A position as an address carries it: opaque to everybody else. */
export function encodeCursor(sort: UserSort, order: SortOrder, position: Position): string {
  const { rank, keys, id, tenantId } = position;
  return Buffer.from(JSON.stringify([sort, order, rank, keys, id, tenantId])).toString('base64url');
}

/** The position of a cursor; undefined where it is none of this order, or not one of ours. */
export function decodeCursor(cursor: string, sort: UserSort, order: SortOrder): Position | undefined {
  const parsed = Cursor.safeParse(readJson(Buffer.from(cursor, 'base64url').toString('utf8')));
  if (!parsed.success) return undefined;
  const [ofSort, ofOrder, rank, keys, id, tenantId] = parsed.data;
  if (ofSort !== sort || ofOrder !== order || keys.length !== ORDERS[sort].keys.length) return undefined;
  return { rank, keys, id, tenantId };
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
