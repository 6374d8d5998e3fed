/** What stands in the place of a secret. */
export const REDACTED = '[redacted]';

/**
 * Keys whose values never reach the log, compared without case, `_` and `-`, so that `client_secret` is
 * `clientSecret`: OAuth's, our own settings', and headers that carry credentials. An authorization code is
 * `authorizationCode` here, since `code` alone is the name of a Problem.
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

const SECRET_KEY_SET: ReadonlySet<string> = new Set(SECRET_KEYS.map(normalized));

/** Secrets by their look, wherever they stand in a text; the first group is kept. */
const SECRET_TEXTS: readonly RegExp[] = [
  // A JSON Web Token: its header always begins with {" in base64.
  /()\beyJ[\w-]{8,}\.[\w-]+\.[\w-]*/g,
  /\b(Bearer\s+)[\w.~+/=-]+/gi,
  // The password in a URL such as postgresql://user:password@host.
  /(\b[a-z][a-z0-9+.-]*:\/\/[^\s:/@]*:)[^\s@]+(?=@)/gi,
  // What login pages append to a redirect and clients post to the token endpoint.
  /([?&](?:code|state|nonce|id_token|access_token|refresh_token|client_secret|code_verifier)=)[^&\s"']+/gi,
];

/** What PostgreSQL adds to an error and quotes rows in, such as "Failing row contains (…)": rows hold people. */
const ROW_KEYS: ReadonlySet<string> = new Set(['detail', 'where']);

/** Deeper objects are cut off: no line of ours needs them, and a cycle ends here too. */
const DEPTH_MAX = 6;

/** A copy of the fields without secrets: by key, and by look inside texts. Errors become plain objects. */
export function redactFields(fields: object): Record<string, unknown> {
  return redactObject(fields, 0);
}

export function redactText(text: string): string {
  return SECRET_TEXTS.reduce((clean, pattern) => clean.replace(pattern, `$1${REDACTED}`), text);
}

function redactObject(object: object, depth: number): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(object).map(([key, value]) => [
      key,
      SECRET_KEY_SET.has(normalized(key)) && value !== undefined ? REDACTED : redactValue(value, depth + 1),
    ]),
  );
}

function redactValue(value: unknown, depth: number): unknown {
  if (typeof value === 'string') return redactText(value);
  if (typeof value !== 'object' || value === null || value instanceof Date) return value;
  if (depth > DEPTH_MAX) return '[too deep]';
  if (value instanceof Error) return redactError(value, depth);
  if (Array.isArray(value)) return value.map((item) => redactValue(item, depth + 1));
  return redactObject(value, depth);
}

/** Name, message, stack and cause are not enumerable; what an error carries beside them is. */
function redactError(error: Error, depth: number): Record<string, unknown> {
  const { name, message, stack, cause } = error;
  const own = Object.fromEntries(Object.entries(error).filter(([key]) => !ROW_KEYS.has(key)));
  return redactObject({ ...own, name, message, stack, ...(cause !== undefined && { cause }) }, depth);
}

function normalized(key: string): string {
  return key.toLowerCase().replace(/[_-]/g, '');
}
