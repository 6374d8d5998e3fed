'use client';

import { useActionState } from 'react';
import { FormProblem } from '#components/form-outcome.tsx';
import { SubmitButton } from '#components/ui/submit-button.tsx';
import { TextField } from '#components/ui/text-field.tsx';
import { createOrganizationAction } from '../actions.ts';

export function NewOrganizationForm() {
  const [state, formAction] = useActionState(createOrganizationAction, {});
  return (
    <form action={formAction} noValidate className="flex flex-col gap-5">
      <FormProblem outcome={state} />
      <TextField
        label="Organization name"
        name="name"
        autoComplete="organization"
        hint="Your company’s name, as your colleagues know it."
        error={state.fields?.name}
        defaultValue={state.values?.name}
      />
      <SubmitButton className="w-full">Create organization</SubmitButton>
    </form>
  );
}
