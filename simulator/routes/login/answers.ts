import type { Context } from 'hono';
import { nowOf, type World } from '../../state/world.ts';
import { describeEntraError, type EntraError } from '../errors.ts';
import type { Page } from '../layout.ts';
import { errorPage, formPostPage } from './pages.ts';
import type { ReturnAddress } from './requests.ts';

/** Sends a page that no cache keeps, no frame shows and no script runs on. */
export function sendPage(c: Context, page: Page): Response | Promise<Response> {
  c.header('Cache-Control', 'no-store, no-cache');
  c.header(
    'Content-Security-Policy',
    "default-src 'none'; style-src 'self'; img-src data:; frame-ancestors 'none'; base-uri 'none'",
  );
  c.header('X-Frame-Options', 'DENY');
  c.header('Referrer-Policy', 'strict-origin-when-cross-origin');
  c.header('x-ms-request-id', crypto.randomUUID());
  return c.html(page.markup, page.status);
}

/** An error that the person reads on Microsoft's page; nothing goes to the application. */
export function showError(c: Context, world: World, problem: EntraError, switchLink?: string) {
  const details = describeEntraError(problem, nowOf(world));
  const message = `AADSTS${problem.code}: ${problem.text}`;
  return sendPage(c, errorPage({ message, details, ...(switchLink ? { switchLink } : {}) }));
}

/** Goes back to the application with these parameters, in the way it asked for. */
export function returnToApp(
  c: Context,
  address: ReturnAddress,
  parameters: Readonly<Record<string, string>>,
) {
  const all = new URLSearchParams(parameters);
  if (address.state !== undefined) all.set('state', address.state);
  if (address.responseMode === 'form_post') return sendPage(c, formPostPage(address.redirectUri, all));
  return c.redirect(locationOf(address, all), 302);
}

/** The address that answers with these parameters, for links and redirects. */
export function locationOf(address: ReturnAddress, parameters: URLSearchParams): string {
  if (address.responseMode === 'fragment') return `${address.redirectUri}#${parameters}`;
  return `${address.redirectUri}${address.redirectUri.includes('?') ? '&' : '?'}${parameters}`;
}

/** The parameters of an error redirect. */
export function errorParameters(world: World, problem: EntraError): Record<string, string> {
  const { description } = describeEntraError(problem, nowOf(world));
  return {
    error: problem.error,
    error_description: description,
    error_uri: `${world.origin}/error?code=${problem.code}`,
    ...(problem.suberror ? { error_subcode: problem.suberror } : {}),
  };
}

/** The address of this request on the simulator itself, for forms and links. */
export const selfAddress = (c: Context): string => {
  const url = new URL(c.req.url);
  return url.pathname + url.search;
};

/** The same request with the list of accounts. */
export const accountChoice = (c: Context): string => {
  const url = new URL(c.req.url);
  url.searchParams.set('prompt', 'select_account');
  return url.pathname + url.search;
};
