import { fail, type Result } from '#lib/core/result.ts';
import type { Ctx } from '#lib/domain/context.ts';
import { type DiscoveredTenant, discoverTenant } from '#lib/microsoft/entra/discover-tenant.ts';

/**
 * The directory behind a domain or tenant ID, for somebody who is still typing: where Microsoft does not answer in
 * time, nobody waits for it. Problems: tenant-unknown, throttled, upstream-unavailable, upstream-shape.
 */
export async function lookUp(
  ctx: Ctx,
  reference: string,
  patienceMs: number,
): Promise<Result<DiscoveredTenant>> {
  const signal = AbortSignal.timeout(patienceMs);
  try {
    return await discoverTenant(ctx.microsoft.entra, reference, signal);
  } catch (error) {
    if (!signal.aborted) throw error;
    return fail({ code: 'upstream-unavailable', reason: 'It did not answer in time.' });
  }
}
