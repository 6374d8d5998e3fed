import { z } from 'zod';
import type { MicrosoftTrace, Problem } from '#lib/core/problem.ts';

/** The codes of `Problem` that a refusal by the login service can become. */
export type EntraProblemCode = Extract<
  Problem['code'],
  | 'admin-needed'
  | 'application-disabled'
  | 'blocked-by-policy'
  | 'consent-declined'
  | 'consent-required'
  | 'credential-invalid'
  | 'licence-missing'
  | 'request-rejected'
  | 'sign-in-required'
  | 'tenant-unknown'
  | 'throttled'
  | 'upstream-unavailable'
  | 'wrong-account'
>;

type Row = readonly [signal: { error: string } | { suberror: string } | { aadsts: number }, EntraProblemCode];

/**
 * What the login service's refusals mean to us. `error` decides, `suberror` narrows it, and a known number refines
 * it: Microsoft may change the numbers, so an unknown one falls back to its `error`.
 * The order does not matter; each line has its row in the test.
 * @see https://learn.microsoft.com/entra/identity-platform/reference-error-codes
 */
export const ENTRA_PROBLEMS = [
  [{ error: 'access_denied' }, 'consent-declined'],
  [{ error: 'permission_denied' }, 'consent-declined'],
  [{ error: 'consent_required' }, 'consent-required'],
  [{ error: 'interaction_required' }, 'sign-in-required'],
  [{ error: 'login_required' }, 'sign-in-required'],
  [{ error: 'account_selection_required' }, 'sign-in-required'],
  [{ error: 'invalid_grant' }, 'sign-in-required'],
  [{ error: 'invalid_client' }, 'credential-invalid'],
  [{ error: 'unauthorized_client' }, 'consent-required'],
  [{ error: 'invalid_tenant' }, 'tenant-unknown'],
  [{ error: 'invalid_resource' }, 'request-rejected'],
  [{ error: 'invalid_request' }, 'request-rejected'],
  [{ error: 'invalid_scope' }, 'request-rejected'],
  [{ error: 'unsupported_response_type' }, 'request-rejected'],
  [{ error: 'unsupported_grant_type' }, 'request-rejected'],
  [{ error: 'server_error' }, 'upstream-unavailable'],
  [{ error: 'temporarily_unavailable' }, 'upstream-unavailable'],

  [{ suberror: 'consent_required' }, 'consent-required'],
  [{ suberror: 'basic_action' }, 'sign-in-required'],
  [{ suberror: 'additional_action' }, 'sign-in-required'],
  [{ suberror: 'user_password_expired' }, 'sign-in-required'],
  [{ suberror: 'bad_token' }, 'sign-in-required'],
  [{ suberror: 'token_expired' }, 'sign-in-required'],
  [{ suberror: 'interrupted_user' }, 'sign-in-required'],
  [{ suberror: 'ux_not_allowed' }, 'sign-in-required'],
  [{ suberror: 'client_mismatch' }, 'sign-in-required'],
  [{ suberror: 'device_authentication_failed' }, 'blocked-by-policy'],
  [{ suberror: 'protection_policy_required' }, 'blocked-by-policy'],
  // "Condition cannot be resolved at this time": signing in again only shows the same message.
  [{ suberror: 'message_only' }, 'blocked-by-policy'],

  // The person pressed Cancel, or has to ask somebody.
  [{ aadsts: 65004 }, 'consent-declined'],
  [{ aadsts: 90093 }, 'admin-needed'],
  [{ aadsts: 90094 }, 'admin-needed'],
  [{ aadsts: 90095 }, 'admin-needed'],
  [{ aadsts: 900941 }, 'admin-needed'],
  // Nobody has approved the application in that tenant, or the approval has not arrived everywhere.
  [{ aadsts: 65001 }, 'consent-required'],
  [{ aadsts: 90008 }, 'consent-required'],
  [{ aadsts: 90099 }, 'consent-required'],
  [{ aadsts: 700011 }, 'consent-required'],
  [{ aadsts: 700016 }, 'consent-required'],
  [{ aadsts: 7000229 }, 'consent-required'],
  // A second factor, a fresh session or a fresh grant is wanted.
  [{ aadsts: 50055 }, 'sign-in-required'],
  [{ aadsts: 50058 }, 'sign-in-required'],
  [{ aadsts: 50072 }, 'sign-in-required'],
  [{ aadsts: 50074 }, 'sign-in-required'],
  [{ aadsts: 50076 }, 'sign-in-required'],
  [{ aadsts: 50078 }, 'sign-in-required'],
  [{ aadsts: 50079 }, 'sign-in-required'],
  [{ aadsts: 50089 }, 'sign-in-required'],
  [{ aadsts: 50125 }, 'sign-in-required'],
  [{ aadsts: 50126 }, 'sign-in-required'],
  [{ aadsts: 50132 }, 'sign-in-required'],
  [{ aadsts: 50133 }, 'sign-in-required'],
  [{ aadsts: 50140 }, 'sign-in-required'],
  [{ aadsts: 50144 }, 'sign-in-required'],
  [{ aadsts: 50158 }, 'sign-in-required'],
  [{ aadsts: 50173 }, 'sign-in-required'],
  [{ aadsts: 54005 }, 'sign-in-required'],
  [{ aadsts: 70000 }, 'sign-in-required'],
  [{ aadsts: 70008 }, 'sign-in-required'],
  [{ aadsts: 70043 }, 'sign-in-required'],
  [{ aadsts: 500121 }, 'sign-in-required'],
  [{ aadsts: 500133 }, 'sign-in-required'],
  [{ aadsts: 700003 }, 'sign-in-required'],
  [{ aadsts: 700020 }, 'sign-in-required'],
  [{ aadsts: 700082 }, 'sign-in-required'],
  [{ aadsts: 700084 }, 'sign-in-required'],
  // The account is not one of the tenant's, or none that can be used.
  [{ aadsts: 16000 }, 'wrong-account'],
  [{ aadsts: 16003 }, 'wrong-account'],
  [{ aadsts: 50014 }, 'wrong-account'],
  [{ aadsts: 50020 }, 'wrong-account'],
  [{ aadsts: 50034 }, 'wrong-account'],
  [{ aadsts: 50057 }, 'wrong-account'],
  [{ aadsts: 50143 }, 'wrong-account'],
  [{ aadsts: 51004 }, 'wrong-account'],
  [{ aadsts: 90072 }, 'wrong-account'],
  [{ aadsts: 500208 }, 'wrong-account'],
  // Conditional Access, security defaults, cross-tenant rules, "assignment required".
  [{ aadsts: 50005 }, 'blocked-by-policy'],
  [{ aadsts: 50053 }, 'blocked-by-policy'],
  [{ aadsts: 50097 }, 'blocked-by-policy'],
  [{ aadsts: 50105 }, 'blocked-by-policy'],
  [{ aadsts: 50129 }, 'blocked-by-policy'],
  [{ aadsts: 50131 }, 'blocked-by-policy'],
  [{ aadsts: 50155 }, 'blocked-by-policy'],
  [{ aadsts: 50177 }, 'blocked-by-policy'],
  [{ aadsts: 50178 }, 'blocked-by-policy'],
  [{ aadsts: 50187 }, 'blocked-by-policy'],
  [{ aadsts: 53000 }, 'blocked-by-policy'],
  [{ aadsts: 53001 }, 'blocked-by-policy'],
  [{ aadsts: 53002 }, 'blocked-by-policy'],
  [{ aadsts: 53003 }, 'blocked-by-policy'],
  [{ aadsts: 53004 }, 'blocked-by-policy'],
  [{ aadsts: 53010 }, 'blocked-by-policy'],
  [{ aadsts: 53011 }, 'blocked-by-policy'],
  [{ aadsts: 500021 }, 'blocked-by-policy'],
  [{ aadsts: 500022 }, 'blocked-by-policy'],
  [{ aadsts: 500212 }, 'blocked-by-policy'],
  [{ aadsts: 500213 }, 'blocked-by-policy'],
  [{ aadsts: 530003 }, 'blocked-by-policy'],
  [{ aadsts: 530032 }, 'blocked-by-policy'],
  [{ aadsts: 530034 }, 'blocked-by-policy'],
  [{ aadsts: 530035 }, 'blocked-by-policy'],
  // Our own secret or certificate.
  [{ aadsts: 50012 }, 'credential-invalid'],
  [{ aadsts: 50027 }, 'credential-invalid'],
  [{ aadsts: 50048 }, 'credential-invalid'],
  [{ aadsts: 700024 }, 'credential-invalid'],
  [{ aadsts: 700027 }, 'credential-invalid'],
  [{ aadsts: 700030 }, 'credential-invalid'],
  [{ aadsts: 7000215 }, 'credential-invalid'],
  [{ aadsts: 7000218 }, 'credential-invalid'],
  [{ aadsts: 7000222 }, 'credential-invalid'],
  [{ aadsts: 70001 }, 'application-disabled'],
  [{ aadsts: 1000031 }, 'application-disabled'],
  [{ aadsts: 7000112 }, 'application-disabled'],
  [{ aadsts: 50059 }, 'tenant-unknown'],
  [{ aadsts: 50128 }, 'tenant-unknown'],
  [{ aadsts: 90002 }, 'tenant-unknown'],
  [{ aadsts: 90019 }, 'tenant-unknown'],
  [{ aadsts: 90038 }, 'tenant-unknown'],
  [{ aadsts: 900023 }, 'tenant-unknown'],
  [{ aadsts: 5000224 }, 'tenant-unknown'],
  // The tenant has no subscription to the service that was asked for.
  [{ aadsts: 500011 }, 'licence-missing'],
  [{ aadsts: 650052 }, 'licence-missing'],
  // The registration or the request is not as the product needs it.
  [{ aadsts: 50011 }, 'request-rejected'],
  [{ aadsts: 50147 }, 'request-rejected'],
  [{ aadsts: 50194 }, 'request-rejected'],
  [{ aadsts: 65005 }, 'request-rejected'],
  [{ aadsts: 70003 }, 'request-rejected'],
  [{ aadsts: 70011 }, 'request-rejected'],
  [{ aadsts: 90014 }, 'request-rejected'],
  [{ aadsts: 90023 }, 'request-rejected'],
  [{ aadsts: 501461 }, 'request-rejected'],
  [{ aadsts: 501481 }, 'request-rejected'],
  [{ aadsts: 501491 }, 'request-rejected'],
  [{ aadsts: 650053 }, 'request-rejected'],
  [{ aadsts: 650056 }, 'request-rejected'],
  [{ aadsts: 650057 }, 'request-rejected'],
  [{ aadsts: 700005 }, 'request-rejected'],
  [{ aadsts: 700025 }, 'request-rejected'],
  [{ aadsts: 700054 }, 'request-rejected'],
  [{ aadsts: 900144 }, 'request-rejected'],
  [{ aadsts: 900382 }, 'request-rejected'],
  [{ aadsts: 900432 }, 'request-rejected'],
  [{ aadsts: 900561 }, 'request-rejected'],
  [{ aadsts: 900971 }, 'request-rejected'],
  [{ aadsts: 901002 }, 'request-rejected'],
  [{ aadsts: 9001023 }, 'request-rejected'],
  [{ aadsts: 9002313 }, 'request-rejected'],
  // Passing.
  [{ aadsts: 50196 }, 'throttled'],
  [{ aadsts: 90055 }, 'throttled'],
  [{ aadsts: 50033 }, 'upstream-unavailable'],
  [{ aadsts: 90006 }, 'upstream-unavailable'],
  [{ aadsts: 90012 }, 'upstream-unavailable'],
  [{ aadsts: 90024 }, 'upstream-unavailable'],
  [{ aadsts: 90033 }, 'upstream-unavailable'],
  [{ aadsts: 90090 }, 'upstream-unavailable'],
  [{ aadsts: 650051 }, 'upstream-unavailable'],
] as const satisfies readonly Row[];

