/*
 * For tests: users of a directory, put straight into the database as an import would leave them.
 */
import { randomUUID } from 'node:crypto';
import type { TenantId } from '#lib/core/ids.ts';
import type { Ctx } from '#lib/domain/context.ts';
import type { UserRow as ImportedUser } from '#lib/domain/imports/phases/users/map.ts';
import { UserListQuery } from './model.ts';
import { listUsers, type UserPage } from './queries.ts';

export type TestUser = Partial<ImportedUser> & { readonly deleted_at?: string };

const CHUNK = 1000;

/** Adds users; what is not given is null. Returns them with their ids. */
export async function createTestUsers<User extends TestUser>(
  ctx: Ctx,
  tenantId: TenantId,
  users: readonly User[],
): Promise<Array<User & { readonly id: string }>> {
  const withIds = users.map((user) => ({ ...user, id: user.id ?? randomUUID() }));
  for (let start = 0; start < withIds.length; start += CHUNK) {
    const rows = withIds.slice(start, start + CHUNK).map((user) => ({
      sku_ids: [],
      license_assignments: [],
      ...user,
      tenant_id: tenantId,
      content_hash: '\\x00',
      imported_at: '2026-11-20T03:00:00Z',
    }));
    await ctx.database.pool.query(
      `INSERT INTO directory_user SELECT * FROM jsonb_populate_recordset(NULL::directory_user, $1::jsonb)`,
      [JSON.stringify(rows)],
    );
  }
  return withIds;
}

/** A different but repeatable number from 0 to `below` for each `index` and `salt`. */
export function pick(index: number, salt: number, below: number): number {
  let state = Math.imul(index + 1, 0x9e3779b1) ^ Math.imul(salt + 1, 0x85ebca6b);
  state = Math.imul(state ^ (state >>> 15), 0x2c1b3c6d);
  state = Math.imul(state ^ (state >>> 12), 0x297a2d39);
  return ((state ^ (state >>> 15)) >>> 0) % below;
}

/** Display names that have ever broken something. */
export const MESSY_NAMES = [
  null,
  '',
  '   ',
  'Mia Berg',
  'mia berg',
  'Özil',
  'Ozil',
  'Zoe',
  'Анна Иванова',
  '王伟',
  '山田太郎',
  'محمد علي',
  'דוד',
  'กนก',
  '김민수',
  "O'Brien",
  '100 % sure',
  'under_score',
  'back\\slash',
  'quote"d',
  '😀 Smile',
  'e\u0301 accent',
  '\u{1F468}\u200D\u{1F469}',
  '=SUM(A1)',
  'line\nbreak',
  'ﷺ'.repeat(60),
  'x'.repeat(256),
  '🦄'.repeat(128),
  '\uFFFD',
  '\u{10FFFF}',
];

/** A page of the list, which must be there. */
export async function readList(ctx: Ctx, query: Record<string, unknown> = {}): Promise<UserPage> {
  const page = await listUsers(ctx, UserListQuery.parse(query));
  if (!page.ok) throw new Error(page.problem.code);
  return page.value;
}

export const namesOf = ({ users }: UserPage) => users.map(({ displayName }) => displayName);
