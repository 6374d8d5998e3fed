const SSL_REQUEST = 80877103;
const GSS_REQUEST = 80877104;
const CANCEL_REQUEST = 80877102;

/**
 * One message of a client. `negotiation` asks for encryption and is answered before the session begins; `cancel` asks
 * on a connection of its own to stop a statement; `startup` opens the session and has no type byte; any other begins
 * with its type: `Q`, `P`, `S` …
 * @see https://www.postgresql.org/docs/current/protocol-message-formats.html
 */
export type Frame = { readonly type: string; readonly bytes: Uint8Array };

/** Puts the messages of a connection together from the pieces in which they arrive. */
export class FrameReader {
  #pieces: Buffer[] = [];
  #size = 0;
  #hasStarted = false;

  /** Takes in what arrived, and returns the messages that are complete now, in their order. */
  read(piece: Buffer): Frame[] {
    this.#pieces.push(piece);
    this.#size += piece.length;
    const frames: Frame[] = [];
    for (let frame = this.#next(); frame; frame = this.#next()) frames.push(frame);
    return frames;
  }

  #next(): Frame | undefined {
    const headerLength = this.#hasStarted ? 5 : 8;
    if (this.#size < headerLength) return undefined;
    const header = this.#peek(headerLength);
    const length = this.#hasStarted ? header.readInt32BE(1) + 1 : header.readInt32BE(0);
    if (length < headerLength) throw new Error('A client sent something that is no message of PostgreSQL.');
    if (this.#size < length) return undefined;
    if (this.#hasStarted)
      return { type: String.fromCharCode(header.readUInt8(0)), bytes: this.#take(length) };
    return this.#first(header.readInt32BE(4), length);
  }

  #first(code: number, length: number): Frame {
    const bytes = this.#take(length);
    if (code === SSL_REQUEST || code === GSS_REQUEST) return { type: 'negotiation', bytes };
    if (code === CANCEL_REQUEST) return { type: 'cancel', bytes };
    this.#hasStarted = true;
    return { type: 'startup', bytes };
  }

  /** Long messages come in many pieces: they are put together once, when all of them are there. */
  #peek(length: number): Buffer {
    const [first] = this.#pieces;
    if (first && first.length >= length) return first;
    const all = Buffer.concat(this.#pieces);
    this.#pieces = [all];
    return all;
  }

  #take(length: number): Uint8Array {
    const all = this.#peek(length);
    this.#pieces[0] = all.subarray(length);
    this.#size -= length;
    if (this.#size === 0) this.#pieces = [];
    // A copy: the database reads it as a whole buffer.
    return new Uint8Array(all.subarray(0, length));
  }
}
