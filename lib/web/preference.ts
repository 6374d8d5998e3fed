import { cookies } from 'next/headers';
import { usesSecureCookies } from '#lib/auth/session-cookie.ts';
import { runtime } from '#lib/runtime.ts';

const YEAR_SECONDS = 365 * 24 * 60 * 60;

/** Keeps what somebody prefers in a cookie of this browser; undefined forgets it. For server actions. */
export async function keepPreference(name: string, value: string | undefined): Promise<void> {
  (await cookies()).set(name, value ?? '', {
    path: '/',
    maxAge: value === undefined ? 0 : YEAR_SECONDS,
    httpOnly: true,
    sameSite: 'lax',
    secure: usesSecureCookies(runtime().config),
  });
}
