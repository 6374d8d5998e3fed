import { join } from 'node:path';
import { serve } from '@hono/node-server';
import { createApp } from './app.ts';
import { cloudByName } from './state/clouds.ts';
import { persist } from './state/persistence.ts';
import { createWorld } from './state/world.ts';

const DEFAULT_PORT = 4010;

/** The simulator reads its own few variables: it knows nothing of the portal's configuration. */
const env = (name: string): string | undefined => process.env[name]?.trim() || undefined;

function start(): void {
  const port = Number(env('SIMULATOR_PORT') ?? DEFAULT_PORT);
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    throw new Error('SIMULATOR_PORT must be a port number, 0 for any free one.');
  const portalUrl = env('PORTAL_URL') ?? env('APP_URL') ?? `http://localhost:${env('PORT') ?? 3000}`;
  const world = createWorld({ portalUrl, cloud: cloudByName(env('MICROSOFT_CLOUD') ?? 'global') });
  const dataDir = env('DATA_DIR');
  const statePath = env('SIMULATOR_STATE') ?? (dataDir && join(dataDir, 'simulator.json'));
  const save = statePath ? persist(world, statePath) : undefined;
  const app = createApp(world);

  const server = serve(
    { fetch: app.fetch, port, hostname: env('SIMULATOR_HOST') ?? 'localhost' },
    (address) => {
      world.origin = env('SIMULATOR_URL')?.replace(/\/+$/, '') ?? `http://localhost:${address.port}`;
      console.log(`Simulator ready at ${world.origin}`);
    },
  );
  server.on('error', (error: NodeJS.ErrnoException) => {
    const hint =
      error.code === 'EADDRINUSE'
        ? `Port ${port} is in use: set SIMULATOR_PORT to another one.`
        : error.message;
    console.error(`The simulator cannot listen. ${hint}`);
    process.exit(1);
  });

  const stop = () => {
    save?.();
    server.close(() => process.exit(0));
    // Open keep-alive connections would hold the process; nothing in flight is worth waiting for.
    if ('closeAllConnections' in server) server.closeAllConnections();
  };
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
  // A test that dies cannot stop its simulator: the end of the pipe does.
  if (env('SIMULATOR_STOP_WITH_STDIN') === '1') process.stdin.on('end', stop).resume();
}

start();
