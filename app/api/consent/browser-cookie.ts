import { cookies } from 'next/headers';
import type { FlowId } from '#lib/core/ids.ts';
import { BROWSER_COOKIE_SECONDS, browserCookieName, type StartedFlow } from '#lib/domain/consent/model.ts';
import type { Ctx } from '#lib/domain/context.ts';

/** Only the callbacks are told. */
const PATH = '/api/consent';

/** Ties a flow to this browser: what comes back from Microsoft counts only together with this cookie. */
export async function giveBrowserCookie(
  ctx: Pick<Ctx, 'appUrl'>,
  { flowId, browserCookie }: StartedFlow,
): Promise<void> {
  (await cookies()).set(browserCookieName(flowId), browserCookie, {
    httpOnly: true,
    // `strict` would keep it back when the browser comes from Microsoft.
    sameSite: 'lax',
    secure: ctx.appUrl.startsWith('https:'),
    path: PATH,
    maxAge: BROWSER_COOKIE_SECONDS,
  });
}

/** Reads the cookies that flows have left in this browser. */
export async function browserCookieReader(): Promise<(flowId: FlowId) => string | undefined> {
  const jar = await cookies();
  return (flowId) => jar.get(browserCookieName(flowId))?.value;
}

/** The flow has come back for the last time. */
export async function takeBrowserCookie(flowId: FlowId): Promise<void> {
  (await cookies()).delete({ name: browserCookieName(flowId), path: PATH });
}
