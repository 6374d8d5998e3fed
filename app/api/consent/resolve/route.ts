import { ResolveTenant, resolveTenant } from '#lib/domain/tenants/resolve.ts';
import { jsonResponse, problemResponse } from '#lib/web/responses.ts';
import { route } from '#lib/web/route.ts';

/** What is known about a tenant, while somebody types its domain. */
export const GET = route(ResolveTenant, async (ctx, input) => {
  const resolved = await resolveTenant(ctx, input);
  return resolved.ok ? jsonResponse(resolved.value) : problemResponse(resolved.problem);
});
