import { z } from 'zod';
import { Guid, TenantId } from '#lib/core/ids.ts';
import { storable } from '#lib/core/storable.ts';

/** For how long a removed tenant can be restored. */
export const RESTORABLE_DAYS = 7;

/** The id of a removal, as in the address of its receipt. */
export const RemovalId = Guid.brand<'RemovalId'>();
export type RemovalId = z.infer<typeof RemovalId>;

export const TenantToChange = z.object({ tenantId: TenantId });
export type TenantToChange = z.infer<typeof TenantToChange>;

const Confirmation = z
  .string({ error: 'Type the name of the tenant.' })
  .max(300, 'This is not the name.')
  .transform((text) => storable(text));

/** The name is typed by whoever removes it, as it stands on the page. */
export const RemoveTenant = TenantToChange.extend({
  confirmation: Confirmation,
  /** `now`: it is not kept for days. */
  keep: z.enum(['days', 'now'], { error: 'Choose whether it is kept.' }).default('days'),
});
export type RemoveTenant = z.infer<typeof RemoveTenant>;

export const EraseTenant = TenantToChange.extend({
  confirmation: Confirmation,
});
export type EraseTenant = z.infer<typeof EraseTenant>;

export const RemovalReference = z.object({ removalId: RemovalId });
export type RemovalReference = z.infer<typeof RemovalReference>;
