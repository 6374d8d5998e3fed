import type { HttpBindings } from '@hono/node-server';
import { Hono } from 'hono';
import { controlRoutes } from './control.ts';
import { armApp } from './routes/arm/arm.ts';
import { eaApp } from './routes/ea/ea.ts';
import { keyPageRoutes } from './routes/ea/key-page.ts';
import { notImplemented } from './routes/errors.ts';
import type { Dispatch } from './routes/graph/batch.ts';
import { graphApp } from './routes/graph/graph.ts';
import { homeRoutes } from './routes/home.ts';
import { adminConsentRoutes } from './routes/login/admin-consent.ts';
import { authorizeRoutes } from './routes/login/authorize.ts';
import { discoveryRoutes } from './routes/login/discovery.ts';
import { logoutRoutes } from './routes/login/logout.ts';
import { tokenRoutes } from './routes/login/token.ts';
import { faultMiddleware, serviceOf } from './scenarios/middleware.ts';
import { TokenReader } from './state/tokens.ts';
import type { World } from './state/world.ts';

const UNKNOWN_KEPT = 200;

/** All of the simulated Microsoft on one origin: login, Graph, Resource Manager, the EA reporting API, and the control pages. */
export function createApp(world: World): Hono<{ Bindings: HttpBindings }> {
  const app = new Hono<{ Bindings: HttpBindings }>();
  const tokens = new TokenReader();
  const unknown = (operation: string) => {
    console.error(`Simulator: not implemented: ${operation}`);
    if (world.unknownOperations.length < UNKNOWN_KEPT) world.unknownOperations.push(operation);
  };

  app.use('*', faultMiddleware(world));
  homeRoutes(app, world);
  keyPageRoutes(app, world);
  controlRoutes(app, world);
  const dispatch: Dispatch = (request, env) => app.fetch(request, env as HttpBindings);
  app.route('/', graphApp(world, tokens, unknown, dispatch));
  app.route('/', armApp(world, tokens, unknown));
  app.route('/', eaApp(world, unknown));

  const login = new Hono();
  discoveryRoutes(login, world);
  authorizeRoutes(login, world);
  adminConsentRoutes(login, world);
  tokenRoutes(login, world);
  logoutRoutes(login, world);
  app.route('/', login);

  app.notFound((c) => {
    const service = serviceOf(new URL(c.req.url).pathname);
    if (service) return notImplemented(c, service, '', unknown);
    return c.text('Not found: the simulator has no such page. See / for what there is.', 404);
  });
  app.onError((error, c) => {
    console.error(`Simulator: ${c.req.method} ${c.req.path} failed`, error);
    return c.json({ error: { code: 'SimulatorError', message: String(error) } }, 500);
  });
  return app;
}
