import { resolve } from 'node:path';
import { PrismaPg } from '@prisma/adapter-pg';
import { bindMigrationAwareSqlAdapterFactory } from '@prisma/driver-adapter-utils';
import { SchemaEngine } from '@prisma/schema-engine-wasm';
import { type DatabaseTarget, poolConfig } from '#lib/db/target.ts';

const ROOT = resolve(import.meta.dirname, '..');

/**
 * The SQL that leads from one text of `schema.prisma` to another (from an empty database when `before` is
 * undefined). Uses Prisma's own schema engine in WebAssembly, because the native one is a download; the
 * engine wants a database to ask for its version, and neither reads nor changes anything else there.
 */
export async function schemaDiff(
  database: DatabaseTarget,
  before: string | undefined,
  after: string,
): Promise<string> {
  const path = resolve(ROOT, 'prisma/schema.prisma');
  const adapter = bindMigrationAwareSqlAdapterFactory(new PrismaPg(poolConfig(database, 1)));
  const engine = await SchemaEngine.new({ datamodels: [[path, after]] }, () => undefined, adapter);
  const result = await engine.diff({
    from:
      before === undefined
        ? { tag: 'empty' }
        : { tag: 'schemaDatamodel', files: [{ path, content: before }] },
    to: { tag: 'schemaDatamodel', files: [{ path, content: after }] },
    script: true,
    exitCode: null,
    filters: { externalTables: [], externalEnums: [] },
  });
  return result.stdout ?? '';
}
