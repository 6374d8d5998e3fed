import { CookieJar } from '#lib/auth/testing.ts';
import { signInAs } from '../../simulator/testing.ts';
import { type Answer, send } from './http.ts';

/**
 * Signs in as the screens do, with plain requests: the form of the sign-in page, Microsoft's pages, and back. The jar
 * is the browser's, and holds the session afterwards. Returns the portal's answer to the return.
 */
export async function signIn(portalUrl: string, mail: string, jar = new CookieJar()): Promise<Answer> {
  const started = await send(portalUrl, {
    method: 'POST',
    path: '/api/auth/signin/microsoft',
    headers: { origin: portalUrl, 'content-type': 'application/x-www-form-urlencoded' },
    body: 'returnTo=',
    as: jar,
  });
  keep(jar, started);
  const { location, page } = await signInAs(started.headers.location ?? '', mail);
  if (!location) throw new Error(`${mail} did not come back from Microsoft: ${page}`);
  const finished = await send(portalUrl, { path: `${location.pathname}${location.search}`, as: jar });
  keep(jar, finished);
  return finished;
}

/** The session's cookie in the jar, as it is sent. */
export const sessionOf = (jar: CookieJar): string | undefined =>
  jar.header.split('; ').find((pair) => /\.session=/.test(pair));

/** Takes over what an answer sets. */
export function keep(jar: CookieJar, { setCookies }: Answer): void {
  const headers = new Headers();
  for (const line of setCookies) headers.append('set-cookie', line);
  jar.keep(new Response(null, { headers }));
}
