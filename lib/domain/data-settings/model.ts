import { z } from 'zod';
import { Guid, TenantId } from '#lib/core/ids.ts';
import { SWITCHABLE_FIELDS } from '#lib/domain/imports/fields.ts';

export const HISTORY_DAYS = { min: 30, max: 3650 } as const;

export const SwitchField = z.object({
  field: z.enum(SWITCHABLE_FIELDS),
  to: z.enum(['on', 'off']),
});
export type SwitchField = z.infer<typeof SwitchField>;

export const ChangeRetention = z.object({
  days: z.coerce
    .number<unknown>()
    .int('Enter a whole number of days')
    .min(HISTORY_DAYS.min, `Enter ${HISTORY_DAYS.min} days or more`)
    .max(HISTORY_DAYS.max, `Enter ${HISTORY_DAYS.max} days or fewer`),
  /** Given where what is older is to be erased. */
  erasesOlder: z.literal('yes').optional(),
});
export type ChangeRetention = z.infer<typeof ChangeRetention>;

const WHO_MAX = 320;

export const FindPerson = z.object({
  /** An object ID or a user principal name. */
  who: z
    .string()
    .trim()
    .min(1, 'Enter an object ID or a user principal name')
    .max(WHO_MAX, 'Enter an object ID or a user principal name')
    .refine(
      (text) => text.isWellFormed() && !text.includes('\0'),
      'Enter an object ID or a user principal name',
    ),
});
export type FindPerson = z.infer<typeof FindPerson>;

export const PersonInTenant = z.object({ tenantId: TenantId, id: Guid });
export type PersonInTenant = z.infer<typeof PersonInTenant>;
