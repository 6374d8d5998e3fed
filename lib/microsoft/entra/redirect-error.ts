import type { Problem } from '#lib/core/problem.ts';
import { entraProblem } from './problems.ts';

/** A redirect is text that anybody can write; what a person is shown of it stays short. */
const DESCRIPTION_MAX = 4000;
const NAME_MAX = 100;

/**
 * The failure that a redirect from the authorize or admin consent endpoint reports, or undefined when it reports
 * none. The presence of `error` decides: `admin_consent=True` comes with refusals too.
 * @see https://learn.microsoft.com/entra/identity-platform/v2-admin-consent
 */
export function readRedirectError(params: URLSearchParams): Problem | undefined {
  const read = (name: string, lengthMax: number) => params.get(name)?.slice(0, lengthMax);
  const error = read('error', NAME_MAX);
  if (error === undefined) return undefined;
  const description = read('error_description', DESCRIPTION_MAX);
  const suberror = read('suberror', NAME_MAX);
  return entraProblem({ error, description, suberror }, read('tenant', NAME_MAX) ?? '');
}
