import { randomBytes, randomUUID } from 'node:crypto';
import { type NextRequest, NextResponse } from 'next/server';
import { type Config, readConfig } from '#lib/config/env.ts';
import { NONCE_HEADER, PATH_HEADER, REQUEST_ID_HEADER } from '#lib/core/request-headers.ts';
import { isFromOtherSite } from '#lib/web/foreign-origin.ts';
import { securityHeaders } from '#lib/web/security-headers.ts';
import { isUnreadableRequest } from '#lib/web/unreadable-request.ts';

let config: Config | undefined;

const UNREADABLE =
  'This request cannot be read, so nothing was done. Open the page again and try once more.\n';
const OTHER_SITE =
  'This form was sent from another site, so nothing was done. Open the portal at its own address and try again there.\n';

/**
 * Runs before every request: refuses the forms of other sites and requests that cannot be read, gives the answer its
 * security headers and tells the pages what they cannot see themselves. It decides nothing about who may do what; the
 * domain does.
 */
export async function proxy(request: NextRequest): Promise<NextResponse> {
  config ??= readConfig();
  const nonce = randomBytes(16).toString('base64');
  const requestId = randomUUID();
  const answerHeaders = securityHeaders({
    nonce,
    appUrl: config.appUrl,
    authorityUrl: config.microsoft.cloud.authorityUrl,
    isDevelopment: process.env.NODE_ENV === 'development',
  });

  const headers = new Headers(request.headers);
  headers.set(PATH_HEADER, `${request.nextUrl.pathname}${request.nextUrl.search}`);
  headers.set(REQUEST_ID_HEADER, requestId);
  headers.set(NONCE_HEADER, nonce);
  // Next reads the nonce for its own scripts from here.
  headers.set('content-security-policy', answerHeaders['content-security-policy'] ?? '');

  const response = (await refusal(request, config)) ?? NextResponse.next({ request: { headers } });
  for (const [name, value] of Object.entries(answerHeaders)) response.headers.set(name, value);
  response.headers.set(REQUEST_ID_HEADER, requestId);
  // Files under this path are named by their content and public; anything else may be about a member.
  if (!request.nextUrl.pathname.startsWith('/_next/static/'))
    response.headers.set('cache-control', 'no-store');
  return response;
}

async function refusal(request: NextRequest, { appUrl }: Config): Promise<NextResponse | undefined> {
  if (isFromOtherSite(request, request.nextUrl.pathname, appUrl)) return plainText(OTHER_SITE, 403);
  return (await isUnreadableRequest(request)) ? plainText(UNREADABLE, 400) : undefined;
}

const plainText = (words: string, status: number): NextResponse =>
  new NextResponse(words, { status, headers: { 'content-type': 'text/plain; charset=utf-8' } });
