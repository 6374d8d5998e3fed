import { headers } from 'next/headers';
import { unstable_rethrow } from 'next/navigation';
import { requestIdOf } from '#lib/core/request-headers.ts';
import { runtime } from '#lib/runtime.ts';

/**
 * Deals with what was thrown: Next's own signals (redirect, not found) pass through, anything else is a bug or a
 * broken invariant and goes to the log. Returns the id under which it is found there, all that a person is shown.
 */
export async function reportUnexpected(error: unknown, where: string): Promise<string> {
  unstable_rethrow(error);
  const requestId = requestIdOf(await headers());
  runtime().services.log.error('unexpected failure', { requestId, where, error });
  return requestId;
}
