import { createServer, type Server, type Socket } from 'node:net';
import type { PGlite } from '@electric-sql/pglite';
import type { Care } from './embedded-care.ts';
import { type Frame, FrameReader } from './embedded-frames.ts';

/**
 * After these the database owes nothing: a simple query, the end of an extended one, the opening of a session, its
 * password. All messages up to such a one belong together.
 */
const ENDS_OF_WORK = new Set(['Q', 'S', 'F', 'startup', 'p']);
/** The client waits for what is done so far (Flush), and the statement goes on. */
const FLUSH = 'H';
const TERMINATE = 'X';

/** A client that leaves its transaction lying for so long is cut off: everybody else waits for it. */
const IDLE_IN_TRANSACTION_MS = 60_000;

const UPKEEP_MS = 5_000;

/** A statement that PostgreSQL refuses as it refuses one for which the disk has no room. */
const NO_ROOM = simpleQuery(`DO $$BEGIN RAISE EXCEPTION USING ERRCODE = 'disk_full',
  MESSAGE = 'the disk of the embedded database is nearly full',
  HINT = 'Free space on the disk of DATA_DIR; until then the database can be read.'; END$$`);

type Work = { readonly client: Client; readonly frames: readonly Frame[] };

type Client = {
  readonly socket: Socket;
  readonly reader: FrameReader;
  /** Messages whose end has not arrived yet. */
  unfinished: Frame[];
};

export type EmbeddedServer = { stop(): Promise<void> };

/**
 * Serves an open PGlite on a Unix socket to any number of clients. The database has one session, which all of them
 * share, and an extended query is several messages (Parse, Bind, Execute …) that refer to each other without a name.
 * So the messages of a statement are handed over together, and while a client is within a transaction only its own
 * are. A client that leaves in the middle has its transaction rolled back.
 */
export async function startEmbeddedServer(db: PGlite, path: string, care?: Care): Promise<EmbeddedServer> {
  await db.waitReady;
  const session = new SharedSession(db, care);
  const timer = care && setInterval(() => session.careSoon(), UPKEEP_MS).unref();
  const clients = new Set<Client>();
  const server = createServer((socket) => {
    const client: Client = { socket, reader: new FrameReader(), unfinished: [] };
    clients.add(client);
    socket.on('data', (piece) => {
      try {
        for (const frame of client.reader.read(Buffer.from(piece))) session.take(client, frame);
      } catch (error) {
        socket.destroy(error instanceof Error ? error : undefined);
      }
    });
    // Clients die; what matters about it comes with `close`.
    socket.on('error', () => undefined);
    socket.on('close', () => {
      clients.delete(client);
      session.leave(client);
    });
  });
  await listen(server, path);
  return {
    async stop() {
      clearInterval(timer);
      const closed = new Promise((done) => server.close(done));
      await session.finish();
      for (const { socket } of clients) socket.destroy();
      await closed;
      await session.finish();
    },
  };
}

function listen(server: Server, path: string): Promise<void> {
  return new Promise((done, failed) => {
    server.once('error', failed);
    server.listen(path, () => {
      server.off('error', failed);
      done();
    });
  });
}

/** Decides whose messages the database gets next. */
class SharedSession {
  readonly #db: PGlite;
  readonly #care: Care | undefined;
  #isCareDue = false;
  #waiting: Work[] = [];
  /** Who is within a transaction, or has flushed a part of a statement; nobody else's messages are handed over. */
  #owner: Client | undefined;
  #ownerTimer: NodeJS.Timeout | undefined;
  #working: Promise<void> | undefined;

  constructor(db: PGlite, care: Care | undefined) {
    this.#db = db;
    this.#care = care;
  }

  take(client: Client, frame: Frame): void {
    if (frame.type === 'negotiation') {
      client.socket.write('N');
      return;
    }
    // There is no second process that could stop a statement; the database's own answer is to close.
    if (frame.type === 'cancel' || frame.type === TERMINATE) {
      client.socket.end();
      return;
    }
    client.unfinished.push(frame);
    if (!ENDS_OF_WORK.has(frame.type) && frame.type !== FLUSH) return;
    this.#waiting.push({ client, frames: client.unfinished });
    client.unfinished = [];
    this.#work();
  }

  leave(client: Client): void {
    this.#waiting = this.#waiting.filter((work) => work.client !== client);
    if (this.#owner === client) this.#work();
  }

  /** Lets the upkeep have its turn as soon as nobody is within a transaction. */
  careSoon(): void {
    this.#isCareDue = true;
    this.#work();
  }

  /** Resolves when the database does nothing any more. */
  async finish(): Promise<void> {
    await this.#working;
  }

  #work(): void {
    this.#working ??= this.#workUntilIdle().finally(() => {
      this.#working = undefined;
    });
  }

  async #workUntilIdle(): Promise<void> {
    for (;;) {
      if (this.#owner?.socket.destroyed) await this.#rollBack();
      if (this.#isCareDue && !this.#owner) await this.#takeCare();
      const next = this.#next();
      if (!next) return;
      clearTimeout(this.#ownerTimer);
      await this.#execute(next);
    }
  }

  #next(): Work | undefined {
    const index = this.#owner ? this.#waiting.findIndex(({ client }) => client === this.#owner) : 0;
    return index < 0 ? undefined : this.#waiting.splice(index, 1)[0];
  }

  async #takeCare(): Promise<void> {
    this.#isCareDue = false;
    // What did not work now has its next turn in a few seconds, and clients have the first word about a full disk.
    await this.#care?.upkeep().catch(() => undefined);
  }

  async #execute({ client, frames: asked }: Work): Promise<void> {
    const { socket } = client;
    const frames = this.#care && isTooLong(asked, this.#care) ? [NO_ROOM] : asked;
    const onRawData = (data: Uint8Array) => {
      // The database reuses its memory, so the socket gets a copy.
      if (socket.writable) socket.write(Buffer.from(data));
    };
    try {
      await this.#db.runExclusive(async () => {
        for (const { bytes } of frames) await this.#db.execProtocolRawStream(bytes, { onRawData });
      });
    } catch (error) {
      // A refused statement is an answer, not an exception: this is the database itself in trouble.
      socket.destroy(error instanceof Error ? error : undefined);
    }
    const isFlushed = asked.at(-1)?.type === FLUSH;
    this.#owner = isFlushed || this.#db.isInTransaction() ? client : undefined;
    if (this.#owner) {
      this.#ownerTimer = setTimeout(() => socket.destroy(), IDLE_IN_TRANSACTION_MS);
      this.#ownerTimer.unref();
    }
  }

  async #rollBack(): Promise<void> {
    this.#owner = undefined;
    clearTimeout(this.#ownerTimer);
    // Sync first: it ends a statement that was left half way.
    const sync = new Uint8Array([0x53, 0, 0, 0, 4]);
    await this.#db.runExclusive(() => this.#db.execProtocolRawStream(sync, { onRawData: () => undefined }));
    if (this.#db.isInTransaction()) await this.#db.exec('ROLLBACK');
  }
}

/** Whether the statement is to be refused. Only a complete one can be: its client awaits an answer and nothing more. */
function isTooLong(frames: readonly Frame[], care: Care): boolean {
  const end = frames.at(-1)?.type;
  if (end !== 'Q' && end !== 'S') return false;
  return !care.hasRoomFor(frames.reduce((sum, { bytes }) => sum + bytes.length, 0));
}

function simpleQuery(sql: string): Frame {
  const bytes = Buffer.from(`Q\0\0\0\0${sql}\0`);
  bytes.writeInt32BE(bytes.length - 1, 1);
  return { type: 'Q', bytes };
}
