import { createHash, timingSafeEqual } from 'node:crypto';
import type { AuthOptions, Profile } from 'next-auth';
import type { OAuthConfig } from 'next-auth/providers/oauth';
import { z } from 'zod';
import type { Problem } from '#lib/core/problem.ts';
import { fail, type Result } from '#lib/core/result.ts';
import { limit } from '#lib/domain/limits/limit.ts';
import type { SessionIdentity } from '#lib/domain/people/model.ts';
import { SIGN_IN_SCOPES, signIn } from '#lib/domain/people/sign-in.ts';
import type { Runtime } from '#lib/runtime.ts';
import { safeReturnTo } from './return-to.ts';
import { SESSION_SECONDS, sessionCookie, signInCookie, usesSecureCookies } from './session-cookie.ts';

/** The provider's id, which the registered redirect URI ends with. */
export const PROVIDER_ID = 'microsoft';

/** How one sign-in went: next-auth itself tells no more than that it failed. At most one member is set. */
export type SignInAttempt = { session?: SessionIdentity; problem?: Problem; error?: unknown };

/** What next-auth made when the sign-in began and kept in this browser's cookies. */
const Remembered = z.object({
  state: z.string().min(1),
  nonce: z.string().min(1),
  code_verifier: z.string().min(1),
});

/** What the browser brought back from Microsoft. */
const Returned = z.object({ state: z.string(), code: z.string().min(1) });

/**
 * The settings of next-auth for one request from a client's address. A session names a person and the version of their sessions, nothing
 * else. `NEXTAUTH_URL` has to be set to the portal's origin: next-auth knows its own address from nowhere else.
 */
export function signInOptions(
  { config, services }: Pick<Runtime, 'config' | 'services'>,
  attempt: SignInAttempt,
  address: string,
): AuthOptions {
  return {
    secret: config.authSecret,
    useSecureCookies: usesSecureCookies(config),
    session: { strategy: 'jwt', maxAge: SESSION_SECONDS },
    jwt: { maxAge: SESSION_SECONDS },
    cookies: {
      sessionToken: sessionCookie(config),
      state: signInCookie(config, 'state'),
      nonce: signInCookie(config, 'nonce'),
      pkceCodeVerifier: signInCookie(config, 'pkce.code_verifier'),
    },
    providers: [microsoft({ config, services }, attempt, address)],
    callbacks: {
      jwt() {
        if (!attempt.session) throw new Error('a session without a sign-in');
        return { ...attempt.session };
      },
      redirect({ url }) {
        const path = url.startsWith(`${config.appUrl}/`) ? url.slice(config.appUrl.length) : url;
        return `${config.appUrl}${safeReturnTo(path)}`;
      },
    },
    logger: {
      // The reason alone: what comes with it may hold the code, the verifier or the nonce.
      error: (code, metadata) =>
        services.log.info('sign-in failed', { code, reason: errorOf(metadata).message }),
      warn: (code) => services.log.warn('next-auth', { code }),
      debug: () => {},
    },
  };
}

/**
 * Microsoft as the identity provider of all organizations, by hand: next-auth accepts the issuers of many tenants
 * only from one of Microsoft's hosts. With a `token.request` of our own next-auth makes none of its checks: the
 * state is compared here, all others are the domain's.
 */
function microsoft(
  { config, services }: Pick<Runtime, 'config' | 'services'>,
  attempt: SignInAttempt,
  address: string,
): OAuthConfig<Profile> {
  const { cloud, registrations } = config.microsoft;
  const authority = `${cloud.authorityUrl}/organizations`;
  const redirectUri = `${config.appUrl}/api/auth/callback/${PROVIDER_ID}`;

  const redeem = async (returned: unknown, remembered: unknown): Promise<Result<SessionIdentity>> => {
    const { data: ours } = Remembered.safeParse(remembered);
    const { data: theirs } = Returned.safeParse(returned);
    if (!ours || !theirs || !isSameText(ours.state, theirs.state)) return fail({ code: 'state-unknown' });
    // The cookies of one beginning would do for any number of made-up codes.
    const limited = await limit(services, 'sign-in.return', { address });
    if (limited) return limited;
    const { nonce, code_verifier: codeVerifier } = ours;
    return signIn(services, { code: theirs.code, redirectUri, codeVerifier, nonce });
  };

  return {
    id: PROVIDER_ID,
    name: 'Microsoft',
    type: 'oauth',
    clientId: registrations.azure.clientId,
    issuer: `${authority}/v2.0`,
    authorization: {
      url: `${authority}/oauth2/v2.0/authorize`,
      params: { scope: SIGN_IN_SCOPES.join(' '), response_mode: 'query', prompt: 'select_account' },
    },
    checks: ['pkce', 'state', 'nonce'],
    token: {
      async request({ params, checks }) {
        try {
          const signedIn = await redeem(params, checks);
          if (signedIn.ok) attempt.session = signedIn.value;
          else attempt.problem = signedIn.problem;
        } catch (error) {
          attempt.error = error;
        }
        if (!attempt.session) throw new Error(attempt.problem?.code ?? 'unexpected');
        // next-auth gets no token: nothing of Microsoft's is kept in a session.
        return { tokens: {} };
      },
    },
    userinfo: { request: () => ({ sub: attempt.session?.personId }) },
    profile: ({ sub = '' }) => ({ id: sub }),
  };
}

/** Compares in a time that does not tell how much of a guess was right. */
function isSameText(one: string, other: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(one), digest(other));
}

const errorOf = (metadata: Error | { error: Error }): Error =>
  metadata instanceof Error ? metadata : metadata.error;