type Signal = (typeof ENTRA_PROBLEMS)[number][0];
type ValueOf<Name extends string> =
  Extract<Signal, Readonly<Record<Name, unknown>>> extends infer S
    ? S extends Readonly<Record<Name, infer Value>>
      ? Value
      : never
    : never;

/** Every code of the table as a person meets it: the number as `AADSTS50020`, the words as they are. */
export type EntraCode = `AADSTS${ValueOf<'aadsts'>}` | ValueOf<'error'> | ValueOf<'suberror'>;

const BY_ERROR = new Map<string, EntraProblemCode>();
const BY_SUBERROR = new Map<string, EntraProblemCode>();
const BY_NUMBER = new Map<number, EntraProblemCode>();
for (const [signal, code] of ENTRA_PROBLEMS) {
  if ('error' in signal) BY_ERROR.set(signal.error, code);
  else if ('suberror' in signal) BY_SUBERROR.set(signal.suberror, code);
  else BY_NUMBER.set(signal.aadsts, code);
}

/** How long to wait when the login service throttles without a header. */
const THROTTLED_SECONDS = 30;

/** A refusal by the login service, from a token answer's body or a redirect's query. */
export type OauthError = {
  readonly error: string;
  readonly description?: string;
  readonly suberror?: string;
  readonly numbers?: readonly number[];
  readonly correlationId?: string;
  readonly timestamp?: string;
  readonly status?: number;
};

