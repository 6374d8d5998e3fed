/*
 * For tests: a tenant of the simulator with subscriptions of all kinds, connected to the portal, and a person who adds
 * them. Jobs are done at once.
 */
import { randomUUID } from 'node:crypto';
import { DirectoryId, type FlowId, type TenantId } from '#lib/core/ids.ts';
import type { Services } from '#lib/domain/context.ts';
import type { AdditionJob } from '#lib/jobs/contracts.ts';
import { AZURE_APP, type Control } from '../../../simulator/testing.ts';
import { atMicrosoft, comeBack, TestBrowser } from '../consent/testing.ts';
import { createTestTenant } from '../tenants/testing.ts';
import type { EnqueuedJob, MemberCtx } from '../testing.ts';
import { addSubscriptions } from './add.ts';
import { beginAddition } from './begin.ts';
import { lookForSubscriptions } from './look.ts';

export type TestDirectory = {
  readonly directoryId: DirectoryId;
  readonly domain: string;
  /** The Global Administrator, who owns all subscriptions through the root group. */
  readonly admin: string;
  /** Object id of our service principal. */
  readonly principalId: string;
};

/** A directory of its own in the simulator, whose admin owns so many subscriptions; our application is known there. */
export async function createDirectory(control: Control, subscriptions: number): Promise<TestDirectory> {
  const id = randomUUID();
  const domain = `d${id.slice(0, 8)}.example.com`;
  await control.createTenant({
    directoryId: id,
    domain,
    displayName: `D${id.slice(0, 8)}`,
    users: 1,
    subscriptions,
  });
  const { objectId } = await control.grant(id, AZURE_APP.clientId);
  return { directoryId: DirectoryId.parse(id), domain, admin: `admin@${domain}`, principalId: objectId };
}

/** The directory as a connected Azure tenant of the actor's organization. */
export async function connectDirectory(ctx: MemberCtx, directory: TestDirectory): Promise<TenantId> {
  const { directoryId, domain, principalId } = directory;
  const given = {
    kind: 'azure',
    directoryId,
    domain,
    servicePrincipalId: principalId,
    name: domain,
  } as const;
  return (await createTestTenant(ctx, given)).tenantId;
}

/** Chooses Azure in the dialog, signs in and comes back. */
export async function signInToAdd(ctx: MemberCtx, tenantId: TenantId, account: string): Promise<FlowId> {
  const begun = await beginAddition(ctx, { tenantId, kind: 'azure' });
  if (!begun.ok || begun.value.next !== 'microsoft') throw new Error(`not begun: ${JSON.stringify(begun)}`);
  const browser = new TestBrowser();
  const { redirectUrl } = browser.begin({ ok: true, value: begun.value.started });
  const outcome = await comeBack(ctx, browser, await atMicrosoft(redirectUrl, account));
  if (outcome.next !== 'delegation' || !outcome.isActive) throw new Error(JSON.stringify(outcome));
  return outcome.flowId;
}

/** Does the jobs that were enqueued, as a worker would, and takes them off the list. */
export async function workOff(services: Services, enqueued: EnqueuedJob[]): Promise<void> {
  for (const { name, payload } of enqueued.splice(0)) {
    const work = { 'look-for-subscriptions': lookForSubscriptions, 'add-subscriptions': addSubscriptions }[
      name
    ];
    const job = payload as AdditionJob;
    const actor = { type: 'job', job: name, organizationId: job.organizationId } as const;
    await work?.({ ...services, actor }, job, async () => undefined);
  }
}

/** The role assignments of a principal in the simulator: scope and role, ascending. */
export async function assignmentsOf(control: Control, principalId: string): Promise<string[]> {
  const { roleAssignments } = (await control.state()) as {
    roleAssignments: { scope: string; roleId: string; principalId: string }[];
  };
  return roleAssignments
    .filter((assignment) => assignment.principalId === principalId)
    .map(({ scope, roleId }) => `${scope} ${roleId}`)
    .sort();
}
