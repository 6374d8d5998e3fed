import { randomUUID } from 'node:crypto';
import { deny } from '#lib/access/permissions.ts';
import { AccessTokenId } from '#lib/core/ids.ts';
import type { Problem } from '#lib/core/problem.ts';
import { fail, ok, type Result } from '#lib/core/result.ts';
import type { Transaction } from '#lib/db/database.ts';
import { encrypt } from '#lib/db/encryption.ts';
import { recordAudit } from '#lib/domain/audit/record.ts';
import type { Ctx } from '#lib/domain/context.ts';
import { limitMember } from '../limits/limit.ts';
import { recordExpiryNotices } from '../notices/record.ts';
import { toJson } from '../problem-json.ts';
import { checkKey, type KeyFinding } from './check-key.ts';
import { expiringToken } from './expiry.ts';
import { findingColumns, keepFinding } from './keep-finding.ts';
import { readKept } from './kept-key.ts';
import { type AccessTokenState, type AddAccessToken, keyIdentity } from './model.ts';
import { findAzureTenant } from './tenant.ts';

export type AddedAccessToken = {
  readonly accessTokenId: AccessTokenId;
  /** `valid`, or `could_not_check` where the service had no say. */
  readonly state: AccessTokenState;
  /** Why it could not be checked. */
  readonly problem?: Problem;
};

/**
 * Asks Microsoft about a key and keeps it, encrypted, unless it is proven to be of no use. Adding the same key again
 * changes nothing but what is known of it. Problems: forbidden, rate-limited, not-found,
 * access-token-wrong-enrollment, access-token-expired, access-token-refused.
 */
export async function addAccessToken(ctx: Ctx, input: AddAccessToken): Promise<Result<AddedAccessToken>> {
  const denied = deny(ctx.actor, 'access-token.manage');
  if (denied) return denied;
  const limited = await limitMember(ctx, 'access-token.add', input.tenantId);
  if (limited) return limited;
  const { prisma } = ctx.database;
  // Also before the key is sent anywhere.
  const unknown = await findAzureTenant(prisma, ctx, input.tenantId);
  if (!unknown.ok) return unknown;
  const finding = await checkKey(ctx, input.accessToken, input.enrollmentNumber, 'interactive');
  if (finding.problem && finding.state !== 'could_not_check') return fail(finding.problem);
  return prisma.$transaction(async (tx) => {
    const tenant = await findAzureTenant(tx, ctx, input.tenantId);
    if (!tenant.ok) return tenant;
    const known = await findSameKey(tx, ctx, input);
    const accessTokenId = known ?? AccessTokenId.parse(randomUUID());
    if (known) await keepFinding(tx, ctx, { tenantId: input.tenantId, accessTokenId }, finding);
    else await create(tx, ctx, { ...input, accessTokenId }, finding);
    return ok({ accessTokenId, ...finding });
  });
}

async function create(
  tx: Transaction,
  ctx: Ctx,
  input: AddAccessToken & { readonly accessTokenId: AccessTokenId },
  finding: KeyFinding,
): Promise<void> {
  const { actor, encryptionKeys } = ctx;
  const { accessTokenId: id, tenantId, enrollmentNumber } = input;
  const { text, expiresAt = null } = input.accessToken;
  const now = ctx.clock();
  const row = { id, tenantId, enrollmentNumber, lastFour: text.slice(-4), expiresAt };
  await tx.accessToken.create({
    data: {
      ...row,
      encryptedKey: encrypt(encryptionKeys, text, keyIdentity(input)),
      addedBy: actor.type === 'member' ? actor.displayName : actor.job,
      addedAt: now,
      ...findingColumns(finding, now),
    },
    select: { id: true },
  });
  await recordAudit(tx, ctx, {
    action: 'access-token.add',
    entity: 'access-token',
    entityId: id,
    after: toJson({ ...row, state: finding.state }),
  });
  await recordExpiryNotices(tx, [expiringToken(actor.organizationId, row)], now);
}

/** The token that holds this very key, if there is one. */
async function findSameKey(
  tx: Transaction,
  ctx: Ctx,
  { tenantId, enrollmentNumber, accessToken: { text } }: AddAccessToken,
): Promise<AccessTokenId | undefined> {
  const rows = await tx.accessToken.findMany({
    where: { tenantId, enrollmentNumber, lastFour: text.slice(-4), deletedAt: null },
    take: 20,
    select: { id: true, encryptedKey: true },
  });
  for (const { id, encryptedKey } of rows) {
    const accessTokenId = AccessTokenId.parse(id);
    if (encryptedKey && readKept(ctx, { tenantId, accessTokenId }, encryptedKey) === text)
      return accessTokenId;
  }
  return undefined;
}
