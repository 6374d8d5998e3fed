import { html } from 'hono/html';
import type { Registration } from '../../state/registrations.ts';
import type { Persona } from '../../state/tenants.ts';
import { type Page, page } from '../layout.ts';

/** What the pages show of the application that asks. */
export type AppView = { readonly name: string; readonly publisher: string; readonly verified: boolean };

/** How the pages name a registration. */
export const appView = (registration: Registration): AppView => ({
  name: registration.displayName,
  publisher: registration.publisher,
  verified: registration.publisherVerified,
});

export type PermissionView = {
  readonly title: string;
  readonly detail: string;
  readonly value: string;
  readonly application: boolean;
};

/** Where the forms of a sign-in go: the address of the request itself, with what was asked for in its query. */
export type FormTarget = { readonly action: string; readonly cancel: string | undefined };

/** The list of people to sign in as; each is a button whose name begins with the display name. */
export function accountPage(input: {
  readonly personas: readonly Persona[];
  readonly app: AppView;
  readonly target: FormTarget;
  readonly tenantName: string | undefined;
  readonly loginHint: string | undefined;
}): Page {
  const { personas, app, target, tenantName, loginHint } = input;
  const ordered = [...personas].sort((a, b) => Number(b.mail === loginHint) - Number(a.mail === loginHint));
  return page(
    'Pick an account',
    html`<h1>Pick an account</h1>
      <p>to continue to <strong>${app.name}</strong>${tenantName ? html` in <strong>${tenantName}</strong>` : ''}</p>
      <form method="post" action="${target.action}">
        <ul class="accounts">
          ${ordered.map(
            (persona) => html`<li>
              <button class="account" type="submit" name="account" value="${persona.mail}">
                <span class="avatar" aria-hidden="true">${initials(persona.displayName)}</span>
                <span class="who"
                  ><span class="name">${persona.displayName}</span> <span class="mail">${persona.mail}</span>
                  <span class="role">${persona.role}</span></span
                >
              </button>
            </li>`,
          )}
        </ul>
      </form>
      ${target.cancel ? html`<p><a href="${target.cancel}">Back to the application without signing in</a></p>` : ''}`,
  );
}

const initials = (name: string) =>
  name
    .split(' ')
    .map((word) => [...word][0] ?? '')
    .slice(0, 2)
    .join('');

/** The consent page: who asks, for whom, and each permission in Microsoft's words. */
export function consentPage(input: {
  readonly persona: Persona;
  readonly app: AppView;
  readonly permissions: readonly PermissionView[];
  readonly action: string;
  /** The organization on whose behalf an administrator consents; undefined when a person consents for themselves. */
  readonly organization: string | undefined;
  readonly mayConsentForOrganization: boolean;
}): Page {
  const { persona, app, permissions, action, organization } = input;
  return page(
    'Permissions requested',
    html`<p class="signed-in">${persona.mail}</p>
      <h1>Permissions requested</h1>
      ${organization ? html`<p class="sub">Review for your organization: <strong>${organization}</strong></p>` : ''}
      <p class="app">
        <strong>${app.name}</strong><br />
        ${app.publisher} ${app.verified ? html`<span class="verified">Verified publisher</span>` : html`<span class="unverified">unverified</span>`}
      </p>
      <p>This app would like to:</p>
      <ul class="permissions">
        ${permissions.map(
          (permission) => html`<li>
            <details>
              <summary>${permission.title}</summary>
              <p>${permission.detail}</p>
              <p><code>${permission.value}</code> (${permission.application ? 'application permission' : 'delegated permission'})</p>
            </details>
          </li>`,
        )}
      </ul>
      ${
        organization
          ? html`<p>
              If you accept, this app will get access to the specified resources for all users in your organization. No one
              else will be prompted to review these permissions.
            </p>`
          : ''
      }
      <p>
        Accepting these permissions means that you allow this app to use your data as specified in their terms of service
        and privacy statement. You can change these permissions at https://myapps.microsoft.com.
      </p>
      <form method="post" action="${action}">
        <input type="hidden" name="account" value="${persona.mail}" />
        ${
          input.mayConsentForOrganization
            ? html`<p><label><input type="checkbox" name="organization" value="yes" /> Consent on behalf of your organization</label></p>`
            : ''
        }
        <div class="buttons">
          <button type="submit" name="decision" value="cancel">Cancel</button>
          <button type="submit" name="decision" value="accept" class="primary">Accept</button>
        </div>
      </form>`,
  );
}

