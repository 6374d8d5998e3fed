import type { Problem } from '#lib/core/problem.ts';

/** The codes of `Problem` that a failure of Microsoft's own library (MSAL) can become. */
export type MsalProblemCode = Extract<Problem['code'], 'credential-invalid' | 'token-invalid'>;

/**
 * What MSAL's error codes mean to us, as far as they can occur: it is given the endpoints and asked for one token, and
 * what the login service itself refuses is read from its answer (`problems.ts`).
 * @see https://learn.microsoft.com/entra/msal/javascript/browser/errors
 */
export const MSAL_PROBLEMS = [
  // ClientAuthError, before anything is sent: the secret or certificate cannot be used.
  ['invalid_client_credential', 'credential-invalid'],
  ['invalid_assertion', 'credential-invalid'],
  ['thumbprint_missing_from_client_certificate', 'credential-invalid'],
  // ClientConfigurationError: the cloud or the authority is not what MSAL knows.
  ['untrusted_authority', 'token-invalid'],
  ['authority_uri_insecure', 'token-invalid'],
  ['authority_mismatch', 'token-invalid'],
  ['issuer_validation_failed', 'token-invalid'],
  ['invalid_authority_metadata', 'token-invalid'],
  ['invalid_cloud_discovery_metadata', 'token-invalid'],
  ['endpoints_resolution_error', 'token-invalid'],
  ['openid_config_error', 'token-invalid'],
  ['url_parse_error', 'token-invalid'],
  // ClientAuthError about the answer.
  ['state_mismatch', 'token-invalid'],
  ['nonce_mismatch', 'token-invalid'],
  ['token_parsing_error', 'token-invalid'],
  ['null_or_empty_token', 'token-invalid'],
  ['client_info_decoding_error', 'token-invalid'],
  ['client_info_empty_error', 'token-invalid'],
  ['key_id_missing', 'token-invalid'],
] as const satisfies readonly (readonly [code: string, problem: MsalProblemCode])[];

export type MsalCode = (typeof MSAL_PROBLEMS)[number][0];

/**
 * The Problem behind an exception of MSAL. A code that is not in the table is the credential's fault when nothing had
 * been sent yet, otherwise the answer's.
 */
export function msalProblem(error: unknown, wasSent: boolean): Problem {
  const code = errorCode(error);
  const known = MSAL_PROBLEMS.find(([candidate]) => candidate === code)?.[1];
  const problem = known ?? (wasSent ? 'token-invalid' : 'credential-invalid');
  const microsoft = { code };
  return problem === 'token-invalid'
    ? { code: problem, reason: code, microsoft }
    : { code: problem, microsoft };
}

/** MSAL's word for what was wrong, such as `nonce_mismatch`. */
function errorCode(error: unknown): string {
  return error instanceof Error && 'errorCode' in error ? String(error.errorCode) : 'unknown';
}
