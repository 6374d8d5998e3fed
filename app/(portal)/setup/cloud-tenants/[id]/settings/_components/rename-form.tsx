'use client';

import { useActionState } from 'react';
import { FormProblem } from '#components/form-outcome.tsx';
import { SubmitButton } from '#components/ui/submit-button.tsx';
import { TextField } from '#components/ui/text-field.tsx';
import type { TenantId } from '#lib/core/ids.ts';
import { renameTenantAction } from '../../../actions.ts';

export function RenameForm({ tenantId, name }: { readonly tenantId: TenantId; readonly name: string }) {
  const [outcome, submit] = useActionState(renameTenantAction, {});
  return (
    <form action={submit} noValidate className="flex max-w-md flex-col items-start gap-4">
      <FormProblem outcome={outcome} />
      <input type="hidden" name="tenantId" value={tenantId} />
      <div className="w-full">
        <TextField
          label="Tenant name"
          name="name"
          error={outcome.fields?.name}
          defaultValue={outcome.values?.name ?? name}
        />
      </div>
      <div className="flex items-center gap-3">
        <SubmitButton>Save name</SubmitButton>
        <span role="status" className="text-muted text-small">
          {outcome.done ? 'Saved' : ''}
        </span>
      </div>
    </form>
  );
}
