import type { HttpBindings } from '@hono/node-server';
import type { Hono } from 'hono';
import { html } from 'hono/html';
import type { World } from '../state/world.ts';
import { page, STYLE } from './layout.ts';
import { sendPage } from './login/answers.ts';

/** The page that says what this is, and the style sheet of all pages. */
export function homeRoutes(app: Hono<{ Bindings: HttpBindings }>, world: World): void {
  app.get('/_simulator/style.css', (c) => {
    c.header('Content-Type', 'text/css; charset=utf-8');
    c.header('Cache-Control', 'no-cache');
    return c.body(STYLE);
  });
  app.get('/favicon.ico', (c) => c.body(null, 204));

  app.get('/', (c) =>
    sendPage(
      c,
      page(
        'What is this?',
        html`<h1>A Microsoft cloud in a box</h1>
          <p>
            This server plays Microsoft Entra ID (sign-in and consent), Microsoft Graph, Azure Resource Manager and the EA reporting API for
            <a href="${world.portalUrl}">the portal at ${world.portalUrl}</a>. It speaks the same protocols as the real services,
            on one origin, with invented people and directories. Nothing here leaves this computer.
          </p>
          <p><a href="/ea/api-access-keys">Manage API access keys</a>: keys of an Enterprise Agreement, as an Enterprise Administrator gets them.</p>
          <p><a href="/_control">Control page</a>: make things go wrong, on purpose.</p>
          <h2>Directories</h2>
          <table>
            <thead><tr><th scope="col">Name</th><th scope="col">Tenant ID</th><th scope="col">Domains</th><th scope="col">Users</th></tr></thead>
            <tbody>
              ${[...world.tenants.values()].map(
                (tenant) => html`<tr>
                  <th scope="row">${tenant.displayName}</th>
                  <td><a href="/${tenant.id}/v2.0/.well-known/openid-configuration"><code>${tenant.id}</code></a></td>
                  <td>${tenant.domains.join(', ')}</td>
                  <td>${tenant.users.toLocaleString('en-US')}</td>
                </tr>`,
              )}
            </tbody>
          </table>
          <h2>People</h2>
          <table>
            <thead><tr><th scope="col">Name</th><th scope="col">Account</th><th scope="col">Who it is</th></tr></thead>
            <tbody>
              ${[...world.personas.values()].map(
                (persona) =>
                  html`<tr><th scope="row">${persona.displayName}</th><td>${persona.mail}</td><td>${persona.role}</td></tr>`,
              )}
            </tbody>
          </table>
          <h2>App registrations</h2>
          <table>
            <thead><tr><th scope="col">Name</th><th scope="col">Client ID</th><th scope="col">Asks for</th></tr></thead>
            <tbody>
              ${[...world.registrations.values()].map(
                (registration) => html`<tr>
                  <th scope="row">${registration.displayName}</th>
                  <td><code>${registration.clientId}</code></td>
                  <td>${registration.required.map((permission) => permission.value).join(', ')}</td>
                </tr>`,
              )}
            </tbody>
          </table>`,
        200,
        'wide',
      ),
    ),
  );
}
