import type { MsalCode } from '#lib/microsoft/entra/msal-problems.ts';
import type { MicrosoftPage } from './page-text.ts';

const CLOUD =
  'Compare `MICROSOFT_CLOUD` and `MICROSOFT_AUTHORITY_URL` with the cloud of the app registration, then restart the portal.';

/** One page for each code of Microsoft's authentication library (MSAL); a code without a page does not compile. */
export const MSAL_PAGES: Readonly<Record<MsalCode, MicrosoftPage>> = {
  invalid_client_credential: { cause: 'Neither a secret nor a certificate is configured, or both are.' },
  invalid_assertion: {
    cause:
      'The proof by certificate could not be made, mostly because key and certificate do not belong together.',
  },
  thumbprint_missing_from_client_certificate: {
    cause: 'The configured file holds no certificate that can be used.',
  },
  untrusted_authority: {
    cause: 'The configured address of the login service is none that Microsoft’s library knows.',
    fix: CLOUD,
  },
  authority_uri_insecure: { cause: 'The address of the login service is not https.', fix: CLOUD },
  authority_mismatch: { cause: 'Two different addresses of the login service were mixed.', fix: CLOUD },
  issuer_validation_failed: {
    cause: 'The answer was issued by another authority than the one that was asked.',
    fix: CLOUD,
  },
  invalid_authority_metadata: {
    cause: 'What is known about the login service’s addresses cannot be read.',
    fix: CLOUD,
  },
  invalid_cloud_discovery_metadata: { cause: 'What is known about the cloud cannot be read.', fix: CLOUD },
  endpoints_resolution_error: {
    cause: 'The addresses of the login service could not be found out.',
    fix: CLOUD,
  },
  openid_config_error: { cause: 'The description of the login service could not be read.', fix: CLOUD },
  url_parse_error: { cause: 'A configured address is not valid.', fix: CLOUD },
  state_mismatch: { cause: 'The answer belongs to another request; two windows, or an attack, cause this.' },
  nonce_mismatch: { cause: 'The ID token belongs to another sign-in; a replayed answer looks like this.' },
  token_parsing_error: { cause: 'The token that came is not readable.' },
  null_or_empty_token: { cause: 'The answer held no token.' },
  client_info_decoding_error: { cause: 'The part of the answer that describes the account is not readable.' },
  client_info_empty_error: { cause: 'The answer does not describe the account.' },
  key_id_missing: { cause: 'The token does not say which key signed it.' },
};
