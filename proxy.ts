import { type NextRequest, NextResponse } from 'next/server';
import { type Config, readConfig } from '#lib/config/env.ts';
import { isFromOtherSite } from '#lib/web/foreign-origin.ts';
import { prepare } from '#lib/web/preparation.ts';
import { isUnreadableRequest } from '#lib/web/unreadable-request.ts';

let ownConfig: Config | undefined;

const UNREADABLE =
  'This request cannot be read, so nothing was done. Open the page again and try once more.\n';
const OTHER_SITE =
  'This form was sent from another site, so nothing was done. Open the portal at its own address and try again there.\n';

/**
 * Runs before every request that was not prepared when it came (lib/web/prepare-reads.ts): refuses the forms of other
 * sites and requests that cannot be read, gives the answer its security headers and tells the pages what they cannot
 * see themselves. It decides nothing about who may do what; the domain does.
 */
export async function proxy(request: NextRequest): Promise<NextResponse> {
  ownConfig ??= readConfig();
  const { requestHeaders, answerHeaders } = prepare(
    request.nextUrl.pathname,
    request.nextUrl.search,
    ownConfig,
  );
  const headers = new Headers(request.headers);
  for (const [name, value] of Object.entries(requestHeaders)) headers.set(name, value);
  const response = (await refusal(request, ownConfig)) ?? NextResponse.next({ request: { headers } });
  for (const [name, value] of Object.entries(answerHeaders)) response.headers.set(name, value);
  return response;
}

/** Next reads this from the text: the header's name is PREPARED_HEADER. */
export const config = {
  matcher: [{ source: '/:path*', missing: [{ type: 'header', key: 'x-portal-prepared' }] }],
};

async function refusal(request: NextRequest, { appUrl }: Config): Promise<NextResponse | undefined> {
  if (isFromOtherSite(request, request.nextUrl.pathname, appUrl)) return plainText(OTHER_SITE, 403);
  return (await isUnreadableRequest(request)) ? plainText(UNREADABLE, 400) : undefined;
}

const plainText = (words: string, status: number): NextResponse =>
  new NextResponse(words, { status, headers: { 'content-type': 'text/plain; charset=utf-8' } });
