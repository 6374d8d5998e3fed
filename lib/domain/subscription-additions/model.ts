import { z } from 'zod';
import { FlowId, Guid, TenantId } from '#lib/core/ids.ts';
import { isManagementGroupName } from '#lib/microsoft/arm/scope.ts';
import { ROLE_OF_LEVEL, roleName } from '../access-changes/role-plan.ts';
import { type AccessLevel, TENANT_KINDS } from '../tenants/model.ts';

/** The role in Azure that a level needs. */
export function roleOf(level: AccessLevel): { readonly id: string; readonly name: string } {
  const id = ROLE_OF_LEVEL[level];
  return { id, name: roleName(id) };
}

/** A role that our service principal had on a subscription when a worker looked. */
const StoredRole = z.object({ roleDefinitionId: z.string(), roleScope: z.string() });
export type StoredRole = z.infer<typeof StoredRole>;

/** Roles as they are kept; what cannot be read counts as none. */
export const readRoles = (stored: unknown): readonly StoredRole[] =>
  z.array(StoredRole).safeParse(stored).data ?? [];

/** A management group on which the person may give roles. */
const StoredGroup = z.object({
  name: z.string(),
  displayName: z.string(),
  /** At any depth. */
  subscriptionIds: z.array(z.string()),
  /** The roles of our service principal on it. */
  roles: z.array(StoredRole),
});
export type StoredGroup = z.infer<typeof StoredGroup>;

export const readGroups = (stored: unknown): readonly StoredGroup[] =>
  z.array(StoredGroup).safeParse(stored).data ?? [];

/** What a sign-in for `add-subscriptions` is about. */
const Subject = z.object({ additionId: Guid });
export const readSubject = (subject: unknown): { readonly additionId: string } | undefined =>
  Subject.safeParse(subject).data;

export const BeginAddition = z.object({
  tenantId: TenantId,
  kind: z.enum(TENANT_KINDS, { error: 'Choose Azure or Office 365.' }),
});
export type BeginAddition = z.infer<typeof BeginAddition>;

const ACCESS_LEVELS = ['resources', 'tags_in', 'tags_in_out'] as const satisfies readonly AccessLevel[];
const CHOSEN_MAX = 5_000;

/** A form with one checkbox sends a text, with several a list, with none nothing. */
const ChosenIds = z
  .union([z.string(), z.array(z.string()).max(CHOSEN_MAX)])
  .optional()
  .transform((value) => (value === undefined ? [] : [value].flat()))
  .pipe(z.array(Guid));

/** What the person chose: subscriptions one by one, or all of a management group. */
export const ChooseSubscriptions = z.object({
  flowId: FlowId,
  target: z.enum(['subscriptions', 'group'], { error: 'Choose one of the two.' }),
  subscription: ChosenIds,
  group: z
    .string()
    .max(90)
    .refine(isManagementGroupName, 'Choose a management group.')
    .or(z.literal(''))
    .optional(),
  accessLevel: z.enum(ACCESS_LEVELS, { error: 'Choose one of the access levels.' }),
});
export type ChooseSubscriptions = z.infer<typeof ChooseSubscriptions>;
