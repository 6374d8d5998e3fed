import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import { serve } from '#lib/db/embedded.ts';
import { schemaDiff } from './schema-diff.ts';

/**
 * Writes the migration that leads from the committed `schema.prisma` to the one in the work tree.
 * Usage: npm run db:migration -- name-of-the-change
 */
const FOLDER = 'prisma/migrations';
const SCHEMA = 'prisma/schema.prisma';

const name = process.argv[2];
if (!name || !/^[a-z0-9-]+$/.test(name)) {
  console.error('Name the change in lower case, such as: npm run db:migration -- add-enrollments');
  process.exit(1);
}

const existing = await readdir(FOLDER).catch((): string[] => []);
const committed = existing.length
  ? execFileSync('git', ['show', `HEAD:${SCHEMA}`], { encoding: 'utf8' })
  : undefined;
const socketFolder = await mkdtemp(join(tmpdir(), 'cts-diff-'));
const db = await PGlite.create();
const server = await serve(db, socketFolder);
const sql = await schemaDiff({ type: 'embedded', socketFolder }, committed, await readFile(SCHEMA, 'utf8'));
await server.stop();
await db.close();
await rm(socketFolder, { recursive: true });

const number = String(existing.length + 1).padStart(4, '0');
const folder = join(FOLDER, `${number}_${name.replaceAll('-', '_')}`);
await mkdir(folder, { recursive: true });
await writeFile(join(folder, 'migration.sql'), sql);
console.log(`Wrote ${folder}/migration.sql. Read it before you commit it.`);
