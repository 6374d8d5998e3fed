import type { Problem } from '#lib/core/problem.ts';
import type { TenantStatus } from '#lib/db/generated/client.ts';
import { type PhaseRecord, type RunStatus, runProgress } from '../imports/model.ts';
import { CAPABILITIES, CAPABILITY, type Capability, type CapabilityChecks } from '../tenants/capabilities.ts';
import type { TenantKind } from '../tenants/model.ts';
import { STEPS, type Step, type StepName, type StepState } from './model.ts';

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
    readonly status: TenantStatus;
    readonly statusChangedAt: Date;
    readonly capabilities: CapabilityChecks;
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

const TITLE: Readonly<Record<StepName, string>> = {
  approval: 'Approval at Microsoft',
  'sign-in': 'Sign-in to the tenant',
  role: 'Right to connect the tenant',
  subscriptions: 'Subscriptions you may add',
  principal: 'Identity of the portal in the tenant',
  'assign-role': 'Reader role on the subscriptions',
};

const USUALLY: Readonly<Partial<Record<StepName, string>>> = {
  principal: 'usually under 1 min',
  'assign-role': 'usually under 1 min each',
};

/**
 * The lines in the order of the work: the flow's own steps, what its grant proves, and the first import. What a
 * failed flow never came to is left out.
 */
export function checklist(input: ChecklistInput, now: Date): readonly ChecklistLine[] {
  const lines = [...flowLines(input), ...capabilityLines(input), importLine(input, now)];
  if (input.state !== 'failed') return lines;
  return lines.filter(({ state }) => state !== 'waiting');
}

function flowLines({ kind, state, steps }: ChecklistInput): readonly ChecklistLine[] {
  return STEPS[kind].flatMap((name): ChecklistLine[] => {
    const begun = steps.filter(({ step }) => step === name);
    if (begun.length === 0) return [{ id: name, title: TITLE[name], state: 'waiting' }];
    return begun.map((step) => flowLine(step, state));
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

function capabilityLines({ kind, tenant }: ChecklistInput): readonly ChecklistLine[] {
  if (kind !== 'office365') return [];
  return CAPABILITIES.map((capability) => capabilityLine(capability, tenant));
}

function capabilityLine(capability: Capability, tenant: ChecklistInput['tenant']): ChecklistLine {
  const { title, withoutIt, asked } = CAPABILITY[capability];
  const line = { id: capability, title };
  if (!tenant) return { ...line, state: 'waiting' };
  const check = tenant.capabilities[capability];
  if (check?.state === 'proven') {
    return {
      ...line,
      state: 'ok',
      detail: `Proven: ${check.permission} is granted.`,
      endedAt: new Date(check.checkedAt),
    };
  }
  if (tenant.status === 'verifying') {
    return {
      ...line,
      state: 'checking',
      startedAt: tenant.statusChangedAt,
      detail: check
        ? 'Microsoft has not handed over the approval yet. We check again by ourselves.'
        : undefined,
      usually: 'usually under 2 min',
    };
  }
  if (check?.state === 'missing') {
    return { ...line, state: 'needs-you', detail: `${asked} is not granted. ${withoutIt}` };
  }
  return { ...line, state: 'could-not-check', detail: withoutIt };
}

function importLine({ kind, tenant, run, products }: ChecklistInput, now: Date): ChecklistLine {
  const line = { id: 'import', title: 'First import' };
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