/** The second factor: here a button, there a phone. */
export function approvePage(input: { readonly persona: Persona; readonly action: string }): Page {
  return page(
    'Approve sign in request',
    html`<p class="signed-in">${input.persona.mail}</p>
      <h1>Approve sign in request</h1>
      <p>Your organization requires more than a password. Open your authenticator app, and approve the request to sign in.</p>
      <form method="post" action="${input.action}">
        <input type="hidden" name="account" value="${input.persona.mail}" />
        <div class="buttons">
          <button type="submit" name="mfa" value="approved" class="primary">Approve</button>
        </div>
      </form>`,
  );
}

/** What somebody sees who may not grant what the application asks for. */
export function needAdminPage(input: {
  readonly persona: Persona;
  readonly app: AppView;
  readonly returnLink: string;
  readonly switchLink: string;
  readonly details: ErrorDetails;
}): Page {
  return page(
    'Need admin approval',
    html`<p class="signed-in">${input.persona.mail}</p>
      <h1>Need admin approval</h1>
      <p class="app"><strong>${input.app.name}</strong><br />${input.app.publisher}</p>
      <p>
        ${input.app.name} needs permission to access resources in your organization that only an admin can grant. Please ask
        an admin to grant permission to this app before you can use it.
      </p>
      <ul class="links">
        <li><a href="${input.switchLink}">Have an admin account? Sign in with that account</a></li>
        <li><a href="${input.returnLink}">Return to the application without granting consent</a></li>
      </ul>
      ${detailsList(input.details)}`,
    403,
  );
}

export type ErrorDetails = {
  readonly description: string;
  readonly traceId: string;
  readonly correlationId: string;
  readonly timestamp: string;
};

/** An error that stays on Microsoft's page, because there is nowhere safe to send it. */
export function errorPage(input: {
  readonly message: string;
  readonly details: ErrorDetails;
  readonly switchLink?: string;
  readonly heading?: string;
}): Page {
  return page(
    'Sign in: error',
    html`<h1>${input.heading ?? 'Sorry, but we’re having trouble signing you in.'}</h1>
      <p role="alert">${input.message}</p>
      ${input.switchLink ? html`<p><a href="${input.switchLink}">Use a different account</a></p>` : ''}
      ${detailsList(input.details)}`,
    400,
  );
}

const detailsList = (details: ErrorDetails) =>
  html`<details class="trouble" open>
    <summary>Troubleshooting details</summary>
    <dl>
      <dt>Request Id</dt>
      <dd>${details.traceId}</dd>
      <dt>Correlation Id</dt>
      <dd>${details.correlationId}</dd>
      <dt>Timestamp</dt>
      <dd>${details.timestamp}</dd>
      <dt>Message</dt>
      <dd>${details.description}</dd>
    </dl>
  </details>`;

/** `response_mode=form_post` without script: the person presses the button that Microsoft's page presses by itself. */
export function formPostPage(redirectUri: string, parameters: URLSearchParams): Page {
  return page(
    'Continue',
    html`<h1>Continue to the application</h1>
      <form method="post" action="${redirectUri}">
        ${[...parameters].map(([name, value]) => html`<input type="hidden" name="${name}" value="${value}" />`)}
        <div class="buttons"><button type="submit" class="primary">Continue</button></div>
      </form>`,
  );
}

export const signedOutPage = (returnTo: string | undefined): Page =>
  page(
    'Signed out',
    html`<h1>You signed out of your account</h1>
      <p>It’s a good idea to close all browser windows.</p>
      ${returnTo ? html`<p><a href="${returnTo}">Back to the application</a></p>` : ''}`,
  );
