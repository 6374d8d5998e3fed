import type { Problem } from '#lib/core/problem.ts';
import { describeProblem } from '#lib/core/problem-text.ts';
import type { TenantStatus } from '#lib/db/generated/client.ts';
import { CAPABILITIES, CAPABILITY, type CapabilityChecks } from './capabilities.ts';
import type { TenantKind } from './model.ts';
import type { FoundAt, FoundState } from './proof.ts';
import type { CheckPulse, TenantCheck } from './tenant-check.ts';

/** What most likely stands in the way, told from the proofs. */
export type DiagnosisCause =
  | 'not-checked'
  | 'no-service-principal'
  | 'service-principal-gone'
  | 'nothing-granted'
  | 'everything-withdrawn'
  | 'partly-granted'
  | 'partly-withdrawn'
  | 'refused-by-graph'
  | 'policy'
  | 'our-credential'
  | 'unreachable'
  | 'azure-roles';

/** A cause in words, for the people who can do something about it. */
export type Diagnosis = {
  readonly cause: DiagnosisCause;
  /** What is so, with the tenant, the application and the permissions, as a sentence. */
  readonly title: string;
  /** What that most likely means, in sentences. */
  readonly reason: string;
  /** Who can fix it; without a full stop. */
  readonly who: string;
  /** What to do, in sentences. */
  readonly action: string;
  /** The Problem behind it, for Microsoft's code and ids. */
  readonly problem: Problem;
};

export type DiagnosisInput = {
  readonly kind: TenantKind;
  readonly name: string;
  readonly directoryId: string;
  /** The application of ours that the tenant approves. */
  readonly appId: string;
  readonly status: TenantStatus;
  readonly problem?: Problem;
  readonly capabilities: CapabilityChecks;
  /** The subscriptions that were added, by what was found of each. */
  readonly subscriptions: readonly {
    readonly displayName: string;
    readonly check?: { readonly state: FoundState } & FoundAt;
  }[];
  readonly check?: TenantCheck;
  readonly pulse: CheckPulse;
};

const NOBODY = 'Nobody, it passes by itself';
const OPERATOR = 'The operator of this portal';
const SECURITY_ADMIN = 'A security administrator of the tenant';
const SUBSCRIPTION_OWNER = 'An Owner or User Access Administrator of the subscription';

/**
 * Names the cause of a tenant's state from the evidence. Undefined where all is well, where it is still awaited, and
 * where the Problem itself says all there is.
 */
export function diagnose(input: DiagnosisInput): Diagnosis | undefined {
  const { status, problem, kind, pulse } = input;
  if (!problem || status === 'connected' || status === 'verifying') return undefined;
  if (problem.code === 'flow-interrupted') {
    return kind === 'office365' && pulse !== 'over' ? notChecked(input, problem) : undefined;
  }
  if (problem.code === 'blocked-by-policy') return policy(input, problem);
  if (problem.code === 'credential-invalid') return ourCredential(input, problem);
  if (problem.code === 'upstream-unavailable' || problem.code === 'throttled')
    return unreachable(input, problem);
  if (kind === 'azure') return azureRoles(input, problem);
  if (problem.code === 'consent-required') {
    return input.check?.token.state === 'ok' ? nothingGranted(input, problem) : notThere(input, problem);
  }
  return problem.code === 'permission-missing' ? partly(input, problem) : undefined;
}

/** The tenant by name and id, as Microsoft's pages show it. */
const tenantOf = ({ name, directoryId }: DiagnosisInput): string => `${name} (${directoryId})`;

const adminOf = ({ name }: DiagnosisInput): string =>
  `A Global Administrator or Privileged Role Administrator of ${name}`;

