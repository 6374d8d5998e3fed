import { Hono } from 'hono';
import { findServicePrincipal } from '../../state/grants.ts';
import { isGuid, newGuid } from '../../state/hash.ts';
import type { TokenReader } from '../../state/tokens.ts';
import { nowOf, type World } from '../../state/world.ts';
import { notImplemented } from '../errors.ts';
import { type GraphEnv, graphError } from './answers.ts';
import { batchRoutes, type Dispatch } from './batch.ts';
import { deltaRoutes } from './delta.ts';
import { groupRoutes } from './groups.ts';
import { tenantReadRoutes } from './tenant-reads.ts';
import { userRoutes } from './users.ts';

/** Microsoft Graph v1.0. Every request needs a token for Graph of an application that the directory still knows. */
export function graphApp(
  world: World,
  tokens: TokenReader,
  unknown: (operation: string) => void,
  dispatch: Dispatch,
): Hono<GraphEnv> {
  const app = new Hono<GraphEnv>();

  app.use('/v1.0/*', async (c, next) => {
    const requestId = newGuid();
    const sent = c.req.header('client-request-id');
    const clientRequestId = sent && isGuid(sent) ? sent : requestId;
    c.set('requestId', requestId);
    c.set('clientRequestId', clientRequestId);
    c.header('request-id', requestId);
    c.header('client-request-id', clientRequestId);
    c.header(
      'x-ms-ags-diagnostic',
      JSON.stringify({ ServerInfo: { DataCenter: 'Simulator', Slice: 'E', Ring: '1' } }),
    );
    c.header('Cache-Control', 'no-cache');
    const header = c.req.header('authorization');
    const token = /^Bearer\s+(\S+)$/i.exec(header ?? '')?.[1];
    const unauthorized = (message: string) => {
      c.header(
        'WWW-Authenticate',
        `Bearer realm="", authorization_uri="${world.origin}/common/oauth2/authorize", client_id="00000003-0000-0000-c000-000000000000"`,
      );
      return graphError(c, 401, 'InvalidAuthenticationToken', message);
    };
    if (!token) return unauthorized('Access token is empty.');
    const claims = await tokens.read(world, token);
    if (!claims)
      return unauthorized(
        'Lifetime validation failed, the token is expired, revoked or not issued by this cloud.',
      );
    if (claims.resource !== 'graph')
      return unauthorized('Access token validation failure. Invalid audience.');
    const tenant = world.tenants.get(claims.tid);
    const principal = findServicePrincipal(world.grants, claims.tid, claims.appid);
    if (!tenant || !principal?.enabled)
      return graphError(
        c,
        401,
        'Authorization_IdentityNotFound',
        'The identity of the calling application could not be established.',
      );
    c.set('claims', claims);
    c.set('tenant', tenant);
    const url = new URL(c.req.url);
    world.throttle.arrived({
      service: 'graph',
      client: `${claims.appid}/${claims.tid}`,
      method: c.req.method,
      path: url.pathname + url.search,
      now: nowOf(world),
    });
    await next();
  });

  batchRoutes(app, dispatch);
  deltaRoutes(app, world);
  userRoutes(app, world);
  groupRoutes(app, world);
  tenantReadRoutes(app, world);
  app.all('/v1.0/*', (c) => notImplemented(c, 'graph', '', unknown));
  app.all('/beta/*', (c) => notImplemented(c, 'graph', 'beta', unknown));
  return app;
}
