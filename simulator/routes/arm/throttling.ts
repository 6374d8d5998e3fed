import { nowOf, type World } from '../../state/world.ts';
import { type ArmContext, armError } from './answers.ts';

/** Token buckets for one principal. @see https://learn.microsoft.com/azure/azure-resource-manager/management/request-limits-and-throttling */
const LIMITS = {
  reads: { capacity: 250, perSecond: 25 },
  writes: { capacity: 200, perSecond: 10 },
  deletes: { capacity: 200, perSecond: 10 },
} as const;

/** Takes one request from the caller's bucket for the subscription or tenant; answers 429 when it is empty. */
export function chargeArm(c: ArmContext, world: World): Response | undefined {
  const { oid, tid } = c.get('claims');
  const url = new URL(c.req.url);
  const subscriptionId = /^\/subscriptions\/([^/]+)/i.exec(url.pathname)?.[1]?.toLowerCase();
  const kind = c.req.method === 'GET' ? 'reads' : c.req.method === 'DELETE' ? 'deletes' : 'writes';
  const { quotaScale } = world.settings;
  const capacity = LIMITS[kind].capacity * quotaScale;
  const perSecond = LIMITS[kind].perSecond * quotaScale;
  const scope = subscriptionId ? 'subscription' : 'tenant';
  const bucket = `arm/${oid}/${subscriptionId ?? tid}/${kind}`;
  const now = nowOf(world);
  const waitMs = world.settings.throttling
    ? world.throttle.take(bucket, 1, capacity, perSecond, now).waitMs
    : 0;
  c.header(`x-ms-ratelimit-remaining-${scope}-${kind}`, String(world.throttle.level(bucket, capacity)));
  if (waitMs === 0) return undefined;
  const seconds = Math.max(1, Math.ceil(waitMs / 1000));
  const request = `${c.req.method} ${url.pathname}${url.search}`;
  world.throttle.refused({
    service: 'arm',
    client: `${oid}/${tid}`,
    request,
    retryAfterMs: seconds * 1000,
    now,
  });
  c.header('Retry-After', String(seconds));
  return armError(
    c,
    429,
    'TooManyRequests',
    `The request is being throttled as the limit has been reached for operation type - ${kind}. For more information, see - https://aka.ms/srpthrottlinglimits`,
  );
}
