'use client';

import { useActionState, useState } from 'react';
import { FormProblem } from '#components/form-outcome.tsx';
import { ProblemDetails, traceOf } from '#components/problem-words.tsx';
import { DialogBody, DialogCancel, DialogFooter, useCloseDialog } from '#components/ui/dialog.tsx';
import { SubmitButton } from '#components/ui/submit-button.tsx';
import { TextAreaField, TextField } from '#components/ui/text-field.tsx';
import { showToast } from '#components/ui/toast.ts';
import type { TenantId } from '#lib/core/ids.ts';
import type { AddedAccessToken } from '#lib/domain/access-tokens/add.ts';
import { addAccessTokenAction } from '../actions.ts';
import { fieldWords } from './field-words.ts';
import { KeySteps } from './key-steps.tsx';

type Outcome = Awaited<ReturnType<typeof addAccessTokenAction>>;

/** What is pasted stays in the boxes of this browser alone: the server does not send a key back. */
export function AccessTokenForm({
  tenantId,
  enrollmentNumber = '',
  onKept,
}: {
  readonly tenantId: TenantId;
  readonly enrollmentNumber?: string | undefined;
  /** Told of the token that is kept now. */
  readonly onKept: (token: AddedAccessToken) => void;
}) {
  const close = useCloseDialog();
  const [number, setNumber] = useState(enrollmentNumber);
  const [key, setKey] = useState('');
  const [outcome, submit] = useActionState(async (_previous: Outcome, form: FormData) => {
    const answer = await addAccessTokenAction({}, form);
    if (answer.value) {
      onKept(answer.value);
      if (!answer.value.problem) showToast({ text: 'The access token is valid and kept.' });
      close();
    }
    return answer;
  }, {});
  const { fields, ofField } = fieldWords(outcome);
  return (
    <form action={submit} noValidate className="flex min-h-0 flex-col">
      <DialogBody>
        {ofField ? null : <FormProblem outcome={outcome} />}
        <input type="hidden" name="tenantId" value={tenantId} />
        <TextField
          label="Enrollment number"
          name="enrollmentNumber"
          inputMode="numeric"
          value={number}
          onChange={(event) => setNumber(event.target.value)}
          error={fields.enrollmentNumber}
        />
        <div className="flex flex-col gap-1">
          <TextAreaField
            label="Access token"
            name="accessToken"
            rows={4}
            autoComplete="off"
            autoCapitalize="off"
            spellCheck={false}
            className="break-all font-mono text-small"
            value={key}
            onChange={(event) => setKey(event.target.value)}
            error={fields.accessToken}
          />
          {ofField ? <ProblemDetails code={ofField.code} trace={traceOf(ofField)} /> : null}
        </div>
        <KeySteps />
      </DialogBody>
      <DialogFooter>
        <DialogCancel />
        <SubmitButton>Save</SubmitButton>
      </DialogFooter>
    </form>
  );
}
