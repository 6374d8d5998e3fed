import type { Registration } from '../../state/registrations.ts';
import type { ClientProof } from '../../state/tokens.ts';
import type { EntraError } from '../errors.ts';
import type { TenantPath } from './requests.ts';

/** A token request whose client has proven itself. */
export type TokenRequest = {
  readonly path: TenantPath & { readonly kind: 'tenant' | 'common' | 'organizations' };
  readonly body: URLSearchParams;
  readonly registration: Registration;
  readonly proof: ClientProof;
  readonly handlesChallenges: boolean;
};

/** The body of a success, or the error. */
export type TokenAnswer =
  | { readonly ok: true; readonly body: Readonly<Record<string, unknown>> }
  | { readonly ok: false; readonly problem: EntraError };

/** An error answer. */
export const refuse = (error: string, code: number, text: string, suberror?: string): TokenAnswer => ({
  ok: false,
  problem: { error, code, text, ...(suberror ? { suberror } : {}) },
});

/** The refusal of an application that an administrator of the tenant has switched off. */
export const applicationDisabled = (registration: Registration): EntraError => ({
  error: 'unauthorized_client',
  code: 7000112,
  text: `Application '${registration.clientId}'(${registration.displayName}) is disabled.`,
});
