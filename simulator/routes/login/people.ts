import type { Membership, Persona, Tenant } from '../../state/tenants.ts';
import { findMembership, type SignInPolicy, type World } from '../../state/world.ts';
import type { EntraError } from '../errors.ts';
import type { AuthorizeRequest } from './requests.ts';

/** Somebody who has chosen an account, in the tenant that they sign in to. */
export type SignedIn = {
  readonly persona: Persona;
  readonly membership: Membership;
  readonly tenant: Tenant;
};

/** Everybody, the people of the tenant in the address first. */
export function peopleToPick(world: World, path: AuthorizeRequest['path']): readonly Persona[] {
  const people = [...world.personas.values()];
  if (path.kind !== 'tenant') return people;
  const mails = new Set(
    world.memberships.filter(({ tenantId }) => tenantId === path.tenant.id).map(({ mail }) => mail),
  );
  return people.sort((a, b) => Number(mails.has(b.mail)) - Number(mails.has(a.mail)));
}

/** The person in the tenant of the address, or in their own where the address names none; else why not. */
export function signInTo(
  world: World,
  path: AuthorizeRequest['path'],
  mail: string,
  appName: string,
): { ok: true; who: SignedIn } | { ok: false; problem: EntraError } {
  const persona = world.personas.get(mail.toLowerCase());
  const tenant = path.kind === 'tenant' ? path.tenant : world.tenants.get(persona?.homeTenantId ?? '');
  const membership = tenant && findMembership(world, tenant.id, mail.toLowerCase());
  if (persona && tenant && membership) return { ok: true, who: { persona, tenant, membership } };
  const home = world.tenants.get(persona?.homeTenantId ?? '')?.displayName ?? 'unknown';
  const where = tenant?.displayName ?? 'unknown';
  return {
    ok: false,
    problem: {
      error: 'interaction_required',
      code: 50020,
      text: `User account '${mail}' from identity provider '${home}' does not exist in tenant '${where}' and cannot access the application '${appName}' in that tenant. The account needs to be added as an external user in the tenant first. Sign out and sign in again with a different Azure Active Directory user account.`,
    },
  };
}

/** The sign-in policies that hold for this person here. */
export const signInPolicies = (world: World, who: SignedIn): readonly SignInPolicy[] =>
  world.signInPolicies.filter(
    (policy) =>
      (policy.tenantId === undefined || policy.tenantId === who.tenant.id) &&
      (policy.mail === undefined || policy.mail === who.persona.mail),
  );

/** The sign-in policy that stops this person here, as Conditional Access would. */
export const blockingPolicy = (world: World, who: SignedIn): SignInPolicy | undefined =>
  signInPolicies(world, who).find(({ answer }) => answer !== 'mfa');
