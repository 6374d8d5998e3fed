import type { Transaction } from '#lib/db/database.ts';

/**
 * Every column with something encrypted that belongs to a tenant, and how it is deleted. A test compares the list with
 * the database: a column of bytes is in one of the two lists.
 */
export const SECRETS: Readonly<Record<string, string>> = {
  'consent_redirect.code_verifier': `
    UPDATE consent_redirect SET code_verifier = NULL, nonce = NULL
    WHERE flow_id IN (SELECT id FROM consent_flow WHERE tenant_id = $1::uuid)`,
  'delegation.access_token': `
    UPDATE delegation
    SET access_token = NULL, ended_at = coalesce(ended_at, now()), ended_why = coalesce(ended_why, 'finished')
    WHERE tenant_id = $1::uuid AND access_token IS NOT NULL`,
  'access_token.encrypted_key': `
    UPDATE access_token SET encrypted_key = NULL, deleted_at = coalesce(deleted_at, now())
    WHERE tenant_id = $1::uuid AND encrypted_key IS NOT NULL`,
};

/** Columns of bytes that are no secrets. */
export const NO_SECRETS: readonly string[] = ['directory_user.content_hash'];

/** Deletes whatever is encrypted of a tenant, and what was told about it. Returns how many secrets there were. */
export async function deleteSecrets(tx: Transaction, tenantId: string): Promise<number> {
  let deleted = 0;
  for (const statement of Object.values(SECRETS)) {
    deleted += await tx.$executeRawUnsafe(statement, tenantId);
  }
  await tx.notice.deleteMany({ where: { tenantId, subject: 'access_token' } });
  return deleted;
}
