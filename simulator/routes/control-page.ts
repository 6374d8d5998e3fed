import { html } from 'hono/html';
import { SCENARIOS } from '../scenarios/catalog.ts';
import type { World } from '../state/world.ts';
import { type Page, page } from './layout.ts';

/** The page with a button for each scenario, and what is going on now. */
export function controlPage(world: World, done: string | undefined): Page {
  const faults = world.faults.list();
  const { violations } = world.throttle;
  return page(
    'Control',
    html`<h1>Make things go wrong</h1>
      ${done ? html`<p role="status">Done: ${done}.</p>` : ''}
      <p>Each button changes the simulated Microsoft cloud at once. Everything is also in the control API (docs/simulator.md).</p>
      <h2>Scenarios</h2>
      ${SCENARIOS.map(
        (scenario) => html`<form class="scenario" method="post" action="/_control/scenarios/${scenario.name}">
          <h3>${scenario.title}</h3>
          <p class="muted">${scenario.explanation}</p>
          <button type="submit" aria-label="Run: ${scenario.title}">Run</button>
        </form>`,
      )}
      <h2>Active faults</h2>
      ${
        faults.length === 0
          ? html`<p>None.</p>`
          : html`<table>
              <thead><tr><th scope="col">Kind</th><th scope="col">Where</th><th scope="col">Seen</th><th scope="col">Hit</th></tr></thead>
              <tbody>
                ${faults.map(
                  (fault) => html`<tr>
                    <th scope="row">${fault.kind}</th>
                    <td>${[fault.service, fault.method, fault.path].filter(Boolean).join(' ') || 'everywhere'}</td>
                    <td>${fault.seen}</td>
                    <td>${fault.hits}${fault.times === undefined ? '' : ` of ${fault.times}`}</td>
                  </tr>`,
                )}
              </tbody>
            </table>`
      }
      <h2>Clients that came back too early</h2>
      <p>${violations.length === 0 ? 'None.' : `${violations.length}, the last one ${violations.at(-1)?.earlyByMs} ms before its time.`}
        <a href="/_control/violations">Report</a></p>
      <h2>Operations that the simulator does not know</h2>
      ${
        world.unknownOperations.length === 0
          ? html`<p>None were asked for.</p>`
          : html`<ul>${world.unknownOperations.map((operation) => html`<li><code>${operation}</code></li>`)}</ul>`
      }`,
    200,
    'wide',
  );
}
