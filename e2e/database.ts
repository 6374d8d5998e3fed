import { createDatabase, type Database } from '#lib/db/database.ts';
import { embeddedSocketFolder } from '#lib/db/target.ts';
import { createLog } from '#lib/log/log.ts';

/** Looks into the tested portal's database, or changes there what only time or an operator changes. */
export async function inDatabase<T>(
  work: (database: Database) => Promise<T>,
  dataDir = process.env.PORTAL_DATA_DIR ?? '',
): Promise<T> {
  const socketFolder = embeddedSocketFolder(dataDir);
  const database = createDatabase({ type: 'embedded', socketFolder }, createLog({ level: 'silent' }), 1);
  try {
    return await work(database);
  } finally {
    await database.close();
  }
}
