import type { Context } from 'hono';
import { getCookie, setCookie } from 'hono/cookie';
import type { World } from '../../state/world.ts';
import type { EntraError } from '../errors.ts';
import { selfAddress, sendPage } from './answers.ts';
import { approvePage } from './pages.ts';
import { type SignedIn, signInPolicies } from './people.ts';

/** Remembers in the browser who has approved on their phone, as a session does. */
const MFA_COOKIE = 'simulator_mfa';

/** How a person signed in, as tokens say it. */
export type Amr = readonly ('pwd' | 'mfa')[];

/** What an application is told that got on without the second factor that a policy wants. */
export const MFA_REQUIRED: EntraError = {
  error: 'interaction_required',
  code: 50076,
  text: 'Due to a configuration change made by your administrator, or because you moved to a new location, you must use multi-factor authentication to access the resource.',
  suberror: 'basic_action',
};

export const wantsMfa = (world: World, who: SignedIn): boolean =>
  signInPolicies(world, who).some(({ answer }) => answer === 'mfa');

/** The factors of this sign-in. `approved`: the person has just pressed the button on the page. */
export function readFactors(c: Context, who: SignedIn, approved: boolean): Amr {
  const { mail } = who.persona;
  if (approved) setCookie(c, MFA_COOKIE, mail, { path: '/', httpOnly: true, sameSite: 'Lax' });
  return approved || getCookie(c, MFA_COOKIE) === mail ? ['pwd', 'mfa'] : ['pwd'];
}

/** The page that stands for the phone. */
export const askForApproval = (c: Context, who: SignedIn) =>
  sendPage(c, approvePage({ persona: who.persona, action: selfAddress(c) }));
