import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/**
 * Starts a simulator for tests, in a process of its own and on a free port. For tests and e2e only: the product talks
 * to the simulator by its URL, as to Microsoft.
 */
export type StartOptions = {
  /** The portal's origin, whose redirect URIs are registered. */
  readonly portalUrl?: string;
  /** A state file to begin with and to write; without it everything is in memory. */
  readonly statePath?: string;
  /** Settings to begin with, such as lags of 0. */
  readonly settings?: Readonly<Record<string, number | boolean>>;
  readonly env?: Readonly<Record<string, string>>;
};

export type RunningSimulator = {
  /** Its origin, without a trailing slash. */
  readonly url: string;
  readonly control: Control;
  /** What it has written to standard error so far: unknown operations and failures. */
  readonly errors: () => string;
  /** Ends the process and waits for that. */
  readonly stop: () => Promise<void>;
};

const MAIN = fileURLToPath(new URL('./main.ts', import.meta.url));
const READY = /^Simulator ready at (\S+)$/m;

/** Starts the simulator and waits until it serves. */
export async function startSimulator(options: StartOptions = {}): Promise<RunningSimulator> {
  const child = spawn(process.execPath, [MAIN], {
    stdio: ['pipe', 'pipe', 'pipe'],
    env: {
      NODE_ENV: 'test',
      PATH: process.env.PATH,
      SIMULATOR_PORT: '0',
      SIMULATOR_STOP_WITH_STDIN: '1',
      ...(options.portalUrl ? { PORTAL_URL: options.portalUrl } : {}),
      ...(options.statePath ? { SIMULATOR_STATE: options.statePath } : {}),
      ...options.env,
    },
  });
  let errors = '';
  child.stderr.on('data', (chunk: Buffer) => {
    errors += chunk.toString();
  });
  const url = await readyUrl(child, () => errors);
  const control = new Control(url);
  if (options.settings) await control.settings(options.settings);
  return { url, control, errors: () => errors, stop: () => stop(child) };
}

function readyUrl(child: ChildProcess, errors: () => string): Promise<string> {
  return new Promise((resolve, reject) => {
    let output = '';
    child.stdout?.on('data', (chunk: Buffer) => {
      output += chunk.toString();
      const url = READY.exec(output)?.[1];
      if (url) resolve(url);
    });
    child.once('exit', (code) => reject(new Error(`The simulator ended with code ${code}: ${errors()}`)));
    child.once('error', reject);
  });
}

function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  return new Promise((resolve) => {
    child.once('exit', () => resolve());
    child.kill('SIGTERM');
  });
}

type Json = Readonly<Record<string, unknown>>;

/** The control API (docs/simulator.md), a method for what tests need most and `request` for the rest. */
export class Control {
  readonly #url: string;

  constructor(url: string) {
    this.#url = url;
  }

