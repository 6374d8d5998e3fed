import { headers } from 'next/headers';
import { redirect } from 'next/navigation';
import type { Actor } from '#lib/access/actor.ts';
import { PATH_HEADER, requestIdOf } from '#lib/core/request-headers.ts';
import type { Ctx, Services } from '#lib/domain/context.ts';
import type { SessionPerson } from '#lib/domain/people/model.ts';
import { runtime } from '#lib/runtime.ts';
import { currentPerson } from './current-person.ts';
import { signInPath } from './return-to.ts';

/** A member at work: what domain functions take as their first argument, and what the frame of a page shows. */
export type MemberContext = Ctx & {
  readonly actor: Extract<Actor, { type: 'member' }>;
  readonly organizationName: string;
  /** Mail-like, for display only. */
  readonly userName: string;
};

/** Somebody who is signed in, with or without an organization. */
export type PersonContext = Services & { readonly person: SessionPerson };

/** The member who sends this request; undefined without a session, or before they have an organization. */
export async function currentMember(): Promise<MemberContext | undefined> {
  const person = await currentPerson();
  return person && memberContext(person, await requestServices());
}

/**
 * The member who looks at a page or sends a form. Nobody is signed in: leaves for `/signin`, which leads back to the
 * page; no organization yet: leaves for `/welcome`. Both by throwing Next's redirect.
 */
export async function requireMember(): Promise<MemberContext> {
  const { person, ...services } = await requirePerson();
  return memberContext(person, services) ?? redirect('/welcome');
}

/** The person who looks at a page or sends a form; leaves for `/signin` where nobody is signed in. */
export async function requirePerson(): Promise<PersonContext> {
  const person = await currentPerson();
  if (!person) redirect(signInPath((await headers()).get(PATH_HEADER)));
  return { ...(await requestServices()), person };
}

/** The services of this process; what they log carries the request's id. */
async function requestServices(): Promise<Services> {
  const { services } = runtime();
  return { ...services, log: services.log.child({ requestId: requestIdOf(await headers()) }) };
}

function memberContext(person: SessionPerson, services: Services): MemberContext | undefined {
  const { personId, displayName, userName, membership } = person;
  if (!membership) return undefined;
  const { organizationId, organizationName, portalRole } = membership;
  return {
    ...services,
    actor: { type: 'member', personId, organizationId, portalRole, displayName },
    organizationName,
    userName,
  };
}
