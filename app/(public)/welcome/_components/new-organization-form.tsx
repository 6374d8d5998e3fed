'use client';

import { useActionState, useEffect, useRef } from 'react';
import { FormProblem } from '#components/form-outcome.tsx';
import { SubmitButton } from '#components/ui/submit-button.tsx';
import { TextField } from '#components/ui/text-field.tsx';
import { createOrganizationAction } from '../actions.ts';

export function NewOrganizationForm() {
  const [state, formAction] = useActionState(createOrganizationAction, {});
  const form = useRef<HTMLFormElement>(null);
  useEffect(() => {
    // The button was disabled while the answer was awaited, and lost the focus by it.
    if (state.fields) form.current?.querySelector<HTMLElement>('[aria-invalid]')?.focus();
  }, [state]);
  return (
    <form ref={form} action={formAction} noValidate className="flex flex-col gap-5">
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
