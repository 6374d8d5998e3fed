import { cookies } from 'next/headers';
import { endSessions } from '#lib/domain/people/end-sessions.ts';
import { runtime } from '#lib/runtime.ts';
import { currentPerson } from './current-person.ts';
import { sessionCookie } from './session-cookie.ts';

/**
 * Ends all sessions of the person who sends this request, in every browser, and removes this browser's cookie. Does
 * nothing for somebody who is not signed in. For server actions and route handlers, which may write cookies.
 */
export async function signOut(): Promise<void> {
  const { config, services } = runtime();
  const person = await currentPerson();
  if (person) await endSessions(services, person.personId);
  const { name, options } = sessionCookie(config);
  (await cookies()).set(name, '', { ...options, maxAge: 0 });
}
