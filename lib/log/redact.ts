import { isArrayBuffer, isArrayBufferView, isDate, isMap, isNativeError, isSet } from 'node:util/types';
import { REDACTED, type TextRedactor } from './secret-texts.ts';

/**
 * Keys whose values never reach the log, also at the end of a longer key: `clientSecret` and `browser_cookie` end like
 * one. Compared without case, separators and a plural's s. OAuth's, our own settings', and headers that carry
 * credentials. An authorization code is `authorizationCode` here, since `code` alone is the name of a Problem.
 */
export const SECRET_KEYS = [
  'accessToken',
  'apiKey',
  'assertion',
  'authorization',
  'authorizationCode',
  'authSecret',
  'clientAssertion',
  'clientSecret',
  'codeVerifier',
  'connectionString',
  'cookie',
  'credential',
  'databaseUrl',
  'encryptionKeys',
  'idToken',
  'nonce',
  'password',
  'pem',
  'privateKey',
  'refreshToken',
  'secret',
  'sessionToken',
  'setCookie',
  'smtpUrl',
  'token',
] as const;

const SECRET_ENDINGS: readonly string[] = [...new Set(SECRET_KEYS.map(normalized))];

/** What PostgreSQL adds to an error and quotes rows in, such as "Failing row contains (…)": rows hold people. */
const ROW_KEYS: ReadonlySet<string> = new Set(['detail', 'where']);

/** Deeper objects are cut off: no line of ours needs them, and a cycle ends here too. */
const DEPTH_MAX = 6;

/** A line has no more values than this, so that an object that refers to itself many times ends soon. */
const VALUES_MAX = 1_000;

/** Copies values for a log. Nothing that a value does, such as a getter that throws, gets past it. */
export class Redactor {
  readonly text: TextRedactor;

  constructor(text: TextRedactor) {
    this.text = text;
  }

  /** A plain copy of the fields without secrets: by key, and by look inside texts. Errors become plain objects. */
  fields(fields: object): Record<string, unknown> {
    try {
      return new Copy(this.text).object(fields, 0, false);
    } catch {
      return { fields: '[unreadable]' };
    }
  }
}

/** One line in the making. */
class Copy {
  readonly #text: TextRedactor;
  #valuesLeft = VALUES_MAX;

  constructor(text: TextRedactor) {
    this.#text = text;
  }

  object(object: object, depth: number, isOfError: boolean): Record<string, unknown> {
    return this.#entries(
      Object.keys(object).map((key) => [key, () => Reflect.get(object, key)]),
      depth,
      isOfError,
    );
  }

  #entries(
    entries: Iterable<readonly [key: unknown, read: () => unknown]>,
    depth: number,
    isOfError: boolean,
  ): Record<string, unknown> {
    const copied: [string, unknown][] = [];
    for (const [name, read] of entries) {
      const key = typeof name === 'string' ? name : typeof name;
      if (isOfError && ROW_KEYS.has(key)) continue;
      const value = this.#member(key, read, depth, isOfError);
      if (value !== undefined) copied.push([this.#text(key), value]);
      if (this.#valuesLeft <= 0) break;
    }
    return Object.fromEntries(copied);
  }

  #member(key: string, read: () => unknown, depth: number, isOfError: boolean): unknown {
    this.#valuesLeft -= 1;
    if (this.#valuesLeft <= 0) return '[too much]';
    try {
      const value = read();
      if (value === undefined || value === null) return value;
      return isSecretKey(key) ? REDACTED : this.#value(value, depth + 1, isOfError);
    } catch {
      return '[unreadable]';
    }
  }

  #value(value: unknown, depth: number, isOfError: boolean): unknown {
    if (typeof value === 'string') return this.#text(value);
    if (typeof value === 'bigint' || typeof value === 'symbol') return this.#text(String(value));
    // A function named toJSON would have the last word about what is written.
    if (typeof value === 'function') return '[function]';
    if (typeof value !== 'object' || value === null) return value;
    if (isDate(value)) return Number.isNaN(value.getTime()) ? null : value.toISOString();
    // Bytes may be a key.
    if (isArrayBufferView(value) || isArrayBuffer(value)) return `[${value.byteLength} bytes]`;
    if (value instanceof URL) return this.#text(value.href);
    if (depth > DEPTH_MAX) return '[too deep]';
    if (isNativeError(value) || value instanceof Error) return this.#error(value, depth);
    if (Array.isArray(value)) return this.#list(value, depth, isOfError);
    if (isSet(value)) return this.#list([...value], depth, isOfError);
    if (isMap(value) || value instanceof Headers || value instanceof URLSearchParams) {
      const entries = [...value].map(([key, member]) => [key, () => member] as const);
      return this.#entries(entries, depth, isOfError);
    }
    return this.object(value, depth, isOfError);
  }

  #list(items: readonly unknown[], depth: number, isOfError: boolean): unknown[] {
    const copied: unknown[] = [];
    for (let index = 0; index < items.length && this.#valuesLeft > 0; index += 1) {
      copied.push(this.#member('', () => items[index], depth, isOfError) ?? null);
    }
    return copied;
  }

  /** Name, message, stack, cause and the errors of several are not enumerable; what an error carries besides is. */
  #error(error: Error, depth: number): Record<string, unknown> {
    const names = ['name', 'message', 'stack', 'cause', 'errors'];
    const others = Object.keys(error).filter((key) => !names.includes(key));
    const entries = [...names, ...others].map((key) => [key, () => Reflect.get(error, key)] as const);
    return this.#entries(entries, depth, true);
  }
}

function isSecretKey(key: string): boolean {
  const name = normalized(key);
  return SECRET_ENDINGS.some((ending) => name.endsWith(ending));
}

function normalized(key: string): string {
  return key
    .toLowerCase()
    .replaceAll(/[^a-z0-9]/g, '')
    .replace(/s$/, '');
}
