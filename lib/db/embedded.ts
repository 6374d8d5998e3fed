import { chmod, lstat, mkdir, rm } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import { join, resolve } from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import { pg_trgm } from '@electric-sql/pglite/contrib/pg_trgm';
import { type Care, createCare, freeBytesOf, LOG_SETTINGS } from './embedded-care.ts';
import { type EmbeddedServer, startEmbeddedServer } from './embedded-server.ts';
import { EMBEDDED_PORT, embeddedSocketFolder } from './target.ts';

/** Another process has the data folder open. The message says which, and what to do. */
export class DataDirInUseError extends Error {
  override readonly name = 'DataDirInUseError';
}

export type EmbeddedDatabase = { readonly socketFolder: string; stop(): Promise<void> };

/**
 * Opens the embedded PostgreSQL (PGlite) of a data folder and serves it on a Unix socket in a folder that only
 * this user may enter. At most one process owns a data folder: a second one gets DataDirInUseError.
 *
 * `onCrash` is called when PostgreSQL gives up, as it does when it cannot write its log. What is in memory then must
 * not be used any more, so it has to end the process before it returns; the next start goes on from the log.
 */
export async function startEmbeddedDatabase(
  dataDir: string,
  onCrash: (reason: string) => void = () => process.abort(),
): Promise<EmbeddedDatabase> {
  const socketFolder = embeddedSocketFolder(dataDir);
  await preparePrivateFolder(socketFolder);
  const ownership = await claim(join(socketFolder, 'owner'), dataDir);
  try {
    const folder = join(resolve(dataDir), 'postgres');
    await mkdir(folder, { recursive: true });
    // PGlite lets everybody read and write the files that it makes, so nobody else may come to them.
    await chmod(folder, 0o700);
    const db = await PGlite.create({
      dataDir: folder,
      extensions: { pg_trgm },
      startParams: [...PGlite.defaultStartParams, ...LOG_SETTINGS],
      onStderr: watchForCrash(onCrash),
    });
    const server = await serve(db, socketFolder, createCare(db, { freeBytes: () => freeBytesOf(folder) }));
    return {
      socketFolder,
      async stop() {
        await server.stop();
        await db.close();
        await rm(socketFolder, { recursive: true, force: true });
        await ownership.release();
      },
    };
  } catch (error) {
    await ownership.release();
    throw error;
  }
}

/** Serves an open PGlite on the socket of a folder. A socket file that a killed process left is replaced. */
export async function serve(db: PGlite, socketFolder: string, care?: Care): Promise<EmbeddedServer> {
  const path = join(socketFolder, `.s.PGSQL.${EMBEDDED_PORT}`);
  await rm(path, { force: true });
  return startEmbeddedServer(db, path, care);
}

/**
 * PostgreSQL says why it gives up, then its runtime says that it was aborted. PGlite would go on with what is left of
 * it: statements would hang, or be written to damaged tables.
 */
function watchForCrash(onCrash: (reason: string) => void): (text: string) => boolean {
  let reason = 'the database was aborted';
  return (text) => {
    reason = /\b(?:PANIC|FATAL): +(.*)/.exec(text)?.[1] ?? reason;
    if (text.startsWith('Aborted(')) onCrash(reason);
    return false;
  };
}

/** The temporary folder is shared with other users: the socket's folder must be ours alone, or we do not use it. */
async function preparePrivateFolder(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  // Not what a link leads to: whoever made the link could lead our clients elsewhere later.
  const info = await lstat(folder);
  const isOurs = process.getuid === undefined || info.uid === process.getuid();
  if (!info.isDirectory() || !isOurs || (info.mode & 0o077) !== 0) {
    throw new Error(`${folder} is not a private folder of this user. Remove it, then start again.`);
  }
}

/**
 * The kernel ends an abstract socket with its process, however that dies, so it is a lock that never goes stale.
 * Systems without abstract sockets get a socket file, whose owner is asked whether it still lives.
 */
async function claim(path: string, dataDir: string): Promise<{ release(): Promise<void> }> {
  const isAbstract = process.platform === 'linux';
  const address = isAbstract ? `\0${path}` : path;
  if (!isAbstract && (await askOwner(address)) === undefined) await rm(address, { force: true });
  const server = createServer((socket) => socket.end(String(process.pid)));
  await new Promise<void>((done, failed) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EADDRINUSE') return failed(error);
      askOwner(address).then((pid) => failed(inUse(dataDir, pid)), failed);
    });
    server.listen(address, done);
  });
  server.unref();
  return { release: () => new Promise((done) => server.close(() => done())) };
}

const inUse = (dataDir: string, pid: string | undefined): DataDirInUseError =>
  new DataDirInUseError(
    `The embedded database in ${resolve(dataDir)} is already open in another process${pid ? ` (${pid})` : ''}. ` +
      'Stop that one, give this one a DATA_DIR of its own, or use a PostgreSQL server by DATABASE_URL.',
  );

/** The process id of whoever listens there; undefined when nobody does. */
function askOwner(address: string): Promise<string | undefined> {
  return new Promise((done) => {
    let answer = '';
    const socket = connect(address);
    socket.on('data', (data) => {
      answer += data.toString();
    });
    socket.on('end', () => done(answer));
    socket.on('error', () => done(undefined));
  });
}
