import { z } from 'zod';
import { deny } from '#lib/access/permissions.ts';
import { Guid, RunId, type TenantId } from '#lib/core/ids.ts';
import { fail, ok, type Result } from '#lib/core/result.ts';
import { type Ctx, organizationOf } from '#lib/domain/context.ts';
import { type FieldChange, FormerUser, fieldChanges, type PartNumbers, productName } from './former-user.ts';
import { readPartNumbers } from './part-numbers.ts';

export const USER_CHANGE_KINDS = ['added', 'changed', 'removed', 'restored'] as const;
export type UserChangeKind = (typeof USER_CHANGE_KINDS)[number];

/** What a run changed of one user. */
export type UserChange = {
  readonly userId: string;
  readonly runId: RunId;
  readonly kind: UserChangeKind;
  /** When the run found it; at Microsoft it happened since the run before. */
  readonly changedAt: Date;
  /** As the user was called after the change, else before. */
  readonly displayName: string | null;
  readonly userPrincipalName: string | null;
  /** Field by field; empty for who was added or removed. */
  readonly fields: readonly FieldChange[];
  /** Names of products, by name. */
  readonly licencesAdded: readonly string[];
  readonly licencesRemoved: readonly string[];
};

export type UserChanges = {
  readonly changes: readonly UserChange[];
  /** Where the next page begins; absent on the last one. */
  readonly next: string | undefined;
};

export const CHANGES_PER_PAGE = 50;

/** What the user was after a change: what was before the next one, else what holds now. */
const AFTER = `
LEFT JOIN LATERAL (
  SELECT id, before FROM directory_user_change later
  WHERE later.tenant_id = change.tenant_id AND later.id = change.id AND later.changed_at > change.changed_at
  ORDER BY later.changed_at LIMIT 1
) AS next ON true
LEFT JOIN directory_user now ON next.id IS NULL AND now.tenant_id = change.tenant_id AND now.id = change.id`;

const COLUMNS = `change.id, change.run_id, change.kind::text, change.changed_at, change.before,
  change.skus_added::text[] AS skus_added, change.skus_removed::text[] AS skus_removed,
  CASE WHEN next.id IS NULL THEN to_jsonb(now) - 'content_hash' ELSE next.before END AS after`;

const Row = z.object({
  id: z.string(),
  run_id: RunId,
  kind: z.enum(USER_CHANGE_KINDS),
  changed_at: z.date(),
  before: FormerUser.nullable(),
  after: FormerUser.nullable(),
  skus_added: z.array(z.string()),
  skus_removed: z.array(z.string()),
});

/**
 * The rows of a page are found by the index alone, before anything is joined to them. `after` is a condition on the
 * position, whose parameters follow the kind.
 */
const listRun = (kind: string, after: string): string => `
SELECT ${COLUMNS}
FROM (
  SELECT * FROM directory_user_change
  WHERE tenant_id = $1 AND run_id = $2 ${kind} ${after}
  ORDER BY tenant_id, run_id, kind, id, changed_at
  LIMIT ${CHANGES_PER_PAGE + 1}
) AS change ${AFTER}
ORDER BY change.kind, change.id, change.changed_at`;

export type ListRunChanges = {
  readonly tenantId: TenantId;
  readonly runId: RunId;
  /** One kind only; absent for all of them, one kind after the other. */
  readonly kind?: UserChangeKind;
  /** `next` of the page before. Anything else begins anew. */
  readonly cursor?: string;
};

/**
 * What a run has changed of the users, 50 at a time. Problems: forbidden; not-found for a tenant that is not the
 * organization's.
 */
