import { createHash } from 'node:crypto';
import { decode } from 'next-auth/jwt';
import { z } from 'zod';
import type { Config } from '#lib/config/env.ts';
import { SessionIdentity } from '#lib/domain/people/model.ts';

/** A session ends at the latest this long after its sign-in. */
export const SESSION_SECONDS = 12 * 60 * 60;

/** A sign-in is finished at the latest this long after it began. */
const SIGN_IN_SECONDS = 15 * 60;

export type SignInPart = 'state' | 'nonce' | 'pkce.code_verifier';

/** Whether browsers reach the portal over https, and so send its cookies over nothing else. */
export const usesSecureCookies = (config: Pick<Config, 'appUrl'>): boolean =>
  config.appUrl.startsWith('https:');

/**
 * Name and attributes of a cookie of ours. Over https a browser takes one with this prefix from this very host alone:
 * another host of the same domain cannot put a session or a sign-in of its own in its place.
 */
function hostCookie(config: Pick<Config, 'appUrl'>, name: string) {
  const secure = usesSecureCookies(config);
  return {
    name: `${secure ? '__Host-' : ''}${name}`,
    options: { httpOnly: true, sameSite: 'lax', path: '/', secure },
  } as const;
}

/** The session's cookie, which next-auth writes. */
export const sessionCookie = (config: Pick<Config, 'appUrl'>) =>
  hostCookie(config, 'cloud-tenant-setup.session');

/** A cookie in which next-auth keeps a part of a sign-in under way. */
export function signInCookie(config: Pick<Config, 'appUrl'>, part: SignInPart) {
  const { name, options } = hostCookie(config, `next-auth.${part}`);
  return { name, options: { ...options, maxAge: SIGN_IN_SECONDS } };
}

/** What of a cookie is kept once it has been read: whose session it is, and when that ends by itself. */
const Claims = SessionIdentity.extend({ exp: z.number() });
type Claims = z.output<typeof Claims>;

/*
 * A cookie means the same until it expires, and to read one costs as much as a page's queries: next-auth derives its
 * key anew each time. Kept by their hash, so that no session can be taken from memory; the youngest are kept.
 */
const read = new Map<string, Claims>();
const READ_MAX = 1000;

/**
 * Whose session a cookie is, or undefined where it is missing, expired, made with another secret or changed. Whether
 * the session still holds is for the database to say, at each request.
 */
export async function readSessionCookie(
  value: string | undefined,
  { authSecret }: Pick<Config, 'authSecret'>,
): Promise<SessionIdentity | undefined> {
  if (!value) return undefined;
  const hash = createHash('sha256').update(`${authSecret}\n${value}`).digest('base64');
  const claims = read.get(hash) ?? (await decodedClaims(value, authSecret));
  if (!claims || claims.exp * 1000 <= Date.now()) {
    read.delete(hash);
    return undefined;
  }
  keep(hash, claims);
  const { personId, sessionVersion } = claims;
  return { personId, sessionVersion };
}

async function decodedClaims(token: string, secret: string): Promise<Claims | undefined> {
  const claims = await decode({ token, secret }).catch(() => undefined);
  return Claims.safeParse(claims).data;
}

function keep(hash: string, claims: Claims): void {
  if (read.has(hash)) return;
  read.set(hash, claims);
  const [oldest] = read.keys();
  if (read.size > READ_MAX && oldest !== undefined) read.delete(oldest);
}
