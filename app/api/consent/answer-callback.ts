import { after, type NextRequest } from 'next/server';
import { purposePath, receiptPath } from '#app/(portal)/setup/cloud-tenants/paths.ts';
import { currentMember } from '#lib/auth/member.ts';
import type { Problem } from '#lib/core/problem.ts';
import type { CallbackInput, CallbackOutcome } from '#lib/domain/consent/model.ts';
import type { Ctx } from '#lib/domain/context.ts';
import { limitMember } from '#lib/domain/limits/limit.ts';
import { reportUnexpected } from '#lib/web/unexpected.ts';
import { browserCookieReader, takeBrowserCookie } from './browser-cookie.ts';

const CONNECT_PATH = '/setup/cloud-tenants/connect';

/**
 * Answers a redirect from Microsoft with a redirect of our own, whatever has happened: a person who comes back always
 * lands on a page that says what is next.
 */
export async function answerCallback(
  request: NextRequest,
  handle: (ctx: Ctx, input: CallbackInput) => Promise<CallbackOutcome>,
): Promise<Response> {
  try {
    const ctx = await currentMember();
    if (!ctx) return leadTo(CONNECT_PATH, { problem: 'state-foreign' });
    const limited = await limitMember(ctx, 'flow.return');
    if (limited) return leadTo(CONNECT_PATH, readable(limited.problem));
    const outcome = await handle(ctx, {
      query: request.nextUrl.searchParams,
      browserCookie: await browserCookieReader(),
    });
    return await lead(outcome);
  } catch (error) {
    const requestId = await reportUnexpected(error, request.nextUrl.pathname);
    return leadTo(CONNECT_PATH, { requestId });
  }
}

async function lead(outcome: CallbackOutcome): Promise<Response> {
  switch (outcome.next) {
    case 'microsoft':
      return leadTo(outcome.url);
    case 'nowhere':
      return leadTo(CONNECT_PATH, readable(outcome.problem));
    case 'delegation': {
      const { flowId, tenantId, purpose, isActive, notice } = outcome;
      if (!notice) await takeBrowserCookie(flowId);
      if (isActive) return leadTo(purposePath(tenantId, purpose), { flow: flowId });
      return leadTo(receiptPath(tenantId, flowId), notice && { problem: notice.code });
    }
    case 'flow': {
      const { flowId, notice, afterwards } = outcome;
      if (afterwards) after(afterwards);
      if (!notice) await takeBrowserCookie(flowId);
      return leadTo(`${CONNECT_PATH}/${flowId}`, notice && { problem: notice.code });
    }
  }
}

/** What of a problem the page says that is no flow's. */
const readable = (problem: Problem): Readonly<Record<string, string>> => ({
  problem: problem.code,
  ...(problem.code === 'rate-limited' && { retryAfterSeconds: `${problem.retryAfterSeconds}` }),
});

/** 303: the browser follows by GET. A path is relative to the address that the browser itself has used. */
function leadTo(address: string, query?: Readonly<Record<string, string>>): Response {
  const location = query ? `${address}?${new URLSearchParams(query)}` : address;
  return new Response(null, { status: 303, headers: { location, 'cache-control': 'no-store' } });
}
