import type { Context, MiddlewareHandler } from 'hono';
import { randomFrom } from '../directory/random-changes.ts';
import { serviceErrorBody, statusOf } from '../routes/errors.ts';
import { directoryOf, findTenant, nowOf, type World } from '../state/world.ts';
import { type FaultRequest, type FaultRule, retryAfterValue, type Service } from './faults.ts';
import { type FaultContext, type FaultEnv, spoil } from './spoil.ts';

const SERVICES: readonly (readonly [RegExp, Service])[] = [
  [/^\/(v1\.0|beta)\//, 'graph'],
  [/^\/v[123]\/enrollments(\/|$)/i, 'ea'],
  [/^\/(subscriptions|providers|tenants)(\/|$)/i, 'arm'],
  [/^\/[^/]+\/(oauth2|v2\.0|adminconsent|discovery|\.well-known)(\/|$)/i, 'login'],
];

/** Which service a path belongs to; undefined for the simulator's own pages. */
export const serviceOf = (path: string): Service | undefined =>
  SERVICES.find(([pattern]) => pattern.test(path))?.[1];

/** Delays, refuses or spoils requests as the active rules say. */
export function faultMiddleware(world: World): MiddlewareHandler<FaultEnv> {
  return async (c, next) => {
    const url = new URL(c.req.url);
    const service = serviceOf(url.pathname);
    if (!service) return next();
    if (world.settings.latencyMs > 0) await pause(world.settings.latencyMs);
    const request = faultRequest(c, world, service, url);
    const rules = world.faults.match(request);
    for (const rule of rules) {
      if (rule.delayMs > 0) await pause(rule.delayMs);
      if (rule.kind === 'empty-page') c.set('emptyPage', true);
      if (rule.kind === 'churn') churn(world, request.tenantId);
      const answer = await replace(c, world, rule, request);
      if (answer) return answer;
    }
    await next();
    for (const rule of rules) await spoil(c, rule, request, world);
  };
}

/** People join, leave and move while somebody reads the directory. */
function churn(world: World, tenantId: string | undefined): void {
  const tenant = world.tenants.get(tenantId ?? '');
  if (!tenant) return;
  const directory = directoryOf(world, tenant);
  // By what has happened so far, so that it is the same again in a test that is repeated.
  const chance = randomFrom(directory.sequence);
  const any = (): number => Math.floor(chance() * directory.rows.baseSize);
  directory.update(directory.rows.id(any()), {
    department: `Moved at ${new Date(nowOf(world)).toISOString()}`,
  });
  directory.remove(directory.rows.id(Math.max(directory.rows.people.length, any())), false);
  directory.create({}, nowOf(world));
}

const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

function faultRequest(c: Context, world: World, service: Service, url: URL): FaultRequest {
  const claims = tokenClaims(c.req.header('authorization'));
  const tenantId = service === 'login' ? findTenant(world, url.pathname.split('/')[1] ?? '')?.id : claims.tid;
  return {
    service,
    tenantId,
    client: `${claims.appid ?? 'unknown'}/${tenantId ?? ''}`,
    method: c.req.method,
    path: readable(url.pathname + url.search),
  };
}

/** Without percent signs, so that a rule can be written as a person reads an address. */
function readable(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Reads a token without checking it: a refused request is refused before anybody looks at its rights. */
function tokenClaims(header: string | undefined): { tid?: string; appid?: string; oid?: string } {
  const payload = header?.split('.')[1];
  if (!payload) return {};
  try {
    return JSON.parse(Buffer.from(payload, 'base64url').toString());
  } catch {
    return {};
  }
}

async function replace(
  c: FaultContext,
  world: World,
  rule: FaultRule,
  request: FaultRequest,
): Promise<Response | undefined> {
  if (rule.kind === 'hang') {
    await new Promise<void>((resolve) => c.env.outgoing.once('close', () => resolve()));
    return new Response(null);
  }
  if (rule.kind !== 'throttle' && rule.kind !== 'error') return undefined;
  const status = rule.kind === 'throttle' ? 429 : rule.status;
  noteRefusal(c, world, rule, request);
  const code =
    rule.code ??
    (request.service === 'ea'
      ? String(status)
      : rule.kind === 'throttle'
        ? 'TooManyRequests'
        : (ERROR_CODES[status] ?? 'UnknownError'));
  const message =
    rule.message ??
    (rule.kind === 'throttle' ? 'Please retry again later.' : 'The service is temporarily unavailable.');
  c.header('request-id', crypto.randomUUID());
  return c.json(
    serviceErrorBody(
      request.service,
      { code, error: rule.error, message },
      { now: nowOf(world), origin: world.origin },
    ),
    statusOf(status),
  );
}

const ERROR_CODES: Readonly<Record<number, string>> = {
  400: 'BadRequest',
  401: 'InvalidAuthenticationToken',
  403: 'Authorization_RequestDenied',
  404: 'Request_ResourceNotFound',
  500: 'InternalServerError',
  502: 'BadGateway',
  503: 'ServiceUnavailable',
  504: 'GatewayTimeout',
};

function noteRefusal(c: Context, world: World, rule: FaultRule, request: FaultRequest): void {
  const now = nowOf(world);
  const value = retryAfterValue(rule.retryAfter, rule.retryAfterSeconds, now);
  if (value === undefined) return;
  c.header('Retry-After', value);
  const claims = tokenClaims(c.req.header('authorization'));
  const url = new URL(c.req.url);
  // A date names a whole second, so what counts is what the header says.
  const retryAfterMs =
    rule.retryAfter === 'date' ? Math.max(0, Date.parse(value) - now) : Number(value) * 1000;
  const client = request.service === 'arm' ? `${claims.oid}/${claims.tid}` : request.client;
  world.throttle.refused({
    service: request.service,
    client,
    request: `${c.req.method} ${url.pathname}${url.search}`,
    retryAfterMs,
    now,
  });
}
