/*
 * For tests: a browser that goes to the simulator and comes back, without pages.
 */
import { expect } from 'vitest';
import type { FlowId } from '#lib/core/ids.ts';
import type { Result } from '#lib/core/result.ts';
import { createMicrosoftClients, type MicrosoftClientsOptions } from '#lib/microsoft/clients.ts';
import { quietLog, testSettings } from '#lib/microsoft/testing.ts';
import { signInAs } from '../../../simulator/testing.ts';
import type { Ctx } from '../context.ts';
import { adminCallback } from './admin-callback.ts';
import { CALLBACK_PATH, type CallbackInput, type CallbackOutcome, type StartedFlow } from './model.ts';
import type { Wait } from './patience.ts';
import { signInCallback } from './sign-in-callback.ts';

export const CONTOSO = 'c0000000-0000-4000-8000-00000000c001';
export const FABRIKAM = 'f0000000-0000-4000-8000-00000000f001';
export const ALEX = 'alex.admin@contoso.com';
export const OLIVIA = 'olivia.owner@contoso.com';
export const UMA = 'uma.user@contoso.com';
export const FIONA = 'fiona.admin@fabrikam.com';
export const AZURE_APP = '11111111-aaaa-4bbb-8ccc-000000000001';
export const GRAPH_APP = '22222222-aaaa-4bbb-8ccc-000000000002';

/** Clients for the simulator, with the registrations it knows. */
export function simulatorClients(url: string, options: MicrosoftClientsOptions = {}) {
  const settings = testSettings({ authority: url, graph: url, arm: url, ea: url });
  const registration = (clientId: string, secret: string) =>
    ({ clientId, credential: { type: 'secret', secret } }) as const;
  return createMicrosoftClients(
    {
      ...settings,
      registrations: {
        azure: registration(AZURE_APP, 'simulator-azure-secret~1'),
        graph: registration(GRAPH_APP, 'simulator-graph-secret~2'),
      },
    },
    quietLog,
    options,
  );
}

/** The cookies of one browser, and the way through Microsoft's pages and back. */
export class TestBrowser {
  readonly #cookies = new Map<FlowId, string>();

  /** Takes over the cookie of a flow that was started in this browser. */
  begin(started: Result<StartedFlow>): StartedFlow {
    if (!started.ok) throw new Error(`the flow did not start: ${JSON.stringify(started.problem)}`);
    this.#cookies.set(started.value.flowId, started.value.browserCookie);
    return started.value;
  }

  /** What a callback gets to see of this browser at an address. */
  at(address: URL): CallbackInput {
    return { query: address.searchParams, browserCookie: (flowId) => this.#cookies.get(flowId) };
  }
}

/** A person does at Microsoft what the address asks for; returns where Microsoft sends the browser back to. */
export async function atMicrosoft(
  address: string,
  account: string,
  consent: 'accept' | 'cancel' = 'accept',
): Promise<URL> {
  const { location, page, status } = await signInAs(address, account, consent);
  if (!location) throw new Error(`Microsoft kept the person on a page (${status}): ${page.slice(0, 2000)}`);
  return location;
}

/** Hands an address to the callback it belongs to. */
export function comeBack(
  ctx: Ctx,
  browser: TestBrowser,
  address: URL,
  wait?: Wait,
): Promise<CallbackOutcome> {
  const input = browser.at(address);
  if (address.pathname === CALLBACK_PATH.admin_consent) return adminCallback(ctx, input);
  return signInCallback(ctx, input, wait);
}

/** Approves as an administrator and comes back: returns the address of the sign-in that follows. */
export async function approve(
  ctx: Ctx,
  browser: TestBrowser,
  started: StartedFlow,
  account = ALEX,
): Promise<string> {
  const outcome = await comeBack(ctx, browser, await atMicrosoft(started.redirectUrl, account));
  if (outcome.next !== 'microsoft') throw new Error(`the approval ended: ${JSON.stringify(outcome)}`);
  return outcome.url;
}

/** Nothing is known of any tenant, nothing is under way, nothing was audited. */
export async function expectNothingStored(ctx: Ctx): Promise<void> {
  const { prisma } = ctx.database;
  const { organizationId } = ctx.actor;
  expect(await prisma.tenant.count({ where: { organizationId } })).toBe(0);
  expect(await prisma.azureSubscription.count({ where: { tenant: { organizationId } } })).toBe(0);
  expect(await prisma.importRun.count({ where: { tenant: { organizationId } } })).toBe(0);
  expect(await prisma.delegation.count({ where: { organizationId } })).toBe(0);
  expect(await prisma.auditEvent.count({ where: { organizationId } })).toBe(0);
}