function notChecked(input: DiagnosisInput, problem: Problem): Diagnosis {
  const since = input.check?.endedAt ?? input.check?.since;
  return {
    cause: 'not-checked',
    title: `Nobody has looked whether ${tenantOf(input)} has handed over the approval.`,
    reason: `The workers of this portal check it, and none has done so${since ? ` since ${instant(since)}` : ''}. Nothing is known against the tenant.`,
    who: OPERATOR,
    action: 'Start a worker, or look into its log. The check then goes on by itself, without a new approval.',
    problem,
  };
}

function notThere(input: DiagnosisInput, problem: Problem): Diagnosis {
  const { appId } = input;
  const provenAt = lastProven(Object.values(input.capabilities));
  const common = {
    title: `Microsoft does not know the application ${appId} in the tenant ${tenantOf(input)}.`,
    who: adminOf(input),
    problem,
  };
  if (provenAt) {
    return {
      ...common,
      cause: 'service-principal-gone',
      reason: `It was there on ${instant(provenAt)}. Most likely somebody has deleted it from the tenant’s enterprise applications.`,
      action: 'Approve again, with an account of this tenant, if the connection is still wanted.',
    };
  }
  return {
    ...common,
    cause: 'no-service-principal',
    reason:
      'Most likely the approval was given in another tenant, or Microsoft never recorded it. It cannot be late any more.',
    action: `Approve again, and pick an account of ${input.name} on Microsoft’s page.`,
  };
}

function nothingGranted(input: DiagnosisInput, problem: Problem): Diagnosis {
  const provenAt = lastProven(Object.values(input.capabilities));
  const asked = listed([...new Set(CAPABILITIES.map((capability) => CAPABILITY[capability].asked))]);
  const common = {
    title: `${tenantOf(input)} grants the application ${input.appId} none of its permissions: ${asked}.`,
    who: adminOf(input),
    problem,
  };
  if (provenAt) {
    return {
      ...common,
      cause: 'everything-withdrawn',
      reason: `They were proven on ${instant(provenAt)}. Somebody has withdrawn them since.`,
      action: 'Approve again, if the connection is still wanted.',
    };
  }
  return {
    ...common,
    cause: 'nothing-granted',
    reason:
      'The tenant knows the application, so somebody signed in to it. Most likely the permissions were approved with an account that may not approve them for the whole tenant, or not at all.',
    action: 'Approve again, with an account that has one of these roles.',
  };
}

function partly(input: DiagnosisInput, problem: Problem): Diagnosis | undefined {
  const { capabilities } = input;
  const missing = CAPABILITIES.filter((capability) => capabilities[capability]?.state === 'missing');
  if (missing.length === 0) return refusedByGraph(input, problem);
  const asked = listed(missing.map((capability) => CAPABILITY[capability].asked));
  const provenAt = lastProven(missing.map((capability) => capabilities[capability]));
  const without = missing.map((capability) => CAPABILITY[capability].withoutIt).join(' ');
  return {
    cause: provenAt ? 'partly-withdrawn' : 'partly-granted',
    title: `${tenantOf(input)} does not grant the application ${input.appId} ${asked}.`,
    reason: `${provenAt ? `Somebody has withdrawn it since ${instant(provenAt)}.` : 'Only a part was approved.'} The rest works. ${without}`,
    who: adminOf(input),
    action: 'Approve again to add it, or leave it as it is.',
    problem,
  };
}

function refusedByGraph(input: DiagnosisInput, problem: Problem): Diagnosis | undefined {
  const refused = CAPABILITIES.filter((capability) => {
    const proofs = input.capabilities[capability]?.proofs;
    return proofs?.token.state === 'ok' && proofs.read.state === 'missing';
  });
  if (refused.length === 0) return undefined;
  const names = listed(refused.map((capability) => CAPABILITY[capability].asked));
  return {
    cause: 'refused-by-graph',
    title: `Microsoft Graph refuses reads in ${tenantOf(input)}, although the token has ${names}.`,
    reason:
      'Right after an approval that passes. Later, most likely a rule of the tenant restricts what applications may read.',
    who: SECURITY_ADMIN,
    action:
      'Look for restrictions of the application in the Entra admin center, then check again. The details below name the refused request.',
    problem,
  };
}

