import { z } from 'zod';
import { FlowId, TenantId } from '#lib/core/ids.ts';
import type { Problem } from '#lib/core/problem.ts';
import type { LendingPurpose } from '../delegation/model.ts';
import { readProblem } from '../problem-json.ts';
import { AGREEMENTS, type Agreement, TENANT_KINDS, type TenantKind, TenantName } from '../tenants/model.ts';
import { TenantReference } from '../tenants/resolve.ts';

/** A `state` that was sent to Microsoft is good for this long. */
export const REDIRECT_LIFETIME_MS = 10 * 60_000;

/** The browser's cookie outlives two redirects in a row; what counts is the redirect's own lifetime. */
export const BROWSER_COOKIE_SECONDS = (2 * REDIRECT_LIFETIME_MS) / 1000;

/** A flow in work writes at least this often; one that has been silent for longer was left by a dead process. */
export const SILENT_AFTER_MS = 2 * 60_000;

/** Where Microsoft sends the browser back to: fixed, since operators register these addresses. */
export const CALLBACK_PATH = {
  sign_in: '/api/consent/callback',
  admin_consent: '/api/consent/admin-callback',
} as const;

/** The cookie of a flow that ties its redirects to the browser that began it. */
export const browserCookieName = (flowId: FlowId): string => `consent.${flowId}`;

const EnrollmentNumber = z
  .string()
  .trim()
  .max(20, 'An enrollment number has at most 20 characters. Leave it empty if you do not know it.')
  .regex(/^[0-9A-Za-z-]*$/, 'An enrollment number has only digits and letters, such as 8608480.');

/** What a person enters to add a cloud account. Answers to questions that the kind does not ask are dropped. */
export const AddAccount = z
  .object({
    kind: z.enum(TENANT_KINDS, { error: 'Choose Azure or Office 365.' }),
    name: TenantName,
    tenant: TenantReference,
    agreement: z.enum(AGREEMENTS, { error: 'Choose one of the agreements.' }).optional(),
    enrollmentNumber: EnrollmentNumber.optional(),
  })
  .transform(({ kind, name, tenant, agreement = 'ea', enrollmentNumber }): AddAccount => {
    if (kind === 'office365') return { kind, name, tenant };
    if (agreement !== 'ea' || !enrollmentNumber) return { kind, name, tenant, agreement };
    return { kind, name, tenant, agreement, enrollmentNumber };
  });

export type AddAccount = {
  readonly kind: TenantKind;
  readonly name: string;
  /** A domain or a tenant ID. */
  readonly tenant: string;
  readonly agreement?: Agreement;
  readonly enrollmentNumber?: string;
};

export const FlowReference = z.object({ flowId: FlowId });
export type FlowReference = z.infer<typeof FlowReference>;

export const TenantToReconnect = z.object({ tenantId: TenantId });
export type TenantToReconnect = z.infer<typeof TenantToReconnect>;

/** A person may go to Microsoft now. */
export type StartedFlow = {
  readonly flowId: FlowId;
  /** Where the browser goes. */
  readonly redirectUrl: string;
  /** What the browser keeps in the cookie of `browserCookieName`, and the database only as a hash. */
  readonly browserCookie: string;
};

/** What a callback hands over: the query Microsoft sent, and a way to read the cookie of a flow. */
export type CallbackInput = {
  readonly query: URLSearchParams;
  readonly browserCookie: (flowId: FlowId) => string | undefined;
};

/** Where a callback sends the browser. */
export type CallbackOutcome =
  /** On to Microsoft, with the next redirect of the flow. */
  | { readonly next: 'microsoft'; readonly flowId: FlowId; readonly url: string }
  /** To the flow's page; `notice` is what was wrong with this call where the flow itself is not touched. */
  | {
      readonly next: 'flow';
      readonly flowId: FlowId;
      readonly notice?: Problem;
      /** Work that goes on when the answer is out. Never throws. */
      readonly afterwards?: () => Promise<void>;
    }
  /** Back from a sign-in for a purpose: to its page, or where it did not succeed to what is known of it. */
  | {
      readonly next: 'delegation';
      readonly flowId: FlowId;
      readonly tenantId: TenantId;
      readonly purpose: LendingPurpose;
      readonly isActive: boolean;
      readonly notice?: Problem;
    }
  /** To a page that says what was wrong: which flow it is about is unknown, or not for this person to know. */
  | { readonly next: 'nowhere'; readonly problem: Problem };

export type StepState = 'waiting' | 'checking' | 'ok' | 'needs-you' | 'could-not-check';

/** The steps of each kind, in the order of the checklist; `assign-role` occurs once for each subscription. */
export const STEPS = {
  office365: ['approval', 'sign-in', 'role'],
  azure: ['sign-in', 'subscriptions', 'principal', 'assign-role'],
} as const satisfies Record<TenantKind, readonly string[]>;
export type StepName = (typeof STEPS)[TenantKind][number];

/** One line of a flow's checklist, which is also its receipt. */
export type Step = {
  readonly step: StepName;
  /** What the step is about where it occurs more than once: a subscription. */
  readonly subject?: { readonly id: string; readonly name: string };
  readonly state: StepState;
  /** What was found or done, as a sentence. */
  readonly detail?: string;
  readonly problem?: Problem;
  /** Instants, ISO 8601. */
  readonly startedAt: string;
  readonly endedAt?: string;
};

export type StepUpdate = Omit<Step, 'startedAt' | 'endedAt'>;

const isOver = (state: StepState): boolean => state !== 'waiting' && state !== 'checking';

/**
 * The steps with this one brought up to date: a known one keeps its place and its start, a new one comes last. A step
 * ends when it is neither waiting nor checking.
 */
export function withStep(steps: readonly Step[], update: StepUpdate, now: Date): readonly Step[] {
  const isSame = (step: Step) => step.step === update.step && step.subject?.id === update.subject?.id;
  const known = steps.find(isSame);
  const at = now.toISOString();
  const step: Step = {
    ...update,
    startedAt: known?.startedAt ?? at,
    ...(isOver(update.state) && { endedAt: at }),
  };
  return known ? steps.map((other) => (isSame(other) ? step : other)) : [...steps, step];
}

const StoredSteps = z.array(
  z.object({
    step: z.enum(['approval', 'sign-in', 'role', 'subscriptions', 'principal', 'assign-role']),
    subject: z.object({ id: z.string(), name: z.string() }).optional(),
    state: z.enum(['waiting', 'checking', 'ok', 'needs-you', 'could-not-check']),
    detail: z.string().optional(),
    problem: z.unknown().transform(readProblem).optional(),
    startedAt: z.iso.datetime(),
    endedAt: z.iso.datetime().optional(),
  }),
);

/** The steps as they are kept with the flow; what cannot be read counts as none. */
export function readSteps(stored: unknown): readonly Step[] {
  const parsed = StoredSteps.safeParse(stored);
  return parsed.success ? parsed.data : [];
}
