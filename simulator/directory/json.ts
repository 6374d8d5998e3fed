/** JSON texts of objects that many rows share; writing them once is a third of a page's cost. */
const prepared = new WeakMap<object, string>();

/** Freezes an object that many rows share and remembers its text. */
export function shared<T extends object>(value: T): T {
  prepared.set(value, JSON.stringify(value));
  return Object.freeze(value);
}

/** The JSON text of a column's value. */
export function jsonText(value: unknown): string {
  if (value === null) return 'null';
  if (typeof value === 'string') return JSON.stringify(value);
  if (typeof value === 'boolean') return value ? 'true' : 'false';
  if (Array.isArray(value)) return `[${value.map(jsonText).join(',')}]`;
  if (typeof value === 'object') return prepared.get(value) ?? JSON.stringify(value);
  return JSON.stringify(value);
}

const BYTES_AT_FIRST = 64 * 1024;

/**
 * Collects text as UTF-8, which spares a page of mixed scripts from being one long two-byte string. One instance serves
 * page after page, so that only what is sent is allocated anew.
 */
export class Utf8Writer {
  #buffer = Buffer.allocUnsafe(BYTES_AT_FIRST);
  #length = 0;

  write(text: string): void {
    // A UTF-16 unit never needs more than three bytes.
    const needed = this.#length + text.length * 3;
    if (needed > this.#buffer.length) {
      const larger = Buffer.allocUnsafe(Math.max(needed, this.#buffer.length * 4));
      this.#buffer.copy(larger, 0, 0, this.#length);
      this.#buffer = larger;
    }
    this.#length += this.#buffer.write(text, this.#length);
  }

  /** What was written, as a copy; the next text begins a new page. */
  take(): Uint8Array<ArrayBuffer> {
    const bytes = Uint8Array.from(this.#buffer.subarray(0, this.#length));
    this.#length = 0;
    return bytes;
  }
}
