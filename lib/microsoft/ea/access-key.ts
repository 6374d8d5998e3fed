import { z } from 'zod';

/**
 * A whole key of the EA reporting API: a signed JWT. What its claims say is not proven until the service has taken it.
 * @see https://learn.microsoft.com/azure/cost-management-billing/manage/enterprise-rest-apis
 */
export type AccessKey = {
  /** The three parts, without anything around them. */
  readonly text: string;
  /** The enrollment that the key says it is for, where it says so. */
  readonly enrollmentNumber?: string;
  /** Until when the key says it lives, where it says so. */
  readonly expiresAt?: Date;
};

/** Zero-width characters come along from mails and chats; `\s` does not know them. */
const INVISIBLE = /[\s\u00ad\u200b-\u200f\u2060\ufeff]+/gu;
const QUOTES = /^["'`“”‘’<]+|["'`“”‘’>;,.]+$/gu;
const PARTS = /^[\w-]+\.[\w-]+\.[\w-]+$/;
/** The last instant that both JavaScript and PostgreSQL can hold, generously. */
const SECONDS_MAX = Date.UTC(9999, 0) / 1000;
/** RSA keys are whole multiples of 512 bits from 1024 on, and a signature is as long as its key. */
const RSA_BYTES = 64;
const RSA_BYTES_MIN = 128;

const Seconds = z.number().positive().max(SECONDS_MAX);
const Header = z.object({ alg: z.string() });
const Enrollment = z.union([z.string(), z.number().transform(String)]).pipe(
  z
    .string()
    .trim()
    .regex(/^[\w-]{1,40}$/),
);
/** Claims are texts or numbers; one that is neither counts as absent. */
const Claims = z.object({
  EnrollmentNumber: Enrollment.optional().catch(undefined),
  exp: z
    .union([z.string().regex(/^\d+$/).transform(Number), z.number()])
    .pipe(Seconds)
    .optional()
    .catch(undefined),
});

/**
 * What people paste, reduced to the key: without line breaks, spaces and quotes, and without the `Authorization:` and
 * `Bearer` of a copied header. Base64url has none of these characters, so nothing of a key is lost.
 */
export function tidyAccessKey(pasted: string): string {
  const text = pasted.replaceAll(INVISIBLE, ' ').trim().replaceAll(QUOTES, '').trim();
  return text
    .replace(/^authorization ?[:=] ?/i, '')
    .replaceAll(QUOTES, '')
    .replace(/^bearer(?: |:|$|(?=eyJ))/i, '')
    .replaceAll(' ', '')
    .replaceAll(QUOTES, '')
    .replaceAll('=', '');
}

/** Reads a key that has been tidied; undefined where it is not a whole one. */
export function readAccessKey(text: string): AccessKey | undefined {
  const [header = '', payload = '', signature = ''] = PARTS.test(text) ? text.split('.') : [];
  const head = Header.safeParse(decodeJson(header));
  const claims = Claims.safeParse(decodeJson(payload));
  if (!head.success || !claims.success || !isWholeSignature(signature, head.data.alg)) return undefined;
  const { EnrollmentNumber: enrollmentNumber, exp } = claims.data;
  return {
    text,
    ...(enrollmentNumber && { enrollmentNumber }),
    ...(exp !== undefined && { expiresAt: new Date(exp * 1000) }),
  };
}

/** Of base64url, a rest of one character stands for no byte. */
const isBase64url = (text: string): boolean => text.length % 4 !== 1;

function isWholeSignature(signature: string, algorithm: string): boolean {
  if (!isBase64url(signature)) return false;
  if (!/^[RP]S\d/i.test(algorithm)) return true;
  const { length } = Buffer.from(signature, 'base64url');
  return length >= RSA_BYTES_MIN && length % RSA_BYTES === 0;
}

function decodeJson(part: string): unknown {
  if (!isBase64url(part)) return undefined;
  try {
    return JSON.parse(Buffer.from(part, 'base64url').toString());
  } catch {
    return undefined;
  }
}

/** Whether two enrollment numbers name the same one: leading zeros are only form. */
export const isSameEnrollment = (one: string, other: string): boolean =>
  one.replace(/^0+/, '') === other.replace(/^0+/, '');
