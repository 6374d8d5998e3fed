import { DataDirInUseError, startEmbeddedDatabase } from '#lib/db/embedded.ts';

const dataDir = process.env.DATA_DIR ?? '.data';

/** The process that owns the embedded database of DATA_DIR. */
try {
  const database = await startEmbeddedDatabase(dataDir, (reason) => {
    console.error(`The embedded database of ${dataDir} had to stop: ${reason}.`);
    process.exit(1);
  });
  process.once('SIGTERM', () => void database.stop().then(() => process.exit(0)));
  process.send?.('ready');
} catch (error) {
  console.error(error instanceof DataDirInUseError ? error.message : error);
  process.exit(1);
}
