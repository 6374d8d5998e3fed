'use client';

import { useActionState } from 'react';
import { FormProblem } from '#components/form-outcome.tsx';
import { SubmitButton } from '#components/ui/submit-button.tsx';
import { TextField } from '#components/ui/text-field.tsx';
import type { TenantId } from '#lib/core/ids.ts';
import { addEnrollmentAction } from '../actions.ts';

export function AddEnrollment({ tenantId }: { readonly tenantId: TenantId }) {
  const [outcome, submit] = useActionState(addEnrollmentAction, {});
  return (
    <form action={submit} noValidate className="flex max-w-md flex-col items-start gap-3">
      <FormProblem outcome={outcome} />
      <input type="hidden" name="tenantId" value={tenantId} />
      <div className="w-full">
        <TextField
          label="Enrollment number"
          name="enrollment"
          inputMode="numeric"
          hint="The billing account ID in the Azure portal, under Cost Management + Billing, Properties."
          error={outcome.fields?.enrollment}
          defaultValue={outcome.values?.enrollment ?? ''}
        />
      </div>
      <SubmitButton variant="secondary">Add enrollment</SubmitButton>
    </form>
  );
}
