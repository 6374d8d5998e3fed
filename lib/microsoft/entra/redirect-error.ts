import type { Problem } from '#lib/core/problem.ts';

/**
 * The failure that a redirect from the authorize or admin consent endpoint reports, or undefined when it reports
 * none. The presence of `error` decides: `admin_consent=True` comes with refusals too.
 * @see https://learn.microsoft.com/entra/identity-platform/v2-admin-consent
 */
export function readRedirectError(_params: URLSearchParams): Problem | undefined {
  throw new Error('not implemented');
}
