import { decode } from 'next-auth/jwt';
import type { Config } from '#lib/config/env.ts';
import { SessionIdentity } from '#lib/domain/people/model.ts';

/** A session ends at the latest this long after its sign-in. */
export const SESSION_SECONDS = 12 * 60 * 60;

/** Whether browsers reach the portal over https, and so send its cookies over nothing else. */
export const usesSecureCookies = (config: Pick<Config, 'appUrl'>): boolean =>
  config.appUrl.startsWith('https:');

/** Name and attributes of the session's cookie, and of the one that next-auth writes. */
export function sessionCookie(config: Pick<Config, 'appUrl'>) {
  const secure = usesSecureCookies(config);
  return {
    name: `${secure ? '__Secure-' : ''}cloud-tenant-setup.session`,
    options: { httpOnly: true, sameSite: 'lax', path: '/', secure },
  } as const;
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
