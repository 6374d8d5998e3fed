import type { HttpBindings } from '@hono/node-server';
import type { Context, Hono } from 'hono';
import type { z } from 'zod';
import { azureControl } from './control/azure.ts';
import { billingControl } from './control/billing.ts';
import { directoryControl } from './control/directories.ts';
import { eaControl } from './control/ea.ts';
import { entraControl } from './control/entra.ts';
import { obstacleControl } from './control/obstacles.ts';
import { Clock, Expire, Fault, SettingsChange } from './control/schemas.ts';
import { controlPage } from './routes/control-page.ts';
import { sendPage } from './routes/login/answers.ts';
import { listActive, stopActive } from './scenarios/active.ts';
import { runScenario } from './scenarios/catalog.ts';
import { createSigningKey } from './state/keys.ts';
import { nowOf, resetWorld, type World } from './state/world.ts';

export type ControlApp = Hono<{ Bindings: HttpBindings }>;

/** Reads a JSON body by a schema; answers 400 with what is wrong. */
export async function readBody<T extends z.ZodType>(
  c: Context,
  schema: T,
): Promise<{ ok: true; value: z.output<T> } | { ok: false; answer: Response }> {
  const text = await c.req.text();
  let body: unknown;
  try {
    body = text === '' ? {} : JSON.parse(text);
  } catch {
    return { ok: false, answer: c.json({ error: 'The body is not JSON.' }, 400) };
  }
  const parsed = schema.safeParse(body);
  if (parsed.success) return { ok: true, value: parsed.data };
  const issues = parsed.error.issues.map((issue) => `${issue.path.join('.') || 'body'}: ${issue.message}`);
  return { ok: false, answer: c.json({ error: issues.join('; ') }, 400) };
}

/** The control API under `/_control` and its page (docs/simulator.md). */
export function controlRoutes(app: ControlApp, world: World): void {
  app.get('/_control', (c) => sendPage(c, controlPage(world, c.req.query('done'))));
  app.post('/_control/scenarios/:name', (c) => {
    const done = runScenario(world, c.req.param('name'));
    if (!done) return c.json({ error: 'There is no such scenario.' }, 404);
    if (c.req.header('accept')?.includes('text/html'))
      return c.redirect(`/_control?done=${encodeURIComponent(done)}`, 303);
    return c.json({ done });
  });

  app.post('/_control/active/:key/stop', (c) => {
    const stopped = stopActive(world, c.req.param('key'));
    if (!stopped) return c.json({ error: 'That is not active.' }, 404);
    if (c.req.header('accept')?.includes('text/html'))
      return c.redirect(`/_control?done=${encodeURIComponent(`${stopped}: stopped`)}`, 303);
    return c.json({ stopped });
  });

  app.get('/_control/state', (c) => c.json(describeState(world)));
  app.post('/_control/reset', (c) => {
    resetWorld(world);
    return c.json({});
  });
  app.post('/_control/settings', async (c) => {
    const body = await readBody(c, SettingsChange);
    if (!body.ok) return body.answer;
    world.settings = { ...world.settings, ...body.value };
    return c.json(world.settings);
  });
  app.post('/_control/clock', async (c) => {
    const body = await readBody(c, Clock);
    if (!body.ok) return body.answer;
    world.clockOffsetMs += body.value.advanceMs;
    return c.json({ now: new Date(nowOf(world)).toISOString() });
  });
  app.post('/_control/expire', async (c) => {
    const body = await readBody(c, Expire);
    if (!body.ok) return body.answer;
    expire(world, body.value);
    return c.json({});
  });
  app.post('/_control/keys/rotate', (c) => {
    world.keys = [createSigningKey(), ...world.keys.slice(0, 1)];
    world.changed();
    return c.json({ keys: world.keys.map((key) => key.kid) });
  });

  app.get('/_control/faults', (c) => c.json({ faults: world.faults.list() }));
  app.post('/_control/faults', async (c) => {
    const body = await readBody(c, Fault);
    if (!body.ok) return body.answer;
    return c.json(world.faults.add(body.value), 201);
  });
  app.delete('/_control/faults', (c) => {
    world.faults.clear();
    return c.body(null, 204);
  });
  app.delete('/_control/faults/:id', (c) =>
    world.faults.remove(c.req.param('id'))
      ? c.body(null, 204)
      : c.json({ error: 'There is no such fault.' }, 404),
  );

  app.get('/_control/violations', (c) => c.json({ violations: world.throttle.violations }));
  app.delete('/_control/violations', (c) => {
    world.throttle.forget();
    return c.body(null, 204);
  });
  app.get('/_control/issued', (c) => {
    const { tenantId, clientId } = c.req.query();
    return c.json({ issued: world.issued.list({ tenantId, clientId }) });
  });
  app.get('/_control/unknown', (c) => c.json({ operations: world.unknownOperations }));

  entraControl(app, world);
  directoryControl(app, world);
  azureControl(app, world);
  obstacleControl(app, world);
  eaControl(app, world);
  billingControl(app, world);
}

function expire(world: World, what: z.output<typeof Expire>): void {
  if (what.tokens) world.tokensValidFrom = Math.ceil(nowOf(world) / 1000) + 1;
  for (const [tenantId, directory] of world.directories) {
    if (what.tenantId !== undefined && what.tenantId !== tenantId) continue;
    if (what.pageLinks) directory.pageEpoch += 1;
    if (what.deltaLinks) directory.deltaEpoch += 1;
  }
}

function describeState(world: World) {
  return {
    origin: world.origin,
    now: new Date(nowOf(world)).toISOString(),
    settings: world.settings,
    tenants: [...world.tenants.values()],
    personas: [...world.personas.values()],
    memberships: world.memberships,
    registrations: [...world.registrations.values()].map(({ secrets, ...registration }) => ({
      ...registration,
      secrets: secrets.length,
    })),
    servicePrincipals: [...world.grants.values()],
    subscriptions: [...world.azure.subscriptions.values()],
    roleAssignments: [...world.azure.roleAssignments.values()],
    ...world.azure.obstacles,
    billingAccounts: [...world.billing.accounts.values()],
    billingRoleAssignments: [...world.billing.roleAssignments.values()],
    signInPolicies: world.signInPolicies,
    faults: world.faults.list(),
    active: listActive(world).map(({ key, title, detail }) => ({ key, title, detail })),
    violations: world.throttle.violations.length,
    unknownOperations: world.unknownOperations,
  };
}
