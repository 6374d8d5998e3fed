import { cookies } from 'next/headers';
import { cache } from 'react';
import type { SessionPerson } from '#lib/domain/people/model.ts';
import { findSessionPerson } from '#lib/domain/people/queries.ts';
import { runtime } from '#lib/runtime.ts';
import { answerInTime } from './answer-in-time.ts';
import { readSessionCookie, sessionCookie } from './session-cookie.ts';

/**
 * Who sends this request, with their present membership; undefined without a session that still holds. The
 * database is asked once in a request, and in every request; one that does not answer is a failure, soon.
 */
export const currentPerson = cache(async (): Promise<SessionPerson | undefined> => {
  const { config, services } = runtime();
  const cookie = (await cookies()).get(sessionCookie(config).name);
  const session = await readSessionCookie(cookie?.value, config);
  return session && answerInTime(findSessionPerson(services, session));
});