export async function listRunChanges(
  ctx: Ctx,
  { tenantId, runId, kind, cursor }: ListRunChanges,
): Promise<Result<UserChanges>> {
  const refused = await refuse(ctx, tenantId);
  if (refused) return refused;
  const position = decode(RunPosition, cursor) ?? [];
  const values = [runId, ...(kind ? [kind] : [])];
  const [n, id, at] = [1, 2, 3].map((more) => `$${1 + values.length + more}`);
  const statement = listRun(
    kind ? 'AND kind = $3::user_change_kind' : '',
    position.length > 0
      ? `AND (kind, id, changed_at) > (${n}::user_change_kind, ${id}::uuid, ${at}::timestamptz)`
      : '',
  );
  const page = await readPage(ctx, tenantId, statement, [...values, ...position]);
  return ok({
    changes: page.changes,
    next: page.last && encode([page.last.kind, page.last.userId, page.last.changedAt.toISOString()]),
  });
}

const LIST_USER = `
SELECT ${COLUMNS}
FROM (
  SELECT * FROM directory_user_change
  WHERE tenant_id = $1 AND id = $2 AND changed_at < coalesce($3::timestamptz, 'infinity')
  ORDER BY changed_at DESC
  LIMIT ${CHANGES_PER_PAGE + 1}
) AS change ${AFTER}
ORDER BY change.changed_at DESC`;

export type AskUserHistory = {
  readonly tenantId: TenantId;
  readonly id: string;
  readonly cursor?: string;
};

/**
 * What runs have changed of a user, newest first, 50 at a time. Problems: forbidden; not-found for a tenant that is not
 * the organization's.
 */
export async function userHistory(
  ctx: Ctx,
  { tenantId, id, cursor }: AskUserHistory,
): Promise<Result<UserChanges>> {
  const refused = await refuse(ctx, tenantId);
  if (refused) return refused;
  const [before] = decode(UserPosition, cursor) ?? [null];
  const page = await readPage(ctx, tenantId, LIST_USER, [id, before]);
  return ok({ changes: page.changes, next: page.last && encode([page.last.changedAt.toISOString()]) });
}

async function refuse(ctx: Ctx, tenantId: TenantId) {
  const denied = deny(ctx.actor, 'users.read');
  if (denied) return denied;
  const tenant = await ctx.database.prisma.tenant.findFirst({
    where: { id: tenantId, organizationId: organizationOf(ctx), removedAt: null },
    select: { id: true },
  });
  return tenant ? undefined : fail({ code: 'not-found', entity: 'tenant' });
}

async function readPage(ctx: Ctx, tenantId: TenantId, statement: string, values: readonly unknown[]) {
  const { rows } = await ctx.database.pool.query(statement, [tenantId, ...values]);
  const partNumbers = await readPartNumbers(ctx, tenantId);
  const changes = rows.slice(0, CHANGES_PER_PAGE).map((row) => toChange(Row.parse(row), partNumbers));
  return { changes, last: rows.length > CHANGES_PER_PAGE ? changes.at(-1) : undefined };
}

function toChange(row: z.output<typeof Row>, partNumbers: PartNumbers): UserChange {
  const { before, after, kind } = row;
  const named = after ?? before;
  const products = (skuIds: readonly string[]) =>
    skuIds.map((skuId) => productName(skuId, partNumbers)).sort((a, b) => a.localeCompare(b, 'en'));
  const isComparable = kind === 'changed' || kind === 'restored';
  return {
    userId: row.id,
    runId: row.run_id,
    kind,
    changedAt: row.changed_at,
    displayName: named?.display_name ?? null,
    userPrincipalName: named?.user_principal_name ?? null,
    fields: isComparable && before && after ? fieldChanges(before, after, partNumbers) : [],
    licencesAdded: products(row.skus_added),
    licencesRemoved: products(row.skus_removed),
  };
}

const RunPosition = z.tuple([z.enum(USER_CHANGE_KINDS), Guid, z.iso.datetime()]);
const UserPosition = z.tuple([z.iso.datetime()]);

const encode = (position: readonly string[]): string =>
  Buffer.from(JSON.stringify(position)).toString('base64url');

/** Undefined where it is none of ours. */
function decode<Position>(schema: z.ZodType<Position>, cursor: string | undefined): Position | undefined {
  if (cursor === undefined) return undefined;
  try {
    return schema.safeParse(JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'))).data;
  } catch {
    return undefined;
  }
}
