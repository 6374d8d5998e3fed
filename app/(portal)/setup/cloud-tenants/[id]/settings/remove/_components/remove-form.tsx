'use client';

import { useActionState } from 'react';
import { FormProblem } from '#components/form-outcome.tsx';
import { RadioCard, RadioGroup } from '#components/ui/choice.tsx';
import { SubmitButton } from '#components/ui/submit-button.tsx';
import { TextField } from '#components/ui/text-field.tsx';
import type { TenantId } from '#lib/core/ids.ts';
import { removeTenantAction } from '../../../../lifecycle-actions.ts';

/** The confirmation: how long it is kept, for owners, and the name typed. Works without scripts. */
export function RemoveForm({
  tenantId,
  name,
  mayErase,
}: {
  readonly tenantId: TenantId;
  readonly name: string;
  readonly mayErase: boolean;
}) {
  const [outcome, submit] = useActionState(removeTenantAction, {});
  const { fields = {}, values = {} } = outcome;
  return (
    <form action={submit} noValidate className="flex max-w-2xl flex-col items-start gap-5">
      <FormProblem outcome={outcome} />
      <input type="hidden" name="tenantId" value={tenantId} />
      {mayErase ? (
        <div className="w-full">
          <RadioGroup legend="How long is it kept?" columns={2} error={fields.keep}>
            <RadioCard
              name="keep"
              value="days"
              label="Keep for 7 days"
              description="It can be restored with all that was imported."
              defaultChecked={values.keep !== 'now'}
            />
            <RadioCard
              name="keep"
              value="now"
              label="Remove now, do not keep 7 days"
              description="The erasure begins at once and cannot be undone."
              defaultChecked={values.keep === 'now'}
            />
          </RadioGroup>
        </div>
      ) : null}
      <div className="w-full max-w-md">
        <TextField
          label={`Type ${name} to confirm`}
          name="confirmation"
          error={fields.confirmation}
          defaultValue={values.confirmation}
          autoCapitalize="none"
        />
      </div>
      <SubmitButton variant="danger">Remove tenant</SubmitButton>
    </form>
  );
}
