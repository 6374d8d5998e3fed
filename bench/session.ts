/** A cookie as a browser would send it. */
export type SessionCookie = { readonly name: string; readonly value: string };

const SESSION = /\.session$/;
const REDIRECTS_MAX = 5;

/**
 * Signs in at a portal the way a browser does: its sign-in form, the load generator's login service, which lets
 * everybody in, and back. Returns the cookie of the session.
 */
export async function signIn(portalUrl: string): Promise<SessionCookie> {
  const cookies = new Map<string, string>();
  const keep = (response: Response) => {
    for (const line of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      cookies.set(name, value);
    }
  };
  let response = await fetch(`${portalUrl}/api/auth/signin/microsoft`, {
    method: 'POST',
    headers: { origin: portalUrl },
    body: new URLSearchParams({ returnTo: '/users' }),
    redirect: 'manual',
  });
  for (let step = 0; step < REDIRECTS_MAX; step += 1) {
    keep(response);
    const session = [...cookies].find(([name, value]) => SESSION.test(name) && value !== '');
    if (session) return { name: session[0], value: session[1] };
    const location = response.headers.get('location');
    if (!location) break;
    const url = new URL(location, portalUrl);
    const isPortal = url.origin === portalUrl;
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    response = await fetch(url, { redirect: 'manual', headers: isPortal ? { cookie } : {} });
  }
  throw new Error(`The sign-in ended with status ${response.status} at ${response.url}.`);
}
