import type { Hono } from 'hono';
import { deleteCookie } from 'hono/cookie';
import type { World } from '../../state/world.ts';
import { sendPage } from './answers.ts';
import { SSO_COOKIE } from './authorize.ts';
import { signedOutPage } from './pages.ts';

/** The end-session endpoint. It returns to an address only where that is a redirect URI of some registration. */
export function logoutRoutes(app: Hono, world: World): void {
  for (const path of ['/:tenant/oauth2/v2.0/logout', '/:tenant/oauth2/logout']) {
    app.get(path, (c) => {
      deleteCookie(c, SSO_COOKIE, { path: '/' });
      const wanted = c.req.query('post_logout_redirect_uri');
      const registered = [...world.registrations.values()].flatMap(
        (registration) => registration.redirectUris,
      );
      if (wanted && registered.includes(wanted)) {
        const state = c.req.query('state');
        return c.redirect(state === undefined ? wanted : `${wanted}?${new URLSearchParams({ state })}`);
      }
      const sameOrigin = registered.some(
        (uri) => wanted && URL.canParse(wanted) && new URL(uri).origin === new URL(wanted).origin,
      );
      return sendPage(c, signedOutPage(sameOrigin ? wanted : undefined));
    });
  }
}