const Text = z.string().optional().catch(undefined);

const OauthErrorBody = z.object({
  error: z.string(),
  error_description: Text,
  suberror: Text,
  error_codes: z.array(z.number()).optional().catch(undefined),
  correlation_id: Text,
  timestamp: Text,
});

/** Reads the error body of the token and discovery endpoints; undefined when it is none. */
export function readOauthError(json: unknown, status: number): OauthError | undefined {
  const parsed = OauthErrorBody.safeParse(json);
  if (!parsed.success) return undefined;
  const body = parsed.data;
  return {
    error: body.error,
    description: body.error_description,
    suberror: body.suberror,
    numbers: body.error_codes,
    correlationId: body.correlation_id,
    timestamp: body.timestamp,
    status,
  };
}

/**
 * The Problem behind a refusal. `input` is what was asked for as the tenant, named when there is no such tenant.
 */
export function entraProblem(oauthError: OauthError, input: string): Problem {
  const numbers = aadstsNumbers(oauthError);
  const microsoft = trace(oauthError, numbers);
  const code = classify(oauthError, numbers);
  switch (code) {
    case 'tenant-unknown':
      return { code, input, microsoft };
    case 'throttled':
      return { code, retryAfterSeconds: THROTTLED_SECONDS, microsoft };
    case 'upstream-unavailable':
      return { code, reason: 'The login service could not finish the request.', microsoft };
    default:
      return { code, microsoft };
  }
}

