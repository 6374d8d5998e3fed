import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createServer, type Socket } from 'node:net';

/** An error as PostgreSQL words it. */
export type Refusal = { readonly message: string; readonly detail: string };

export type BrokenDatabase = { readonly port: number; stop(): Promise<void> };

const SSL_REQUEST = 80877103;
const AUTHENTICATED = Buffer.from([0x52, 0, 0, 0, 8, 0, 0, 0, 0]);
const READY = Buffer.from([0x5a, 0, 0, 0, 5, 0x49]);

/** A PostgreSQL server that lets everybody in and refuses every statement with this error. */
export async function startBrokenDatabase(refusal: Refusal): Promise<BrokenDatabase> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket)).on('error', () => undefined);
    serve(socket, errorMessage(refusal));
  }).listen(0, 'localhost');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    async stop() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

function serve(socket: Socket, error: Buffer): void {
  let waiting: Buffer = Buffer.alloc(0);
  let isOpen = false;
  socket.on('data', (piece) => {
    waiting = Buffer.concat([waiting, Buffer.from(piece)]);
    for (;;) {
      // The first messages have no type.
      const head = isOpen ? 1 : 0;
      if (waiting.length < head + 4) return;
      const length = head + waiting.readUInt32BE(head);
      if (waiting.length < length) return;
      const message = waiting.subarray(0, length);
      waiting = waiting.subarray(length);
      if (isOpen) answer(socket, String.fromCharCode(message[0] ?? 0), error);
      else if (message.readUInt32BE(4) === SSL_REQUEST) socket.write('N');
      else {
        isOpen = true;
        socket.write(Buffer.concat([AUTHENTICATED, READY]));
      }
    }
  });
}

/** A statement is refused when it is complete: a simple query, or at the end of an extended one. */
function answer(socket: Socket, type: string, error: Buffer): void {
  if (type === 'Q' || type === 'S') socket.write(Buffer.concat([error, READY]));
  if (type === 'X') socket.end();
}

function errorMessage({ message, detail }: Refusal): Buffer {
  const fields = Object.entries({
    S: 'ERROR',
    V: 'ERROR',
    C: '23502',
    M: message,
    D: detail,
    t: 'directory_user',
  });
  const body = `${fields.map(([type, value]) => `${type}${value}\0`).join('')}\0`;
  const head = Buffer.alloc(5);
  head.write('E');
  head.writeUInt32BE(4 + Buffer.byteLength(body), 1);
  return Buffer.concat([head, Buffer.from(body)]);
}
