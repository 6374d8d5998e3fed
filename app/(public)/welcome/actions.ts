'use server';

import { redirect } from 'next/navigation';
import { START_PATH } from '#lib/auth/return-to.ts';
import { createOrganization } from '#lib/domain/organizations/create-organization.ts';
import { NewOrganization } from '#lib/domain/organizations/model.ts';
import { personAction } from '#lib/web/action.ts';

export const createOrganizationAction = personAction(
  NewOrganization,
  async ({ person, ...services }, input) => {
    const result = await createOrganization(services, person, input);
    if (result.ok) redirect(START_PATH);
    return result;
  },
);
