import type { Problem } from '#lib/core/problem.ts';
import type { TenantStatus } from '#lib/db/generated/client.ts';
import { type PhaseRecord, type RunStatus, runProgress } from '../imports/model.ts';
import { CAPABILITIES, CAPABILITY, type Capability, type CapabilityChecks } from '../tenants/capabilities.ts';
import type { TenantKind } from '../tenants/model.ts';
import { wasProvenSince } from '../tenants/proof.ts';
import type { SubscriptionCheck } from '../tenants/subscription-checks.ts';
import type { CheckPulse, TenantCheck } from '../tenants/tenant-check.ts';
import { STEPS, type Step, type StepName, type StepState } from './model.ts';
import { capabilityReceipt, waitingWords } from './waiting-words.ts';

/** One line of the checklist that a person sees when they are back from Microsoft. */
export type ChecklistLine = {
  readonly id: string;
  readonly title: string;
  readonly state: StepState;
  readonly detail?: string;
  readonly problem?: Problem;
  readonly startedAt?: Date;
  readonly endedAt?: Date;
  /** How long it usually takes, such as "usually under 2 min". */
  readonly usually?: string;
};

export type ChecklistInput = {
  readonly kind: TenantKind;
  /** `failed` also where the process that worked on it is gone. */
  readonly state: 'redirected' | 'working' | 'succeeded' | 'failed';
  readonly steps: readonly Step[];
  /** What has become of the tenant; absent before it is bound. */
  readonly tenant?: {
    readonly kind: TenantKind;
    readonly status: TenantStatus;
    readonly boundAt: Date;
    readonly capabilities: CapabilityChecks;
    /** Of the subscriptions that were added. */
    readonly subscriptions: readonly (SubscriptionCheck | undefined)[];
    readonly check?: TenantCheck;
    readonly pulse: CheckPulse;
  };
  /** The import that followed. */
  readonly run?: {
    readonly status: RunStatus;
    readonly phases: readonly PhaseRecord[];
    readonly problem?: Problem;
    readonly createdAt: Date;
    readonly finishedAt: Date | null;
  };
  /** Products that the tenant is known to have. */
  readonly products: number;
};

type Tenant = NonNullable<ChecklistInput['tenant']>;

const TITLE: Readonly<Record<StepName, string>> = {
  approval: 'Approval recorded at Microsoft',
  'sign-in': 'Sign-in to the right tenant',
  role: 'Right to connect the tenant',
  subscriptions: 'Subscriptions you may add',
  principal: 'Token received',
  'assign-role': 'Reader role on the subscriptions',
};

const USUALLY: Readonly<Partial<Record<StepName, string>>> = {
  principal: 'usually under 1 min',
  'assign-role': 'usually under 1 min each',
};

const HANDOVER = 'usually under 2 min';

/** The person first, then what was approved: the order in which one proof rests on the other. */
const ORDER: Readonly<Record<TenantKind, readonly StepName[]>> = {
  office365: ['sign-in', 'role', 'approval'],
  azure: STEPS.azure,
};

/**
 * The lines in the order of the work: the flow's own steps, what its grant proves, and the first import. What a
 * failed flow never came to is left out.
 */
export function checklist(input: ChecklistInput, now: Date): readonly ChecklistLine[] {
  const lines = [...flowLines(input, now), ...proofLines(input, now), importLine(input, now)];
  if (input.state !== 'failed') return withoutRepetition(lines);
  return lines.filter(({ state }) => state !== 'waiting');
}

/** Lines that wait for the same thing say it once. */
function withoutRepetition(lines: readonly ChecklistLine[]): readonly ChecklistLine[] {
  return lines.map((line, index) => {
    const isSaid = line.state === 'checking' && lines[index - 1]?.detail === line.detail;
    if (!isSaid) return line;
    const { detail: _, ...rest } = line;
    return rest;
  });
}

