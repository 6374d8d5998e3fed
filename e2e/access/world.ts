import { randomBytes, randomUUID } from 'node:crypto';
import { CookieJar } from '#lib/auth/testing.ts';
import type { Database } from '#lib/db/database.ts';
import type { Role } from '../../scripts/access/model.ts';
import { UNCHECKED_ENROLLMENT } from '../../scripts/access/table.ts';
import { Control } from '../../simulator/testing.ts';
import { cursorAt, domainOf, fill, type Ids, idWith, type Organization } from './organization.ts';
import { signIn } from './session.ts';

export type World = {
  /** The organization of viewer, admin and owner, and the stranger's. */
  readonly ours: Organization;
  readonly theirs: Organization;
  /** Ids that nothing has. The directory is one that nobody has connected, as is `ours` where one is to be added. */
  readonly unknown: Ids;
  readonly jars: Readonly<Record<Role, CookieJar>>;
  readonly mails: Readonly<Record<Exclude<Role, 'signed-out'>, string>>;
};

const PEOPLE = ['newcomer', 'viewer', 'admin', 'owner', 'stranger'] as const;

const newMark = (): string => randomBytes(4).toString('hex');
/** Makes two organizations that know nothing of each other, and signs in somebody of each role. */
export async function createWorld(
  portalUrl: string,
  simulatorUrl: string,
  database: Database,
): Promise<World> {
  const control = new Control(simulatorUrl);
  const [ourMark, theirMark, freeMark, otherFreeMark] = [newMark(), newMark(), newMark(), newMark()];
  await control.fault({
    kind: 'error',
    service: 'ea',
    path: `/enrollments/${UNCHECKED_ENROLLMENT}/`,
    status: 410,
  });
  const directories = new Map<string, string>();
  for (const mark of [ourMark, theirMark, freeMark, otherFreeMark]) {
    const directoryId = idWith(mark);
    await control.createTenant({ directoryId, domain: domainOf(mark), displayName: mark, users: 1 });
    directories.set(mark, directoryId);
  }
  const directoryOf = (mark: string) => directories.get(mark) ?? '';

  const jars: Record<Role, CookieJar> = {
    'signed-out': new CookieJar(),
    newcomer: new CookieJar(),
    viewer: new CookieJar(),
    admin: new CookieJar(),
    owner: new CookieJar(),
    stranger: new CookieJar(),
  };
  const homes = {
    newcomer: freeMark,
    viewer: ourMark,
    admin: ourMark,
    owner: ourMark,
    stranger: theirMark,
  } as const;
  const mailOf = (role: keyof typeof homes) => `${role}@${domainOf(homes[role])}`;
  for (const role of PEOPLE) {
    await control.request('POST', '/personas', {
      tenantId: directoryOf(homes[role]),
      mail: mailOf(role),
      displayName: `${role} ${homes[role]}`,
    });
    await signIn(portalUrl, mailOf(role), jars[role]);
  }
  const people = await database.prisma.person.findMany({
    where: { directoryId: { in: [...directories.values()] } },
    select: { id: true, userName: true },
  });
  const personOf = (role: keyof typeof homes) =>
    people.find(({ userName }) => userName === mailOf(role))?.id ?? '';

  const ours = await fill(database, ourMark, directoryOf(ourMark), [
    { personId: personOf('viewer'), portalRole: 'viewer' },
    { personId: personOf('admin'), portalRole: 'admin' },
    { personId: personOf('owner'), portalRole: 'owner' },
  ]);
  const theirs = await fill(database, theirMark, directoryOf(theirMark), [
    { personId: personOf('stranger'), portalRole: 'owner' },
  ]);
  const unknown = {
    tenant: randomUUID(),
    'azure-tenant': randomUUID(),
    user: randomUUID(),
    flow: randomUUID(),
    'access-token': randomUUID(),
    delegation: randomUUID(),
    subscription: randomUUID(),
    change: randomUUID(),
    run: randomUUID(),
    sku: randomUUID(),
    cursor: cursorAt(randomUUID(), randomUUID()),
    directory: directoryOf(freeMark),
    'spare-tenant': randomUUID(),
    'removed-tenant': randomUUID(),
    removal: randomUUID(),
  };
  const toAdd = { ...ours, ids: { ...ours.ids, directory: directoryOf(otherFreeMark) } };
  const mails = Object.fromEntries(PEOPLE.map((role) => [role, mailOf(role)])) as World['mails'];
  return { ours: toAdd, theirs, unknown, jars, mails };
}
