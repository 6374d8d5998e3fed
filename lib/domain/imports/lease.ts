import type pg from 'pg';
import { z } from 'zod';
import { DirectoryId, OrganizationId, type RunId, type TenantId } from '#lib/core/ids.ts';
import { withTransaction } from '#lib/db/database.ts';
import type { TenantStatus } from '#lib/db/generated/client.ts';
import { toJsonText } from '#lib/domain/problem-json.ts';
import type { TenantKind } from '#lib/domain/tenants/model.ts';
import { PhaseRecord, UsersCheckpoint } from './model.ts';

/** The right of one worker to work on a run. Its end is kept by the database's clock, not by the workers'. */
export type Lease = {
  readonly tenantId: TenantId;
  readonly runId: RunId;
  /** Distinct for each claim, so that a worker cannot take an older claim of its own for a later one. */
  readonly holder: string;
  /** How long the right lasts without being renewed. */
  readonly seconds: number;
};

/** The run is not ours any more: cancelled, or taken over by a worker that found us silent. Nothing was written. */
export class LeaseLost extends Error {
  override readonly name = 'LeaseLost';
}

export type ClaimedRun = {
  readonly organizationId: OrganizationId;
  readonly directoryId: DirectoryId;
  readonly kind: TenantKind;
  readonly tenantStatus: TenantStatus;
  /** It is neither removed nor disabled. */
  readonly isTenantInUse: boolean;
  readonly phases: PhaseRecord[];
  readonly checkpoint: UsersCheckpoint | undefined;
  /** Claims since the last step forward, this one included. */
  readonly attempts: number;
};

const CLAIM = `
UPDATE import_run run
SET lease_holder = $3, lease_until = now() + make_interval(secs => $4), attempts = run.attempts + 1,
    started_at = coalesce(run.started_at, $5)
FROM tenant
WHERE run.tenant_id = $1 AND run.id = $2 AND run.status = 'running' AND tenant.id = run.tenant_id
  AND (run.lease_holder IS NULL OR run.lease_until < now())
RETURNING tenant.organization_id, tenant.directory_id, tenant.kind, tenant.status, run.attempts, run.phases,
          run.checkpoint, tenant.removed_at IS NULL AND tenant.status <> 'disabled' AS is_in_use`;

type ClaimRow = {
  organization_id: string;
  directory_id: string;
  kind: TenantKind;
  status: TenantStatus;
  attempts: number;
  phases: unknown;
  checkpoint: unknown;
  is_in_use: boolean;
};

/** Takes a running run that nobody works on; undefined when there is none, or somebody does. */
export async function claimRun(pool: pg.Pool, lease: Lease, now: Date): Promise<ClaimedRun | undefined> {
  const [row] = await withTransaction(pool, async (client) => {
    await client.query(LOCK_RUN, [lease.tenantId, lease.runId]);
    const { rows } = await client.query<ClaimRow>(CLAIM, [...leaseKeys(lease), lease.seconds, now]);
    return rows;
  });
  return (
    row && {
      organizationId: OrganizationId.parse(row.organization_id),
      directoryId: DirectoryId.parse(row.directory_id),
      kind: row.kind,
      tenantStatus: row.status,
      isTenantInUse: row.is_in_use,
      phases: z.array(PhaseRecord).parse(row.phases),
      // One that another version has left cannot be gone on from: the read begins anew.
      checkpoint: UsersCheckpoint.safeParse(row.checkpoint).data,
      attempts: row.attempts,
    }
  );
}

/** Parameters $1 to $3 of every statement below. */
export const leaseKeys = ({ tenantId, runId, holder }: Lease): [string, string, string] => [
  tenantId,
  runId,
  holder,
];

const HELD = `tenant_id = $1 AND id = $2 AND lease_holder = $3 AND status = 'running'`;

/**
 * A part of a statement's WITH: one row while the run is ours, none otherwise. The lock is the weakest there is: it
 * lets other writes of the same run go on, its progress too, and only makes whoever takes the run away wait until the
 * statement's writes are there.
 */
export const FENCE = `fence AS MATERIALIZED (SELECT 1 FROM import_run WHERE ${HELD} FOR KEY SHARE)`;

/** Whoever takes a run away from its worker begins with this: it waits for writes under way, and holds up new ones. */
export const LOCK_RUN = 'SELECT 1 FROM import_run WHERE tenant_id = $1::uuid AND id = $2::uuid FOR UPDATE';

/** The same for a transaction: throws LeaseLost unless the run is ours, and stays ours until it ends. */
export async function holdLease(client: pg.PoolClient, lease: Lease): Promise<void> {
  const { rowCount } = await client.query(
    `SELECT 1 FROM import_run WHERE ${HELD} FOR UPDATE`,
    leaseKeys(lease),
  );
  if (!rowCount) throw new LeaseLost();
}

/** Renews the right. Throws LeaseLost. */
export async function renewLease(pool: pg.Pool, lease: Lease): Promise<void> {
  const { rowCount } = await pool.query(
    `UPDATE import_run SET lease_until = now() + make_interval(secs => $4) WHERE ${HELD}`,
    [...leaseKeys(lease), lease.seconds],
  );
  if (!rowCount) throw new LeaseLost();
}

export type Progress = {
  readonly phases: readonly PhaseRecord[];
  readonly checkpoint: UsersCheckpoint | undefined;
  /** A step forward was made: what follows has all its attempts again. */
  readonly hasAdvanced: boolean;
};

/** Writes down how far the run is, and renews the right. Throws LeaseLost. */
export async function saveProgress(
  connection: Pick<pg.Pool, 'query'> | pg.PoolClient,
  lease: Lease,
  { phases, checkpoint, hasAdvanced }: Progress,
): Promise<void> {
  const { rowCount } = await connection.query(
    `UPDATE import_run
     SET lease_until = now() + make_interval(secs => $4), phases = $5::jsonb, checkpoint = $6::jsonb,
         attempts = CASE WHEN $7::boolean THEN 0 ELSE attempts END
     WHERE ${HELD}`,
    [
      ...leaseKeys(lease),
      lease.seconds,
      toJsonText(phases),
      checkpoint ? JSON.stringify(checkpoint) : null,
      hasAdvanced,
    ],
  );
  if (!rowCount) throw new LeaseLost();
}

/**
 * Gives the run back. Workers take it again after the pause; a claim that was given back without a failure does not
 * count as an attempt. Does nothing when the run is not ours any more.
 */
export async function releaseLease(
  pool: pg.Pool,
  lease: Lease,
  options: { readonly pauseSeconds: number; readonly isAttempt: boolean },
): Promise<void> {
  await pool.query(
    `UPDATE import_run
     SET lease_holder = NULL, lease_until = now() + make_interval(secs => $4),
         attempts = CASE WHEN $5::boolean THEN attempts ELSE greatest(attempts - 1, 0) END
     WHERE ${HELD}`,
    [...leaseKeys(lease), options.pauseSeconds, options.isAttempt],
  );
}
