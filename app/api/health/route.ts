import { checkHealth } from '#lib/domain/health/check.ts';
import { publicRoute } from '#lib/web/public-route.ts';

/** Whether the portal, its database and a worker work. For monitors: no sign-in, and nothing that is secret. */
export const GET = publicRoute(async (services) => {
  const health = await checkHealth(services);
  return { status: health.status === 'ok' ? 200 : 503, body: health };
});
