import { describeProblem } from '#lib/core/problem-text.ts';
import { ResolveTenant, resolveTenant } from '#lib/domain/tenants/resolve.ts';
import { suggestTenants } from '#lib/domain/tenants/suggest.ts';
import { jsonResponse, problemResponse } from '#lib/web/responses.ts';
import { route } from '#lib/web/route.ts';

/**
 * What is known about a tenant, while somebody types its domain: `{ tenant, refusals }`, the
 * latter in words by kind of account; or `{ title, detail, suggestions }`
 * where there is none; or `{ title, detail }` where Microsoft could not be asked. Those are answers like any other and
 * no failed requests, which browsers write to the console.
 */
export const GET = route(ResolveTenant, async (ctx, input) => {
  const resolved = await resolveTenant(ctx, input);
  if (resolved.ok) {
    const refusals = Object.entries(resolved.value.refused).map(([kind, why]) => [
      kind,
      describeProblem(why),
    ]);
    return jsonResponse({ tenant: resolved.value, refusals: Object.fromEntries(refusals) });
  }
  const { problem } = resolved;
  if (problem.code === 'forbidden' || problem.code === 'rate-limited') return problemResponse(problem);
  const { title, action } = describeProblem(problem);
  if (problem.code !== 'tenant-unknown') {
    const detail = `${title} You can go on: it is looked up again when you add the account.`;
    return jsonResponse({ title: 'The tenant could not be looked up.', detail });
  }
  const suggested = await suggestTenants(ctx, input);
  return jsonResponse({ title, detail: action, suggestions: suggested.ok ? suggested.value : [] });
});
