import { DataDirInUseError, startEmbeddedDatabase } from '#lib/db/embedded.ts';

/** The process that owns the embedded database of DATA_DIR. */
try {
  const database = await startEmbeddedDatabase(process.env.DATA_DIR ?? '.data');
  process.once('SIGTERM', () => void database.stop().then(() => process.exit(0)));
  process.send?.('ready');
} catch (error) {
  console.error(error instanceof DataDirInUseError ? error.message : error);
  process.exit(1);
}
