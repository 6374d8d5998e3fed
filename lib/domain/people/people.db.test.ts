import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { DirectoryId } from '#lib/core/ids.ts';
import { startTestDatabase, type TestDatabase } from '#lib/db/testing.ts';
import type { Services } from '#lib/domain/context.ts';
import { createTestMember, testServices } from '#lib/domain/testing.ts';
import { endSessions } from './end-sessions.ts';
import { findSessionPerson } from './queries.ts';
import { recordSignIn } from './record-sign-in.ts';

let db: TestDatabase;
let services: Services;

beforeAll(async () => {
  db = await startTestDatabase();
  services = testServices(db.database);
});
afterAll(() => db.stop());

const somebody = () => ({
  directoryId: DirectoryId.parse(randomUUID()),
  objectId: randomUUID(),
  displayName: 'Alex Admin',
  userName: 'alex.admin@contoso.com',
});

test('a person who signs in again is the same one, with the names Microsoft has now', async () => {
  const person = somebody();
  const first = await recordSignIn(services, person);
  const renamed = { ...person, displayName: 'Alex Married', userName: 'alex.married@contoso.com' };
  expect(await recordSignIn(services, renamed)).toEqual(first);
  expect(await findSessionPerson(services, first)).toEqual({
    personId: first.personId,
    displayName: 'Alex Married',
    userName: 'alex.married@contoso.com',
  });
});

test('a mail address that changed hands, and an object id of another directory, are other people', async () => {
  const person = somebody();
  const { personId } = await recordSignIn(services, person);
  const successor = await recordSignIn(services, { ...person, objectId: randomUUID() });
  const elsewhere = await recordSignIn(services, { ...person, directoryId: somebody().directoryId });
  expect(new Set([personId, successor.personId, elsewhere.personId]).size).toBe(3);
});

test('two first sign-ins at once make one person', async () => {
  const person = somebody();
  const sessions = await Promise.all([1, 2, 3].map(() => recordSignIn(services, person)));
  expect(new Set(sessions.map(({ personId }) => personId)).size).toBe(1);
});

test('signing out ends every session; the next one holds', async () => {
  const person = somebody();
  const [laptop, phone] = [await recordSignIn(services, person), await recordSignIn(services, person)];
  expect(await findSessionPerson(services, phone)).toBeDefined();
  await endSessions(services, laptop.personId);
  expect(await findSessionPerson(services, laptop)).toBeUndefined();
  expect(await findSessionPerson(services, phone)).toBeUndefined();
  expect(await findSessionPerson(services, await recordSignIn(services, person))).toBeDefined();
});

test('a session of a person who is gone, or of a version that never was, does not hold', async () => {
  const { personId, sessionVersion } = await recordSignIn(services, somebody());
  expect(await findSessionPerson(services, { personId, sessionVersion: sessionVersion + 1 })).toBeUndefined();
  await services.database.prisma.person.delete({ where: { id: personId } });
  expect(await findSessionPerson(services, { personId, sessionVersion })).toBeUndefined();
});

test('role and membership are those of this moment', async () => {
  const { actor } = await createTestMember(services, 'admin');
  const session = { personId: actor.personId, sessionVersion: 1 };
  const { organizationId } = actor;
  const key = { organizationId_personId: { organizationId, personId: actor.personId } };
  expect(await findSessionPerson(services, session)).toMatchObject({
    membership: { organizationId, organizationName: `Organization ${organizationId}`, portalRole: 'admin' },
  });
  await services.database.prisma.member.update({ where: key, data: { portalRole: 'viewer' } });
  expect(await findSessionPerson(services, session)).toMatchObject({ membership: { portalRole: 'viewer' } });
  await services.database.prisma.member.delete({ where: key });
  expect(await findSessionPerson(services, session)).not.toHaveProperty('membership');
});
