import { html } from 'hono/html';
import { type Active, listActive } from '../scenarios/active.ts';
import type { Scenario } from '../scenarios/catalog/scenario.ts';
import { SCENARIO_GROUPS } from '../scenarios/catalog.ts';
import type { World } from '../state/world.ts';
import { type Page, page } from './layout.ts';

/** The page with what is going on now, and a button for each scenario. */
export function controlPage(world: World, done: string | undefined): Page {
  const active = listActive(world);
  return page(
    'Control',
    html`<h1>Make things go wrong</h1>
      <p>
        Each button changes the simulated Microsoft cloud at once, for every tenant. Then see in
        <a href="${world.portalUrl}">the portal</a> what comes of it. Everything is also in the control API (docs/simulator.md).
      </p>
      ${done ? html`<p role="status" class="done">Done: ${done}.</p>` : ''}
      <section aria-labelledby="active">
        <h2 id="active">Active now</h2>
        ${
          active.length === 0
            ? html`<p>Nothing: everything works.</p>`
            : html`<ul class="active">${active.map(activeItem)}</ul>`
        }
        <p><a href="/_control">Look again</a></p>
      </section>
      ${SCENARIO_GROUPS.map(
        ({ title, next, scenarios }) => html`<section>
          <h2>${title}</h2>
          <p>${next}</p>
          <div class="scenarios">${scenarios.map(scenarioCard)}</div>
        </section>`,
      )}
      ${observations(world)}`,
    200,
    'wide',
  );
}

const activeItem = ({ key, title, detail }: Active) =>
  html`<li>
    <div><strong>${title}</strong><br /><span class="muted">${detail}</span></div>
    <form method="post" action="/_control/active/${key}/stop">
      <button type="submit" aria-label="Stop: ${title}. ${detail}">Stop</button>
    </form>
  </li>`;

const scenarioCard = ({ name, title, explanation, next, run }: Scenario) =>
  html`<form class="scenario" method="post" action="/_control/scenarios/${name}">
    <h3>${title}</h3>
    <p>${explanation}</p>
    <p class="muted">${next}</p>
    ${run ? html`<button type="submit" aria-label="Run: ${title}">Run</button>` : ''}
  </form>`;

/** What the simulator has noticed about its clients. */
function observations(world: World) {
  const { violations } = world.throttle;
  const last = violations.at(-1);
  return html`<section>
    <h2>Clients that came back too early</h2>
    <p>
      ${last ? `${violations.length}, the last one ${last.earlyByMs} ms before its time.` : 'None.'}
      <a href="/_control/violations">Report</a>
    </p>
    <h2>Operations that the simulator does not know</h2>
    ${
      world.unknownOperations.length === 0
        ? html`<p>None were asked for.</p>`
        : html`<ul>${world.unknownOperations.map((operation) => html`<li><code>${operation}</code></li>`)}</ul>`
    }
  </section>`;
}
