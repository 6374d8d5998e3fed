import { PrismaPg } from '@prisma/adapter-pg';
import pg from 'pg';
import type { Log } from '#lib/log/log.ts';
import { PrismaClient } from './generated/client.ts';
import { type DatabaseTarget, poolConfig } from './target.ts';

/**
 * The database as the domain sees it: Prisma for single rows and small lists, the pool for bulk SQL. Both use
 * the same connections. Statements are never named and no state is kept in a session, because all clients of
 * the embedded database share one.
 */
export type Database = {
  readonly prisma: PrismaClient;
  readonly pool: pg.Pool;
  close(): Promise<void>;
};

/** What runs inside a transaction. */
export type Transaction = Parameters<Parameters<PrismaClient['$transaction']>[0]>[0];

/** Opens no connection by itself: the first query does, and fails when the server cannot be reached. */
export function createDatabase(target: DatabaseTarget, log: Log, connectionsMax?: number): Database {
  const pool = new pg.Pool(poolConfig(target, connectionsMax));
  // Without a listener, an idle connection that the server closes would end the process.
  pool.on('error', (error) => log.warn('an idle database connection was lost', { error: error.message }));
  const prisma = new PrismaClient({
    adapter: new PrismaPg(pool),
    // The longer forms quote the arguments of the failed call, which are people and their tokens.
    errorFormat: 'minimal',
    transactionOptions: { maxWait: 10_000, timeout: 30_000 },
  });
  return {
    prisma,
    pool,
    async close() {
      await prisma.$disconnect();
      if (!pool.ended) await pool.end();
    },
  };
}

/**
 * Runs bulk SQL in one transaction on one connection. The callback must not wait for the network: the embedded
 * database serves nobody else meanwhile.
 */
export async function withTransaction<T>(
  pool: pg.Pool,
  work: (client: pg.PoolClient) => Promise<T>,
): Promise<T> {
  const client = await pool.connect();
  let broken: Error | undefined;
  try {
    await client.query('BEGIN');
    const value = await work(client);
    await client.query('COMMIT');
    return value;
  } catch (error) {
    await client.query('ROLLBACK').catch((failure: Error) => {
      broken = failure;
    });
    throw error;
  } finally {
    client.release(broken);
  }
}
