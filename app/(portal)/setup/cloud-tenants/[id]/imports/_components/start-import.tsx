'use client';

import { useActionState } from 'react';
import { FormProblem } from '#components/form-outcome.tsx';
import { SubmitButton } from '#components/ui/submit-button.tsx';
import type { TenantId } from '#lib/core/ids.ts';
import { startImportAction } from '../actions.ts';

export function StartImport({ tenantId }: { readonly tenantId: TenantId }) {
  const [outcome, submit] = useActionState(startImportAction, {});
  return (
    <form action={submit} className="flex flex-col items-end gap-3">
      <input type="hidden" name="tenantId" value={tenantId} />
      <SubmitButton>Import now</SubmitButton>
      <FormProblem outcome={outcome} />
    </form>
  );
}
