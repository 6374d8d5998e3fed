import { nowOf, type World } from '../../state/world.ts';
import { type GraphContext, graphError } from './answers.ts';

const WINDOW_SECONDS = 10;

/** Resource units for one app in one tenant in ten seconds. @see https://learn.microsoft.com/graph/throttling-limits */
function quotaOf(users: number): number {
  if (users < 50) return 3500;
  return users <= 500 ? 5000 : 8000;
}

/** Takes the request's resource units and says so in the headers; answers 429 when the quota is used up. */
export function charge(c: GraphContext, world: World, units: number): Response | undefined {
  if (!world.settings.throttling) {
    c.header('x-ms-resource-unit', String(units));
    return undefined;
  }
  const { appid } = c.get('claims');
  const tenant = c.get('tenant');
  const now = nowOf(world);
  const quota = quotaOf(tenant.users) * world.settings.quotaScale;
  const { used, waitMs } = world.throttle.take(
    `graph/${appid}/${tenant.id}`,
    units,
    quota,
    quota / WINDOW_SECONDS,
    now,
  );
  if (waitMs > 0) return tooManyRequests(c, world, Math.max(1, Math.ceil(waitMs / 1000)));
  c.header('x-ms-resource-unit', String(units));
  if (used > 0.8) c.header('x-ms-throttle-limit-percentage', used.toFixed(2));
  return undefined;
}

function tooManyRequests(c: GraphContext, world: World, seconds: number): Response {
  const { appid } = c.get('claims');
  const tenant = c.get('tenant');
  const now = nowOf(world);
  const url = new URL(c.req.url);
  world.throttle.refused({
    service: 'graph',
    client: `${appid}/${tenant.id}`,
    request: `${c.req.method} ${url.pathname}${url.search}`,
    retryAfterMs: seconds * 1000,
    now,
  });
  c.header('Retry-After', String(seconds));
  c.header('x-ms-throttle-scope', `Tenant_Application/ReadWrite/${appid}/${tenant.id}`);
  c.header('x-ms-throttle-information', 'ResourceUnitLimitExceeded');
  return graphError(c, 429, 'TooManyRequests', 'Please retry again later.', {
    code: '429',
    message: 'Please retry after',
    status: '429',
  });
}
