import type { NextRequest } from 'next/server';
import type { AuthOptions } from 'next-auth';
import { z } from 'zod';
import { addressGroup } from '#lib/core/client-address.ts';
import type { Problem } from '#lib/core/problem.ts';
import { requestIdOf } from '#lib/core/request-headers.ts';
import { limit } from '#lib/domain/limits/limit.ts';
import { readSignInRefusal } from '#lib/domain/people/sign-in.ts';
import type { Runtime } from '#lib/runtime.ts';
import { callNextAuth } from './next-auth.ts';
import { START_PATH, safeReturnTo } from './return-to.ts';
import { usesSecureCookies } from './session-cookie.ts';
import { failureQuery } from './sign-in-failure.ts';
import { PROVIDER_ID, type SignInAttempt, signInOptions } from './sign-in-options.ts';

type Parts = Pick<Runtime, 'config' | 'services'>;

/**
 * Answers the form of the sign-in page: makes state, nonce and PKCE verifier, keeps them in this browser's cookies,
 * and sends the person to Microsoft. The form of another site only leads back to the sign-in page, and so does one too
 * many from the same address.
 */
export async function startSignIn(parts: Parts, request: NextRequest): Promise<Response> {
  const { appUrl } = parts.config;
  // Browsers name the origin of every form. next-auth's own protection would need a script that fetches a token
  // before the button works, so the token it asks for is made here.
  if (request.headers.get('origin') !== appUrl) return redirectTo(`${appUrl}/signin`);
  // What cannot be read names no page to come back to, and that is all the form is for.
  const form = await request.formData().catch(() => undefined);
  const callbackUrl = safeReturnTo(form?.get('returnTo'));
  const address = addressGroup(request.headers);
  try {
    const limited = await limit(parts.services, 'sign-in.start', { address });
    if (limited) return redirectTo(failureUrl(parts, limited.problem, callbackUrl));
  } catch (error) {
    return redirectTo(failureUrl(parts, unexpected(parts, request, error), callbackUrl));
  }
  const options = signInOptions(parts, {}, address);
  const { csrfToken, cookies } = await createCsrfToken(options);
  return callNextAuth(
    { method: 'POST', path: ['signin', PROVIDER_ID], body: { csrfToken, callbackUrl }, cookies },
    options,
  );
}

/**
 * Answers the browser that comes back from Microsoft: with a session and the page it was on the way to, or with the
 * sign-in page and the reason. What the sign-in left in the browser is used up either way.
 */
export async function finishSignIn(parts: Parts, request: NextRequest): Promise<Response> {
  const query = request.nextUrl.searchParams;
  const refusal = readSignInRefusal(query);
  if (refusal) return failed(parts, request, refusal);

  const attempt: SignInAttempt = {};
  // Nothing else in the address is for next-auth, which would take a page to go on to from there.
  const returned = new URLSearchParams([...query].filter(([name]) => name === 'code' || name === 'state'));
  const answer = await callNextAuth(
    { method: 'GET', path: ['callback', PROVIDER_ID], query: returned, cookies: cookiesOf(request) },
    signInOptions(parts, attempt, addressGroup(request.headers)),
  );
  if (attempt.session) return answer;
  // next-auth refuses by itself a browser that has no cookies of a sign-in, or outdated or altered ones.
  if (!attempt.error) return failed(parts, request, attempt.problem ?? { code: 'state-unknown' });
  return failed(parts, request, unexpected(parts, request, attempt.error));
}

type Failure = Problem | { readonly requestId: string };

/** The details go to the log, and their id to the person. */
function unexpected({ services }: Parts, request: NextRequest, error: unknown): Failure {
  const requestId = requestIdOf(request.headers);
  services.log.error('unexpected failure', { requestId, where: 'sign-in', error });
  return { requestId };
}

/** The sign-in page with the reason, which leads back to `returnTo` afterwards. */
function failureUrl({ config }: Parts, failure: Failure, returnTo: string): string {
  const query = new URLSearchParams({
    ...failureQuery(failure),
    ...(returnTo !== START_PATH && { returnTo }),
  });
  return `${config.appUrl}/signin?${query}`;
}

function failed(parts: Parts, request: NextRequest, failure: Failure): Response {
  const { config } = parts;
  const secure = usesSecureCookies(config);
  return redirectTo(
    failureUrl(parts, failure, returnToOf(request, config.appUrl)),
    request.cookies
      .getAll()
      .filter(({ name }) => /^(__Host-)?next-auth\.(state|nonce|pkce\.code_verifier)$/.test(name))
      .map(({ name }) => `${name}=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax${secure ? '; Secure' : ''}`),
  );
}

/** Where the person was on the way to: next-auth keeps it in a cookie until the sign-in is done. */
function returnToOf(request: NextRequest, appUrl: string): string {
  const cookie = request.cookies.getAll().find(({ name }) => name.endsWith('next-auth.callback-url'));
  return safeReturnTo(cookie?.value.startsWith(appUrl) ? cookie.value.slice(appUrl.length) : undefined);
}

const CsrfAnswer = z.object({ csrfToken: z.string() });

/** The token of next-auth's form and the cookie it is compared with. */
async function createCsrfToken(options: AuthOptions) {
  const answer = await callNextAuth({ method: 'GET', path: ['csrf'], cookies: {} }, options);
  const { csrfToken } = CsrfAnswer.parse(await answer.json());
  const pairs = answer.headers.getSetCookie().map((line) => /^([^=]+)=([^;]*)/.exec(line) ?? []);
  const cookies = pairs.map(([, name = '', value = '']) => [name, decodeURIComponent(value)] as const);
  return { csrfToken, cookies: Object.fromEntries(cookies) };
}

const cookiesOf = (request: NextRequest): Record<string, string> =>
  Object.fromEntries(request.cookies.getAll().map(({ name, value }) => [name, value]));

function redirectTo(location: string, setCookies: readonly string[] = []): Response {
  const headers = new Headers({ location });
  for (const line of setCookies) headers.append('set-cookie', line);
  return new Response(null, { status: 303, headers });
}
