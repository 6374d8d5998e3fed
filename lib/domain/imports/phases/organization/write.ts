import type pg from 'pg';
import type { TenantId } from '#lib/core/ids.ts';

/** Gives a tenant that was added by its ID the domain people know it by; a domain that was typed stays. */
export async function writeDomain(
  client: pg.PoolClient,
  tenantId: TenantId,
  domain: string | null,
): Promise<number> {
  const { rowCount } = await client.query(
    'UPDATE tenant SET domain = $2::text WHERE id = $1 AND domain IS NULL AND $2::text IS NOT NULL',
    [tenantId, domain],
  );
  return rowCount ?? 0;
}
