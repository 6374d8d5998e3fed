/** What stands in the place of a secret. */
export const REDACTED = '[redacted]';

/** Longer texts are cut off. Patterns are tried on no more than this, so that no text can keep the process busy. */
const CHARACTERS_MAX = 8_000;

/** Shorter ones would be found by chance in ordinary words. */
const SECRET_CHARACTERS_MIN = 8;

/** Secrets by their look, wherever they stand in a text; the first group is kept. */
const PATTERNS: readonly RegExp[] = [
  /()-----BEGIN [A-Z ]{0,40}PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]{0,40}-----|$)/g,
  // A header, as it is written in a request or in JSON: everything after the name.
  /\b((?:set-)?cookie\\?["']?\s{0,5}[:=]\s{0,5})[^\r\n]+/gi,
  /\b(authorization\\?["']?\s{0,5}[:=]\s{0,5}\\?["']?)[^\s"'\\,;]+(?:\s+[^\s"'\\,;]+)?/gi,
  /\b((?:Bearer|Basic)\s{1,5})[\w.~+/=-]{8,}/gi,
  // A JSON Web Token or a part of one, signed or encrypted: its header always begins with {" in base64.
  /()\beyJ[\w-]{8,}={0,2}(?:\.[\w-]*)*/g,
  // Authorization codes and refresh tokens of Microsoft's login service.
  /()(?<![\w.-])(?:[01]\.A|M\.[CR]\d)[\w.!*$-]{20,}/g,
  // The password in a URL such as postgresql://user:password@host, also one with an @ of its own.
  /(\b[a-z][a-z0-9+.-]{0,20}:\/\/[^\s:/@]{0,200}:)[^\s]{1,1000}(?=@)/gi,
  // What login pages append to a redirect.
  /([?&#](?:code|state|nonce|code_challenge)=)[^&#\s"'\\]+/gi,
  // A member of a form, of JSON or of a connection string, by its name.
  /\b((?:[\w-]*[_-])?(?:client_?secret|client_?assertion|assertion|code_?verifier|(?:access|refresh|id|session|csrf)_?token|api_?key|password|passwd|pwd|secret)\\?["']?\s{0,5}[:=]\s{0,5})(?:\\?"[^"]*"|'[^']*'|[^\s,;&"'\\]+)/gi,
];

/** Takes secrets out of texts. */
export type TextRedactor = (text: string) => string;

/**
 * A redactor that knows these secrets by heart, in the forms in which programs pass them on, and all others by their
 * look.
 */
export function textRedactor(secrets: readonly string[] = []): TextRedactor {
  // The longest first: one secret may be the beginning of another.
  const known = [...new Set(secrets.flatMap(formsOf))].sort((a, b) => b.length - a.length);
  return (text) => {
    let clean = text;
    for (const form of known) clean = clean.replaceAll(form, REDACTED);
    // What is cut off is cut off twice: the second time behind everything that the first cut may have torn.
    clean = clean.slice(0, 2 * CHARACTERS_MAX);
    for (const pattern of PATTERNS) clean = clean.replace(pattern, `$1${REDACTED}`);
    if (text.length <= CHARACTERS_MAX && clean.length <= CHARACTERS_MAX) return clean;
    return `${clean.slice(0, CHARACTERS_MAX)} [cut off]`;
  };
}

function formsOf(secret: string): string[] {
  if (secret.length < SECRET_CHARACTERS_MIN) return [];
  const inJson = JSON.stringify(secret).slice(1, -1);
  return [
    secret,
    encodeURIComponent(secret.toWellFormed()),
    new URLSearchParams([['', secret]]).toString().slice(1),
    inJson,
    JSON.stringify(inJson).slice(1, -1),
    Buffer.from(secret).toString('base64').replace(/=+$/, ''),
    Buffer.from(secret).toString('base64url'),
  ];
}
