import { createHash } from 'node:crypto';
import { tmpdir, userInfo } from 'node:os';
import { join, resolve } from 'node:path';
import type { PoolConfig } from 'pg';

/** Which PostgreSQL to talk to: a server, or the embedded one of a data folder. */
export type DatabaseTarget =
  | { readonly type: 'server'; readonly url: string }
  | { readonly type: 'embedded'; readonly socketFolder: string };

/** PostgreSQL clients derive the socket's file name from it; nothing listens on a network port. */
export const EMBEDDED_PORT = 5432;

/**
 * The folder of the embedded database's socket. It lies under the system's temporary folder, since a socket's
 * path may not exceed about 100 bytes, and is derived from the data folder, so that every process finds it.
 */
export function embeddedSocketFolder(dataDir: string): string {
  const name = createHash('sha256')
    .update(`${userInfo().uid}:${resolve(dataDir)}`)
    .digest('hex')
    .slice(0, 16);
  return join(tmpdir(), `cloud-tenant-setup-${name}`);
}

/**
 * Connection settings for `pg`. `connectionsMax` is per process; the embedded database serves all its clients
 * one after the other, so more connections than a few only queue there.
 */
export function poolConfig(target: DatabaseTarget, connectionsMax = 10): PoolConfig {
  const common: PoolConfig = {
    max: connectionsMax,
    connectionTimeoutMillis: 10_000,
    idleTimeoutMillis: 30_000,
  };
  if (target.type === 'server') return { ...common, connectionString: target.url };
  return {
    ...common,
    host: target.socketFolder,
    port: EMBEDDED_PORT,
    user: 'postgres',
    database: 'postgres',
  };
}
