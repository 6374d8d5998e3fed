import { describeProblem } from '#lib/core/problem-text.ts';
import { ResolveTenant, resolveTenant } from '#lib/domain/tenants/resolve.ts';
import { jsonResponse, problemResponse } from '#lib/web/responses.ts';
import { route } from '#lib/web/route.ts';

/**
 * What is known about a tenant, while somebody types its domain: `{ tenant }`, or `{ title, detail }` where there is
 * none. That is an answer like any other and no failed request, which browsers write to the console.
 */
export const GET = route(ResolveTenant, async (ctx, input) => {
  const resolved = await resolveTenant(ctx, input);
  if (resolved.ok) return jsonResponse({ tenant: resolved.value });
  if (resolved.problem.code !== 'tenant-unknown') return problemResponse(resolved.problem);
  const { title, action } = describeProblem(resolved.problem);
  return jsonResponse({ title, detail: action });
});