function classify(oauthError: OauthError, numbers: readonly number[]): EntraProblemCode {
  for (const number of numbers) {
    const code = BY_NUMBER.get(number);
    if (code) return code;
  }
  return BY_SUBERROR.get(oauthError.suberror ?? '') ?? BY_ERROR.get(oauthError.error) ?? 'request-rejected';
}

/** Redirects carry the number in the text alone, as do older bodies. */
function aadstsNumbers({ numbers, description = '' }: OauthError): readonly number[] {
  if (numbers && numbers.length > 0) return numbers;
  return [...description.matchAll(/\bAADSTS(\d+)/g)].map(([, digits]) => Number(digits));
}

/** The trailer of a description is split by line breaks or, in newer ones, by blanks. */
function trace(oauthError: OauthError, numbers: readonly number[]): MicrosoftTrace {
  const { description = '' } = oauthError;
  const number = numbers.find((candidate) => BY_NUMBER.has(candidate)) ?? numbers[0];
  return {
    code: number === undefined ? oauthError.error : `AADSTS${number}`,
    correlationId: oauthError.correlationId ?? /Correlation ID: ([0-9a-f-]{36})/i.exec(description)?.[1],
    timestamp: oauthError.timestamp ?? /Timestamp: (\d{4}-\d\d-\d\d \d\d:\d\d:\d\dZ)/.exec(description)?.[1],
    status: oauthError.status,
  };
}