function flowLines(input: ChecklistInput, now: Date): readonly ChecklistLine[] {
  const { kind, state, steps, tenant } = input;
  return ORDER[kind].flatMap((name): ChecklistLine[] => {
    const begun = steps.filter(({ step }) => step === name);
    if (begun.length === 0) return [{ id: name, title: TITLE[name], state: 'waiting' }];
    const lines = begun.map((step) => flowLine(step, state));
    return name === 'approval' && tenant ? lines.map((line) => approvalLine(line, tenant, now)) : lines;
  });
}

function flowLine(step: Step, flowState: ChecklistInput['state']): ChecklistLine {
  const { step: name, subject, detail, problem, startedAt, endedAt } = step;
  // Nobody checks any more.
  const state = step.state === 'checking' && flowState === 'failed' ? 'could-not-check' : step.state;
  return {
    id: subject ? `${name}-${subject.id}` : name,
    title: subject ? `Reader role on ${subject.name}` : TITLE[name],
    state,
    ...(detail && { detail }),
    ...(problem && { problem }),
    startedAt: new Date(startedAt),
    ...(endedAt && { endedAt: new Date(endedAt) }),
    ...(USUALLY[name] && { usually: USUALLY[name] }),
  };
}

/** The redirect only reports an approval; that the tenant knows the application shows that it was recorded. */
function approvalLine(line: ChecklistLine, tenant: Tenant, now: Date): ChecklistLine {
  const { check, status } = tenant;
  if (line.state !== 'ok' || !check || check.token.state !== 'missing') return line;
  const { endedAt: _, detail: __, ...rest } = line;
  if (status === 'verifying') {
    const detail =
      waitingWords(tenant, now) ?? 'Microsoft reports the approval. We look for it in the tenant.';
    return { ...rest, state: 'checking', detail, usually: HANDOVER };
  }
  return {
    ...rest,
    state: 'needs-you',
    detail: 'Microsoft reported an approval, but the tenant does not know the application.',
    ...endOf(tenant),
  };
}

function proofLines(input: ChecklistInput, now: Date): readonly ChecklistLine[] {
  const { kind, tenant } = input;
  if (kind === 'azure') return [seenLine(input, now)];
  return [
    tokenLine(tenant, now),
    ...CAPABILITIES.map((capability) => capabilityLine(capability, tenant, now)),
  ];
}

/** When the series of checks that belongs to the binding ended; later ones say nothing about how long it took. */
function endOf({ check }: Tenant): { endedAt?: Date } {
  return check?.cause === 'onboarding' && check.endedAt ? { endedAt: new Date(check.endedAt) } : {};
}

/** Began with the binding and ended with a check of the same; without an end of that time, no time is told. */
function timesOf({ boundAt }: Tenant, endedAt?: Date): Pick<ChecklistLine, 'startedAt' | 'endedAt'> {
  return endedAt && endedAt >= boundAt ? { startedAt: boundAt, endedAt } : {};
}

function tokenLine(tenant: Tenant | undefined, now: Date): ChecklistLine {
  const line = { id: 'token', title: 'Token received' };
  if (!tenant) return { ...line, state: 'waiting' };
  const { check, status, boundAt } = tenant;
  const token = check?.token;
  if (token?.state === 'ok') {
    const end = check?.cause === 'onboarding' && token.at ? new Date(token.at) : undefined;
    return {
      ...line,
      state: 'ok',
      detail: 'Microsoft issued our application a token of this tenant.',
      ...timesOf(tenant, end),
    };
  }
  // The tenant does not know the application yet: the approval is what is awaited.
  if (status === 'verifying' && token?.state === 'missing') return { ...line, state: 'waiting' };
  if (status === 'verifying') {
    const detail = waitingWords(tenant, now);
    return { ...line, state: 'checking', startedAt: boundAt, ...(detail && { detail }), usually: HANDOVER };
  }
  const state = token?.state === 'missing' ? 'needs-you' : 'could-not-check';
  const problem = token?.problem;
  return { ...line, state, ...(problem && { problem }), ...timesOf(tenant, endOf(tenant).endedAt) };
}

