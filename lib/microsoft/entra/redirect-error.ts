import type { Problem } from '#lib/core/problem.ts';
import { entraProblem } from './problems.ts';

/** A description is text of somebody else's URL; what we read from it stands at its beginning and end. */
const DESCRIPTION_MAX = 4000;

/**
 * The failure that a redirect from the authorize or admin consent endpoint reports, or undefined when it reports
 * none. The presence of `error` decides: `admin_consent=True` comes with refusals too.
 * @see https://learn.microsoft.com/entra/identity-platform/v2-admin-consent
 */
export function readRedirectError(params: URLSearchParams): Problem | undefined {
  const error = params.get('error');
  if (error === null) return undefined;
  const description = params.get('error_description')?.slice(0, DESCRIPTION_MAX);
  return entraProblem(
    { error, description, suberror: params.get('suberror') ?? undefined },
    params.get('tenant') ?? '',
  );
}
