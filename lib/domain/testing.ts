/*
 * For tests of domain functions: services around a database of the test's own, and members to act with. Each test
 * makes its own organization, so that tests do not see each other.
 */
import { randomBytes, randomUUID } from 'node:crypto';
import type { Actor, PortalRole } from '#lib/access/actor.ts';
import { systemClock } from '#lib/core/clock.ts';
import { OrganizationId, PersonId } from '#lib/core/ids.ts';
import type { Database } from '#lib/db/database.ts';
import type { Jobs } from '#lib/jobs/jobs.ts';
import { createMicrosoftClients } from '#lib/microsoft/clients.ts';
import { quietLog, testSettings } from '#lib/microsoft/testing.ts';
import type { Ctx, Services } from './context.ts';

/** What was handed to the workers: each job's name and payload, in order. */
export type EnqueuedJob = { readonly name: string; readonly payload: unknown };

/** A queue that only remembers. */
export function recordingJobs(): Jobs & { readonly enqueued: EnqueuedJob[] } {
  const enqueued: EnqueuedJob[] = [];
  return {
    enqueued,
    enqueue: async ({ name }, payload) => {
      enqueued.push({ name, payload });
    },
  };
}

/** Services that reach nobody: Microsoft's endpoints lead nowhere, jobs are kept. Give what the test is about. */
export function testServices(database: Database, services: Partial<Services> = {}): Services {
  return {
    database,
    clock: systemClock,
    microsoft: createMicrosoftClients(testSettings({}), quietLog),
    jobs: recordingJobs(),
    log: quietLog,
    encryptionKeys: [{ id: 'test', key: randomBytes(32) }],
    appUrl: 'http://localhost:3000',
    ...services,
  };
}

export type MemberCtx = Ctx & { readonly actor: Extract<Actor, { type: 'member' }> };

/** A new person with a role in a new organization, or in the one given. */
export async function createTestMember(
  services: Services,
  portalRole: PortalRole = 'owner',
  organizationId: OrganizationId = OrganizationId.parse(randomUUID()),
): Promise<MemberCtx> {
  const { prisma } = services.database;
  const personId = PersonId.parse(randomUUID());
  const displayName = `Test ${portalRole}`;
  await prisma.organization.upsert({
    where: { id: organizationId },
    create: { id: organizationId, name: `Organization ${organizationId}` },
    update: {},
  });
  await prisma.person.create({
    data: {
      id: personId,
      directoryId: randomUUID(),
      objectId: randomUUID(),
      displayName,
      userName: `${portalRole}@example.com`,
      memberships: { create: { organizationId, portalRole } },
    },
  });
  return { ...services, actor: { type: 'member', personId, organizationId, portalRole, displayName } };
}
