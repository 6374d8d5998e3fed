import { headers } from 'next/headers';
import { redirect } from 'next/navigation';
import type { Actor } from '#lib/access/actor.ts';
import type { Ctx } from '#lib/domain/context.ts';
import type { SessionPerson } from '#lib/domain/people/model.ts';
import { runtime } from '#lib/runtime.ts';
import { currentPerson } from './current-person.ts';
import { PATH_HEADER, REQUEST_ID_HEADER } from './request-headers.ts';
import { signInPath } from './return-to.ts';

/** A member at work: what domain functions take as their first argument, and what the frame of a page shows. */
export type MemberContext = Ctx & {
  readonly actor: Extract<Actor, { type: 'member' }>;
  readonly organizationName: string;
  /** Mail-like, for display only. */
  readonly userName: string;
};

/** The member who sends this request; undefined without a session, or before they have an organization. */
export async function currentMember(): Promise<MemberContext | undefined> {
  const person = await currentPerson();
  return person && toMember(person);
}

/**
 * The member who looks at a page or sends a form. Nobody is signed in: leaves for `/signin`, which leads back to the
 * page; no organization yet: leaves for `/welcome`. Both by throwing Next's redirect.
 */
export async function requireMember(): Promise<MemberContext> {
  const person = await requirePerson();
  return (await toMember(person)) ?? redirect('/welcome');
}

/** The person who looks at a page, with or without an organization; leaves for `/signin` where nobody is signed in. */
export async function requirePerson(): Promise<SessionPerson> {
  const person = await currentPerson();
  return person ?? redirect(signInPath((await headers()).get(PATH_HEADER)));
}

async function toMember(person: SessionPerson): Promise<MemberContext | undefined> {
  const { personId, displayName, userName, membership } = person;
  if (!membership) return undefined;
  const { organizationId, organizationName, portalRole } = membership;
  const { services } = runtime();
  const requestId = (await headers()).get(REQUEST_ID_HEADER);
  return {
    ...services,
    log: requestId ? services.log.child({ requestId }) : services.log,
    actor: { type: 'member', personId, organizationId, portalRole, displayName },
    organizationName,
    userName,
  };
}