function capabilityLine(capability: Capability, tenant: Tenant | undefined, now: Date): ChecklistLine {
  const { title, withoutIt, asked } = CAPABILITY[capability];
  const line = { id: capability, title };
  if (!tenant) return { ...line, state: 'waiting' };
  const { boundAt, status } = tenant;
  const check = tenant.capabilities[capability];
  const isProven = check?.state === 'proven' && (status !== 'verifying' || wasProvenSince(check, boundAt));
  if (isProven) {
    return {
      ...line,
      state: 'ok',
      detail: capabilityReceipt(check),
      ...timesOf(tenant, new Date(check.since)),
    };
  }
  if (status === 'verifying') {
    if (tenant.check?.token.state !== 'ok') return { ...line, state: 'waiting' };
    const detail = waitingWords(tenant, now);
    return { ...line, state: 'checking', startedAt: boundAt, ...(detail && { detail }), usually: HANDOVER };
  }
  const end = timesOf(tenant, endOf(tenant).endedAt);
  if (check?.state === 'missing') {
    return { ...line, state: 'needs-you', detail: `${asked} is not granted. ${withoutIt}`, ...end };
  }
  return { ...line, state: 'could-not-check', detail: withoutIt, ...end };
}

function seenLine({ state, tenant }: ChecklistInput, now: Date): ChecklistLine {
  const line = { id: 'seen', title: 'Subscriptions seen by the portal' };
  if (!tenant || state === 'working' || state === 'redirected') return { ...line, state: 'waiting' };
  const { subscriptions, status, check } = tenant;
  if (subscriptions.length === 0) return { ...line, state: 'waiting' };
  const count = (wanted: SubscriptionCheck['state']) =>
    subscriptions.filter((found) => found?.state === wanted).length;
  const seen = count('proven');
  const counted = `${seen} of ${subscriptions.length} seen.`;
  const startedAt = check?.cause === 'onboarding' ? new Date(check.since) : undefined;
  if (seen === subscriptions.length) {
    const since =
      subscriptions
        .map((found) => found?.since ?? '')
        .toSorted()
        .at(-1) ?? '';
    const endedAt = new Date(since);
    const isOfThisTime = startedAt && endedAt >= startedAt;
    return {
      ...line,
      state: 'ok',
      detail: `${counted} Our application is shown each of them and may read it.`,
      ...(isOfThisTime && { startedAt, endedAt }),
    };
  }
  if (status === 'verifying') {
    const detail = waitingWords(tenant, now) ?? counted;
    return { ...line, state: 'checking', ...(startedAt && { startedAt }), detail, usually: HANDOVER };
  }
  return { ...line, state: count('missing') > 0 ? 'needs-you' : 'could-not-check', detail: counted };
}

function importLine({ kind, tenant, run, products }: ChecklistInput, now: Date): ChecklistLine {
  const line = { id: 'import', title: 'First numbers' };
  if (!tenant || !run) return { ...line, state: 'waiting' };
  const found = kind === 'office365' && products > 0 ? `${count(products, 'product')} found. ` : '';
  const times = { startedAt: run.createdAt, ...(run.finishedAt && { endedAt: run.finishedAt }) };
  if (run.status === 'running') {
    const detail = `${found}${underway(run.phases, now)}`;
    return { ...line, ...times, state: 'checking', ...(detail && { detail }) };
  }
  const { problem } = run;
  const isGood = run.status === 'completed';
  const users = run.phases.find(({ phase }) => phase === 'users')?.received ?? 0;
  return {
    ...line,
    ...times,
    state: isGood ? 'ok' : 'could-not-check',
    detail: users > 0 ? `${found}${count(users, 'user')} read.` : found.trim() || undefined,
    ...(problem && { problem }),
  };
}

function underway(phases: readonly PhaseRecord[], now: Date): string {
  const { phase, received, expected } = runProgress(phases, now);
  if (phase !== 'users' || received === 0) return '';
  if (!expected) return `Users are loading: ${number(received)} so far.`;
  return `Users are loading: ${number(received)} of ${number(expected)}.`;
}

const NUMBER = new Intl.NumberFormat('en-US');
const number = (value: number): string => NUMBER.format(value);
const count = (value: number, noun: string): string => `${number(value)} ${value === 1 ? noun : `${noun}s`}`;
