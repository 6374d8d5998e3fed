import { html } from 'hono/html';
import type { ControlApp } from '../../control.ts';
import { type EaKey, type EaKeyWish, issueEaKey } from '../../state/ea-keys.ts';
import { nowOf, type World } from '../../state/world.ts';
import { type Page, page } from '../layout.ts';
import { sendPage } from '../login/answers.ts';

const PATH = '/ea/api-access-keys';
const DAY_MS = 86_400_000;
/** The enrollments that the page offers; any other number is one, too. */
const ENROLLMENTS = ['8608480', '5021377'] as const;

type Kind = {
  readonly label: string;
  readonly wish?: Omit<EaKeyWish, 'enrollmentNumber'>;
  /** What a person ends up with after an accident. */
  readonly spoil?: (key: EaKey) => string;
};

/** Keys for trying out what the portal says of each. The odd ones are secondary, so that they end no valid one. */
const KINDS: Readonly<Record<string, Kind>> = {
  valid: { label: 'a valid key, for six months' },
  ending: { label: 'a key that expires in ten days', wish: { livesMs: 10 * DAY_MS } },
  expired: { label: 'a key that expired yesterday', wish: { livesMs: -DAY_MS } },
  silent: { label: 'a valid key that says nothing about itself', wish: { claims: false } },
  truncated: {
    label: 'a key whose end got lost in copying',
    spoil: ({ text }) => text.slice(0, -40),
  },
  revoked: {
    label: 'a key that was revoked',
    spoil: (key) => {
      key.revoked = true;
      return key.text;
    },
  },
};

/**
 * The page on which an Enterprise Administrator generates API access keys, which in the Azure portal is under Cost
 * Management + Billing, Usage + charges, Manage API access keys.
 */
export function keyPageRoutes(app: ControlApp, world: World): void {
  app.get(PATH, (c) => sendPage(c, keyPage(world)));
  app.post(PATH, async (c) => {
    const form = await c.req.parseBody();
    const kind = KINDS[String(form.kind)];
    const enrollmentNumber = String(form.enrollment ?? '').trim();
    if (!kind || !/^\d{5,10}$/.test(enrollmentNumber))
      return sendPage(c, keyPage(world, { complaint: 'An enrollment number has 5 to 10 digits.' }));
    const slot = form.kind === 'valid' ? 'primary' : 'secondary';
    const key = issueEaKey(world, { enrollmentNumber, slot, ...kind.wish });
    const shown = kind.spoil?.(key) ?? key.text;
    world.changed();
    return sendPage(c, keyPage(world, { shown, label: kind.label, enrollmentNumber }));
  });
  app.post(`${PATH}/:id/revoke`, (c) => {
    const key = world.eaKeys.find(({ id }) => id === c.req.param('id'));
    if (key) key.revoked = true;
    world.changed();
    return c.redirect(PATH, 303);
  });
}

type Outcome = {
  readonly complaint?: string;
  readonly shown?: string;
  readonly label?: string;
  readonly enrollmentNumber?: string;
};

function keyPage(world: World, outcome: Outcome = {}): Page {
  const { complaint, shown, label, enrollmentNumber = ENROLLMENTS[0] } = outcome;
  return page(
    'API access keys',
    html`<h1>Manage API access keys</h1>
      <p>
        In the Azure portal this page is under Cost Management + Billing, the billing scope of an enrollment, Usage + charges.
        Microsoft retired these keys on 1 May 2024; here they still work.
      </p>
      ${complaint ? html`<p role="alert" class="done">${complaint}</p>` : ''}
      ${
        shown
          ? html`<section aria-labelledby="new">
              <h2 id="new">New key of enrollment ${enrollmentNumber}</h2>
              <p>You have ${label}. It is shown this once: copy all of it.</p>
              <textarea aria-label="API access key" rows="8" readonly>${shown}</textarea>
            </section>`
          : ''
      }
      <h2>Generate a key</h2>
      <form method="post" action="${PATH}" class="generate">
        <p><label>Enrollment <input name="enrollment" value="${enrollmentNumber}" list="enrollments" inputmode="numeric" autocomplete="off" /></label></p>
        <datalist id="enrollments">${ENROLLMENTS.map((number) => html`<option value="${number}"></option>`)}</datalist>
        <p><label>I want <select name="kind">
          ${Object.entries(KINDS).map(([name, { label: words }]) => html`<option value="${name}">${words}</option>`)}
        </select></label></p>
        <div class="buttons"><button type="submit" class="primary">Generate</button></div>
      </form>
      <h2>Issued keys</h2>
      ${world.eaKeys.length === 0 ? html`<p>None yet.</p>` : issuedKeys(world)}
      <p><a href="/_control">Control page</a>: retire the service, or make it unreachable.</p>`,
    200,
    'wide',
  );
}

function issuedKeys(world: World) {
  return html`<table>
    <thead><tr><th scope="col">Enrollment</th><th scope="col">Key</th><th scope="col">Expires</th><th scope="col">State</th></tr></thead>
    <tbody>
      ${world.eaKeys.toReversed().map(
        (key) => html`<tr>
          <th scope="row">${key.enrollmentNumber}</th>
          <td><code>…${key.text.slice(-4)}</code></td>
          <td>${new Date(key.expiresAt).toISOString().slice(0, 10)}</td>
          <td>${stateOf(world, key)}</td>
        </tr>`,
      )}
    </tbody>
  </table>`;
}

function stateOf(world: World, key: EaKey) {
  if (key.revoked) return 'Revoked or replaced';
  if (nowOf(world) >= key.expiresAt) return 'Expired';
  return html`<form method="post" action="${PATH}/${key.id}/revoke" class="buttons">
    <button type="submit" aria-label="Revoke the key ending in ${key.text.slice(-4)}">Revoke</button>
  </form>`;
}
