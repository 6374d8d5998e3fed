import { createdAt, idOf, type LoadUser, loadUser } from './directory.ts';

/** No user of the generator is larger. Memory that is not written to costs nothing. */
const ROW_BYTES_MAX = 4096;

/**
 * The users of a directory in the order of their creation, each rendered once, with a comma between two. Any range of
 * dates and any page is a piece of it, and sending it costs no more than copying bytes.
 */
export class Rows {
  readonly #users: readonly LoadUser[];
  readonly #bytes: Buffer;
  /** Where each row begins; the last one is where a further row would. */
  readonly #starts: Float64Array;
  /** Made when first needed. */
  #byId: ReadonlyMap<string, number> | undefined;

  /** Takes rows that did not change from an older rendering. */
  constructor(users: readonly LoadUser[], older?: Rows) {
    const kept = new Map(older?.users.map((user, index) => [user, index]));
    const bytes = Buffer.allocUnsafeSlow(users.length * ROW_BYTES_MAX);
    this.#users = users;
    this.#starts = new Float64Array(users.length + 1);
    let end = 0;
    for (const [index, user] of users.entries()) {
      this.#starts[index] = end;
      const before = kept.get(user);
      end += before === undefined ? bytes.write(JSON.stringify(loadUser(user)), end) : copy(before);
      bytes[end] = 0x2c;
      end += 1;
    }
    this.#starts[users.length] = end;
    this.#bytes = bytes.subarray(0, end);

    function copy(index: number): number {
      const row = older?.slice(index, index + 1) ?? Buffer.alloc(0);
      bytes.set(row, end);
      return row.length;
    }
  }

  get users(): readonly LoadUser[] {
    return this.#users;
  }

  get averageBytes(): number {
    return Math.round(this.#bytes.length / Math.max(1, this.#users.length));
  }

  /** The members of a JSON array. */
  slice(from: number, to: number): Buffer {
    if (from >= to) return this.#bytes.subarray(0, 0);
    return this.#bytes.subarray(this.#starts[from], (this.#starts[to] ?? 0) - 1);
  }

  /** The number of the row of a user. */
  indexOf(id: string): number | undefined {
    this.#byId ??= new Map(this.#users.map(({ n }, index) => [idOf(n), index]));
    return this.#byId.get(id);
  }

  /** The number of the first row that was made at this second or later. */
  firstFrom(second: number): number {
    let from = 0;
    let to = this.#users.length;
    while (from < to) {
      const middle = (from + to) >> 1;
      if ((this.#users[middle]?.createdAt ?? 0) < second) from = middle + 1;
      else to = middle;
    }
    return from;
  }
}

export const firstRows = (users: number): Rows =>
  new Rows(Array.from({ length: users }, (_, n) => ({ n, createdAt: createdAt(n, users), version: 0 })));
