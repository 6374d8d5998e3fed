import type { SignInFailure } from '#lib/auth/sign-in-failure.ts';
import { REFINEMENTS } from '#lib/core/problem-refinements.ts';
import { describeProblem } from '#lib/core/problem-text.ts';

/** What happened, what to do now, and who can do it where that is not the reader. */
export type FailureWords = { readonly title: string; readonly action: string; readonly who?: string };

const NOT_STARTED_HERE: FailureWords = {
  title: 'This sign-in was not started in this browser, or took longer than 15 minutes',
  action: 'Nobody has been signed in. Start again here, and finish in the same browser.',
};

const APPROVAL_NEEDED: FailureWords = {
  title: 'Your organization wants an administrator to approve this portal first',
  action: 'Ask them to sign in here once and to accept Microsoft’s request on behalf of the organization.',
  who: 'A Cloud Application Administrator, Application Administrator or Global Administrator of your organization',
};

const OTHER_ACCOUNT: FailureWords = {
  title: 'This account cannot be used here',
  action:
    'Sign in with a work or school account. On Microsoft’s page choose “Use another account” if it is not listed.',
};

const UNREACHABLE: FailureWords = {
  title: 'Microsoft’s sign-in service could not be reached',
  action: 'Nobody has been signed in. Wait a minute, then try again.',
};

const UNVERIFIED: FailureWords = {
  title: 'Microsoft’s answer could not be verified',
  action:
    'Nobody has been signed in. Try again; if it happens again, the operator checks the portal’s clock, application ID and authority.',
  who: 'The operator of this portal',
};

const REFUSED: FailureWords = {
  title: 'Microsoft refused the sign-in',
  action: 'Try again. If it happens again, give the details below to an administrator of your organization.',
};

const WORDS: Readonly<Partial<Record<SignInFailure['code'], FailureWords>>> = {
  unexpected: {
    title: 'Something went wrong on our side',
    action: 'Nobody has been signed in. Try again; if it happens again, give the request ID to the operator.',
    who: 'The operator of this portal',
  },
  'state-unknown': NOT_STARTED_HERE,
  'state-expired': NOT_STARTED_HERE,
  'state-used': NOT_STARTED_HERE,
  'state-foreign': NOT_STARTED_HERE,
  'consent-declined': {
    title: 'The sign-in was cancelled at Microsoft',
    action: 'Nothing was approved and nothing has changed. Sign in again when you are ready.',
  },
  'admin-needed': APPROVAL_NEEDED,
  'consent-required': APPROVAL_NEEDED,
  'wrong-account': OTHER_ACCOUNT,
  'wrong-tenant': OTHER_ACCOUNT,
  'tenant-unknown': OTHER_ACCOUNT,
  'sign-in-required': {
    title: 'Microsoft wants you to sign in again',
    action: 'The code it gave is no longer valid, or it asks for an extra verification. Sign in again.',
  },
  'blocked-by-policy': {
    title: 'A Conditional Access rule of your organization stopped the sign-in',
    action: 'Give them the details below; they find the attempt in the sign-in logs of Microsoft Entra.',
    who: 'A security administrator of your organization',
  },
  'credential-invalid': {
    title: 'Microsoft does not accept this portal’s own credential',
    action: 'The secret or certificate of the portal’s app registration is wrong or has expired: renew it.',
    who: 'The operator of this portal',
  },
  'application-disabled': {
    title: 'This portal is disabled in your organization',
    action: 'Ask them to enable its sign-in under Enterprise applications in Microsoft Entra.',
    who: 'An administrator of your organization',
  },
  'token-invalid': UNVERIFIED,
  'upstream-shape': UNVERIFIED,
  'upstream-unavailable': UNREACHABLE,
  throttled: UNREACHABLE,
};

/**
 * The words for a failed sign-in; a code without words of its own is a refusal by Microsoft. Where Microsoft's code
 * says more, so do they.
 */
export function failureWords({ code, microsoft, retryAfterSeconds = 60 }: SignInFailure): FailureWords {
  if (code !== 'rate-limited') return { ...(WORDS[code] ?? REFUSED), ...refinedWords(microsoft?.code) };
  const { action } = describeProblem({ code, retryAfterSeconds });
  return {
    title: 'Too many people are signing in at the moment',
    action: `Nobody has been signed in. ${action}`,
    who: 'Nobody, it passes by itself',
  };
}

function refinedWords(code = ''): Partial<FailureWords> {
  if (!Object.hasOwn(REFINEMENTS, code)) return {};
  const { title, ...rest } = REFINEMENTS[code] ?? {};
  return { ...rest, ...(title && { title: title.replace(/\.$/, '') }) };
}
