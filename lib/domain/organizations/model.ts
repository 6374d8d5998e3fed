import { z } from 'zod';
import { nameOf } from '#lib/core/name.ts';

/** What a person enters at `/welcome`. */
export const NewOrganization = z.object({ name: nameOf('the organization') });
export type NewOrganization = z.infer<typeof NewOrganization>;