const policy = (input: DiagnosisInput, problem: Problem): Diagnosis => ({
  cause: 'policy',
  title: `A Conditional Access rule of ${tenantOf(input)} stops the application ${input.appId}.`,
  reason:
    'The rule applies to workload identities, that is to applications that sign in as themselves. The approval is not in doubt.',
  who: SECURITY_ADMIN,
  action:
    'Exclude the application from the rule, or allow the address of this portal. They find the rule in the sign-in log of service principals, under the correlation ID below.',
  problem,
});

const ourCredential = (input: DiagnosisInput, problem: Problem): Diagnosis => ({
  cause: 'our-credential',
  ...describeProblem(problem),
  reason: `So ${tenantOf(input)} could not be checked with the application ${input.appId}. Nothing is known against the tenant, and nobody there has to do anything.`,
  problem,
});

function unreachable(input: DiagnosisInput, problem: Problem): Diagnosis {
  const checks = input.kind === 'azure' ? input.subscriptions.map(({ check }) => check) : [];
  const provenAt = lastProven([...Object.values(input.capabilities), ...checks]);
  const isThrottled = problem.code === 'throttled';
  return {
    cause: 'unreachable',
    title: isThrottled
      ? `Microsoft asked us to slow down before ${tenantOf(input)} could be checked.`
      : `Microsoft could not be reached to check ${tenantOf(input)}.`,
    reason: `Nothing is known against the tenant.${provenAt ? ` What it grants was last proven on ${instant(provenAt)}.` : ''}`,
    who: NOBODY,
    action: 'We check again every hour. Check now to know it sooner.',
    problem,
  };
}

function azureRoles(input: DiagnosisInput, problem: Problem): Diagnosis | undefined {
  if (problem.code === 'consent-required') {
    return { ...notThere({ ...input, capabilities: {} }, problem), action: 'Sign in again to add it.' };
  }
  const missing = input.subscriptions.filter(({ check }) => check?.state === 'missing');
  if (problem.code !== 'permission-missing' || missing.length === 0) return undefined;
  const all = input.subscriptions.length;
  const provenAt = lastProven(missing.map(({ check }) => check));
  return {
    cause: 'azure-roles',
    title: `The portal cannot see ${missing.length === all ? 'any' : `${missing.length}`} of the ${all} subscriptions that were added in ${tenantOf(input)}: ${listed(missing.map(({ displayName }) => displayName))}.`,
    reason: provenAt
      ? `It could on ${instant(provenAt)}. Most likely somebody has removed the role Reader of our application ${input.appId}, or the subscription was moved.`
      : `Azure accepted the role Reader for our application ${input.appId}, but does not honour it.`,
    who: SUBSCRIPTION_OWNER,
    action: 'Sign in again to give the role anew.',
    problem,
  };
}

/** The newest instant at which one of them was proven; undefined where none ever was. */
const lastProven = (found: readonly (FoundAt | undefined)[]): string | undefined =>
  found
    .flatMap((each) => each?.lastProvenAt ?? [])
    .toSorted()
    .at(-1);

/** `2030-01-02 03:04 UTC`. */
const instant = (iso: string): string => `${iso.slice(0, 10)} ${iso.slice(11, 16)} UTC`;

const LISTED_MAX = 5;

/** `A, B and C`, with the number of those beyond a handful. */
function listed(names: readonly string[]): string {
  const shown = names.length > LISTED_MAX ? names.slice(0, LISTED_MAX) : names;
  const rest = names.length - shown.length;
  const parts = rest > 0 ? [...shown, `${rest} more`] : shown;
  return parts.length < 2 ? parts.join('') : `${parts.slice(0, -1).join(', ')} and ${parts.at(-1)}`;
}
