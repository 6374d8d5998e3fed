'use client';

import { useActionState } from 'react';
import { FormProblem } from '#components/form-outcome.tsx';
import { Checkbox } from '#components/ui/choice.tsx';
import { FieldError } from '#components/ui/field.tsx';
import { SubmitButton } from '#components/ui/submit-button.tsx';
import { TextField } from '#components/ui/text-field.tsx';
import { changeRetentionAction } from '../actions.ts';

export function RetentionForm({ days }: { readonly days: number }) {
  const [outcome, submit] = useActionState(changeRetentionAction, {});
  return (
    <form action={submit} noValidate className="flex max-w-md flex-col items-start gap-4">
      <FormProblem outcome={outcome} />
      <div className="w-full">
        <TextField
          label="Days of history"
          name="days"
          inputMode="numeric"
          hint="From 30 to 3,650. Users who were deleted longer ago are erased too."
          error={outcome.fields?.days}
          defaultValue={outcome.values?.days ?? String(days)}
        />
      </div>
      <Checkbox
        label="Erase what is older"
        name="erasesOlder"
        value="yes"
        description="Needed for fewer days than before. It is erased within the hour, and cannot be brought back."
      />
      {outcome.fields?.erasesOlder ? <FieldError>{outcome.fields.erasesOlder}</FieldError> : null}
      <div className="flex items-center gap-3">
        <SubmitButton>Save days</SubmitButton>
        <span role="status" className="text-muted text-small">
          {outcome.done ? 'Saved' : ''}
        </span>
      </div>
    </form>
  );
}
