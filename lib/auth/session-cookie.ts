import { decode } from 'next-auth/jwt';
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

/**
 * Whose session a cookie is, or undefined where it is missing, expired, made with another secret or changed. Whether
 * the session still holds is for the database to say.
 */
export async function readSessionCookie(
  value: string | undefined,
  config: Pick<Config, 'authSecret'>,
): Promise<SessionIdentity | undefined> {
  if (!value) return undefined;
  const claims = await decode({ token: value, secret: config.authSecret }).catch(() => undefined);
  return SessionIdentity.safeParse(claims).data;
}
