import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { DirectoryId } from '#lib/core/ids.ts';
import { startTestDatabase, type TestDatabase } from '#lib/db/testing.ts';
import type { Services } from '#lib/domain/context.ts';
import type { Person } from '#lib/domain/people/model.ts';
import { recordSignIn } from '#lib/domain/people/record-sign-in.ts';
import { createTestMember, testServices } from '#lib/domain/testing.ts';
import { createOrganization } from './create-organization.ts';

let db: TestDatabase;
let services: Services;
const now = new Date('2030-01-02T03:04:05.678Z');

beforeAll(async () => {
  db = await startTestDatabase();
  services = testServices(db.database, { clock: () => now });
});
afterAll(() => db.stop());

async function newcomer(): Promise<Person> {
  const named = { displayName: 'Nora New', userName: 'nora@contoso.com' };
  const directoryId = DirectoryId.parse(randomUUID());
  const { personId } = await recordSignIn(services, { ...named, directoryId, objectId: randomUUID() });
  return { ...named, personId };
}

const membershipsOf = ({ personId }: Person) =>
  services.database.prisma.member.findMany({ where: { personId }, include: { organization: true } });

test('whoever creates an organization becomes its owner, and the audit log says so', async () => {
  const person = await newcomer();
  const result = await createOrganization(services, person, { name: 'Contoso' });
  if (!result.ok) throw new Error(result.problem.code);
  const { organizationId, isNew } = result.value;
  expect(isNew).toBe(true);
  expect(await membershipsOf(person)).toMatchObject([
    { organizationId, portalRole: 'owner', organization: { name: 'Contoso', createdAt: now } },
  ]);
  expect(await services.database.prisma.auditEvent.findMany({ where: { organizationId } })).toMatchObject([
    {
      at: now,
      actor: `person:${person.personId}`,
      actorName: 'Nora New',
      action: 'organization.create',
      entity: 'organization',
      entityId: organizationId,
      before: null,
      after: { name: 'Contoso' },
    },
  ]);
});

test('a person has one organization: sent twice at once, the form makes one', async () => {
  const person = await newcomer();
  const names = ['One', 'Two', 'Three', 'Four'];
  const results = await Promise.all(names.map((name) => createOrganization(services, person, { name })));
  const created = results.map((result) => (result.ok ? result.value : undefined));
  expect(created.filter((value) => value?.isNew)).toHaveLength(1);
  expect(new Set(created.map((value) => value?.organizationId)).size).toBe(1);
  expect(await membershipsOf(person)).toHaveLength(1);
});

test('a viewer of another organization gets that one back, unchanged', async () => {
  const member = await createTestMember(services, 'viewer');
  const { personId, displayName, organizationId } = member.actor;
  const person = { personId, displayName, userName: 'viewer@example.com' };
  const result = await createOrganization(services, person, { name: 'Mine' });
  expect(result).toEqual({ ok: true, value: { organizationId, isNew: false } });
  expect(await membershipsOf(person)).toMatchObject([{ portalRole: 'viewer' }]);
  expect(await services.database.prisma.auditEvent.count({ where: { organizationId } })).toBe(0);
});
