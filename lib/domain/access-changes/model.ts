import { z } from 'zod';
import { ChangeId, Guid, TenantId } from '#lib/core/ids.ts';
import { ACCESS_LEVELS, type AccessLevel } from '../tenants/model.ts';

/** How many subscriptions one change may have. */
export const SUBSCRIPTIONS_MAX = 1_000;

const oneOrMore = z.preprocess(
  (value) => (value === undefined ? [] : Array.isArray(value) ? value : [value]),
  z
    .array(Guid)
    .min(1, 'Choose at least one subscription.')
    .max(SUBSCRIPTIONS_MAX, `Choose at most ${SUBSCRIPTIONS_MAX} subscriptions at a time.`)
    .transform((ids) => [...new Set(ids)]),
);

/** The form of the dialog: which subscriptions, and what the portal shall do with them. */
export const ChangeAccess = z.object({
  tenantId: TenantId,
  subscriptionId: oneOrMore,
  level: z.enum(ACCESS_LEVELS, { error: 'Choose an access level.' }),
});
export type ChangeAccess = z.infer<typeof ChangeAccess>;

export const ChangeReference = z.object({ tenantId: TenantId, changeId: ChangeId });
export type ChangeReference = z.infer<typeof ChangeReference>;

/** What a sign-in for a change says about itself. */
export const DelegationSubject = z.object({ changeId: ChangeId });

export const CHANGE_STATES = ['planned', 'working', 'done', 'failed', 'replaced'] as const;
export type ChangeState = (typeof CHANGE_STATES)[number];

/** States of a subscription whose change is not over. */
export const OPEN_STATES = ['planned', 'working', 'failed'] as const satisfies readonly ChangeState[];

/** The calls of a change in their order; the one that is under way is written down before it is sent. */
export const CHANGE_STEPS = ['add', 'confirm', 'remove', 'verify'] as const;
export type ChangeStep = (typeof CHANGE_STEPS)[number];

export const readStep = (stored: string | null): ChangeStep | undefined =>
  CHANGE_STEPS.find((step) => step === stored);

/** Whether there is something to take back: a new level that still holds, or roles that were touched. */
export const isReversible = (
  item: {
    readonly state: ChangeState;
    readonly step: string | null;
    readonly fromLevel: AccessLevel;
    readonly toLevel: AccessLevel;
  },
  levelNow: AccessLevel | null | undefined,
): boolean =>
  item.state === 'done'
    ? item.fromLevel !== item.toLevel && levelNow === item.toLevel
    : item.state !== 'replaced' && item.step !== null;
