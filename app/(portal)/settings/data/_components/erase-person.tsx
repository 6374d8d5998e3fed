'use client';

import { useActionState } from 'react';
import { ConfirmDialog } from '#components/confirm-dialog.tsx';
import { FormProblem } from '#components/form-outcome.tsx';
import { formatQuantity } from '#components/format.ts';
import { SubmitButton } from '#components/ui/submit-button.tsx';
import { TextField } from '#components/ui/text-field.tsx';
import type { FoundPerson } from '#lib/domain/data-settings/erase-person.ts';
import { erasePersonAction, findPersonAction } from '../actions.ts';

/** Looks for a person, shows what is kept of them, and erases it. */
export function ErasePerson() {
  const [outcome, submit] = useActionState(findPersonAction, {});
  return (
    <div className="flex flex-col gap-4">
      <form action={submit} noValidate className="flex max-w-md flex-col items-start gap-4">
        <FormProblem outcome={outcome} />
        <div className="w-full">
          <TextField
            label="Object ID or user principal name"
            name="who"
            hint="People who were deleted at Microsoft are found as well."
            error={outcome.fields?.who}
            defaultValue={outcome.values?.who}
          />
        </div>
        <SubmitButton variant="secondary">Find person</SubmitButton>
      </form>
      <div role="status">
        {outcome.value ? (
          <ul className="divide-y divide-line rounded-card border border-line">
            {outcome.value.map((person) => (
              <Found key={`${person.tenantId} ${person.id}`} person={person} />
            ))}
          </ul>
        ) : null}
      </div>
    </div>
  );
}

function Found({ person }: { readonly person: FoundPerson }) {
  const { tenantId, id, tenantName, displayName, userPrincipalName, isDeleted, changes } = person;
  const name = displayName ?? userPrincipalName ?? id;
  return (
    <li className="flex flex-wrap items-center justify-between gap-x-6 gap-y-2 px-4 py-3">
      <div className="flex min-w-0 flex-1 basis-72 flex-col gap-0.5">
        <span className="break-words font-medium">{name}</span>
        <span className="break-all text-muted text-small">
          {userPrincipalName ?? 'No user principal name'} · {id}
        </span>
        <span className="text-muted text-small">
          In {tenantName}
          {isDeleted ? ', deleted there' : ''}: all fields and licences, and{' '}
          {formatQuantity(changes, 'entry', 'entries')} of the history.
        </span>
      </div>
      <ConfirmDialog
        triggerLabel="Erase person"
        title={`Erase ${name}?`}
        confirmLabel="Erase person"
        tone="danger"
        action={erasePersonAction}
        fields={{ tenantId, id }}
        doneText="The person is erased."
        typeToConfirm={userPrincipalName ?? id}
      >
        <p>
          What is kept of this person in {tenantName} is erased now, the history included, and cannot be
          brought back. Of the person, only the object ID stays, by which imports leave them out. At Microsoft
          nothing changes.
        </p>
      </ConfirmDialog>
    </li>
  );
}