  /** Calls one control operation; `path` begins after `/_control`. Throws when the simulator refuses it. */
  async request<T = Json>(method: string, path: string, body?: Json): Promise<T> {
    const response = await fetch(`${this.#url}/_control${path}`, {
      method,
      ...(body ? { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } } : {}),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} /_control${path}: ${response.status} ${text}`);
    return (text === '' ? {} : JSON.parse(text)) as T;
  }

  reset = () => this.request('POST', '/reset');
  state = () => this.request('GET', '/state');
  settings = (change: Json) => this.request('POST', '/settings', change);
  fault = (rule: Json) => this.request<{ id: string }>('POST', '/faults', rule);
  clearFaults = () => this.request('DELETE', '/faults');
  violations = async () => (await this.request<{ violations: Json[] }>('GET', '/violations')).violations;
  unknownOperations = async () =>
    (await this.request<{ operations: string[] }>('GET', '/unknown')).operations;
  /** The secrets that have passed through the login service for a tenant, or for all of them. */
  issued = async (tenantId?: string) => {
    const query = tenantId === undefined ? '' : `?tenantId=${tenantId}`;
    return (await this.request<{ issued: { kind: string; value: string }[] }>('GET', `/issued${query}`))
      .issued;
  };
  /** Grants a registration's permissions in a tenant as if long ago: no consent page, no lag. */
  grant = (tenantId: string, clientId: string, appRoles?: readonly string[]) =>
    this.request<{ objectId: string }>('POST', '/grants', {
      tenantId,
      clientId,
      ...(appRoles ? { appRoles } : {}),
    });
  revoke = (what: Json = {}) => this.request('POST', '/grants/revoke', what);
  /** Issues a key of the EA reporting API; `livesMs` may be negative, without `claims` the key says nothing about itself. */
  eaKey = async (enrollmentNumber: string, more: Json = {}) =>
    (await this.request<{ text: string }>('POST', '/ea-keys', { enrollmentNumber, ...more })).text;
  createTenant = (tenant: Json) =>
    this.request<{ tenant: { id: string }; persona: { mail: string } }>('POST', '/tenants', tenant);
  createUser = (tenantId: string, values: Json = {}) =>
    this.request<{ id: string }>('POST', '/users', { tenantId, values });
  updateUser = (tenantId: string, id: string, values: Json) =>
    this.request('PATCH', `/users/${id}`, { tenantId, values });
  deleteUser = (tenantId: string, id: string) => this.request('DELETE', `/users/${id}?tenantId=${tenantId}`);
  /** Changes a group, or a row of `/directory/subscriptions`; `isGone` takes it away. */
  changeGroup = (tenantId: string, id: string, change: { values?: Json; isGone?: boolean }) =>
    this.request('PATCH', `/groups/${id}`, { tenantId, ...change });
  changePurchase = (tenantId: string, id: string, change: { values?: Json; isGone?: boolean }) =>
    this.request('PATCH', `/purchases/${id}`, { tenantId, ...change });
}

/** The registrations that the simulator starts with. */
export const AZURE_APP = {
  clientId: '11111111-aaaa-4bbb-8ccc-000000000001',
  secret: 'simulator-azure-secret~1',
} as const;
export const GRAPH_APP = {
  clientId: '22222222-aaaa-4bbb-8ccc-000000000002',
  secret: 'simulator-graph-secret~2',
} as const;

/** Ids of the directories that the simulator starts with. */
export const CONTOSO = 'c0000000-0000-4000-8000-00000000c001';
export const FABRIKAM = 'f0000000-0000-4000-8000-00000000f001';
export const ADATUM = 'a0000000-0000-4000-8000-00000000a001';
export const NORTHWIND = 'b0000000-0000-4000-8000-00000000b001';

export const GRAPH_DEFAULT = 'https://graph.microsoft.com/.default';
export const ARM_DEFAULT = 'https://management.azure.com/.default';
export const ARM_IMPERSONATION = 'https://management.azure.com/user_impersonation';

export type TokenAnswer = { readonly status: number; readonly body: Record<string, unknown> };

/** Posts to the token endpoint of a tenant. */
export async function postToken(
  url: string,
  tenant: string,
  fields: Record<string, string>,
): Promise<TokenAnswer> {
  const response = await fetch(`${url}/${tenant}/oauth2/v2.0/token`, {
    method: 'POST',
    body: new URLSearchParams(fields),
  });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

/** An app-only access token; throws when the token endpoint refuses it. */
export async function appToken(
  url: string,
  tenant: string,
  app: { readonly clientId: string; readonly secret: string },
  scope: string = GRAPH_DEFAULT,
): Promise<string> {
  const { status, body } = await postToken(url, tenant, {
    grant_type: 'client_credentials',
    client_id: app.clientId,
    client_secret: app.secret,
    scope,
  });
  if (status !== 200) throw new Error(String(body.error_description));
  return String(body.access_token);
}

/**
 * Goes through the pages of an authorize or admin-consent address as a person without a browser would: chooses the
 * account, approves on the phone and answers the consent page where there are such pages, and stops where Microsoft sends the person back. Answers that
 * address, or the page on which it ended.
 */
export async function signInAs(
  address: string,
  account: string,
  consent: 'accept' | 'cancel' = 'accept',
): Promise<{ readonly location: URL | undefined; readonly page: string; readonly status: number }> {
  const answers: Record<string, string> = { account };
  const post = () =>
    fetch(address, { method: 'POST', body: new URLSearchParams(answers), redirect: 'manual' });
  const first = await fetch(address, { redirect: 'manual' });
  let response = first.headers.has('location') ? first : await post();
  let page = await response.text();
  for (const [name, answer] of [
    ['mfa', 'approved'],
    ['decision', consent],
  ] as const) {
    if (!page.includes(`name="${name}"`)) continue;
    answers[name] = answer;
    response = await post();
    page = await response.text();
  }
  const location = response.headers.get('location');
  return { location: location ? new URL(location) : undefined, page, status: response.status };
}

/** A delegated token of a person in a tenant, for the scopes of one API, by the application's own sign-in. */
export async function delegatedToken(
  url: string,
  account: string,
  scope: string,
  { app = GRAPH_APP, tenant = CONTOSO }: { app?: typeof GRAPH_APP | typeof AZURE_APP; tenant?: string } = {},
): Promise<string> {
  const redirectUri = 'http://localhost:3000/api/consent/callback';
  const query = new URLSearchParams({
    client_id: app.clientId,
    redirect_uri: redirectUri,
    response_type: 'code',
    scope,
  });
  const { location } = await signInAs(`${url}/${tenant}/oauth2/v2.0/authorize?${query}`, account);
  const { body } = await postToken(url, tenant, {
    grant_type: 'authorization_code',
    client_id: app.clientId,
    client_secret: app.secret,
    redirect_uri: redirectUri,
    code: location?.searchParams.get('code') ?? '',
  });
  return String(body.access_token);
}
