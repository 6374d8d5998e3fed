'use client';

import { type ReactNode, useActionState, useEffect, useState } from 'react';
import { type BeforeFirstSend, type FormOutcome, FormProblem } from './form-outcome.tsx';
import {
  Dialog,
  DialogBody,
  DialogCancel,
  DialogFooter,
  type DialogTriggerProps,
  useCloseDialog,
} from './ui/dialog.tsx';
import { SubmitButton } from './ui/submit-button.tsx';
import { TextField } from './ui/text-field.tsx';
import { showToast } from './ui/toast.ts';

type ConfirmationProps = {
  /** The words of the button that does it: a verb. */
  readonly confirmLabel: string;
  readonly tone?: 'primary' | 'danger';
  /** The server action; it receives `fields`. */
  readonly action: (previous: BeforeFirstSend, form: FormData) => Promise<FormOutcome>;
  /** What the action needs to know: hidden fields. */
  readonly fields?: Readonly<Record<string, string>>;
  /** Said in a toast once it is done. */
  readonly doneText?: string;
  /** For what cannot be undone: the person types this text before the button answers. */
  readonly typeToConfirm?: string;
  /** The consequence, in a sentence or two. */
  readonly children: ReactNode;
};

export type ConfirmDialogProps = DialogTriggerProps &
  ConfirmationProps & {
    readonly title: string;
    /** The id of what takes the focus where the button is gone with what was done, such as its row. */
    readonly focusWhenGone?: string;
  };

/**
 * Asks before something is done: says what follows, does it on confirmation, shows what went wrong without closing,
 * and closes when it is done.
 */
export function ConfirmDialog({
  title,
  confirmLabel,
  tone = 'primary',
  action,
  fields,
  doneText,
  typeToConfirm,
  children,
  focusWhenGone,
  ...trigger
}: ConfirmDialogProps) {
  useFocusWhenGone(focusWhenGone);
  return (
    <Dialog {...trigger} title={title} size="small">
      <Confirmation
        confirmLabel={confirmLabel}
        tone={tone}
        action={action}
        fields={fields}
        doneText={doneText}
        typeToConfirm={typeToConfirm}
      >
        {children}
      </Confirmation>
    </Dialog>
  );
}

/** Where something vanishes that had the focus, the browser puts it nowhere, and who works by keyboard begins anew. */
function useFocusWhenGone(id: string | undefined): void {
  useEffect(() => {
    if (!id) return undefined;
    return () => {
      // After the dialog, which gives the focus back to its button, gone or not.
      setTimeout(() => {
        if (document.activeElement === document.body) document.getElementById(id)?.focus();
      });
    };
  }, [id]);
}

function Confirmation({
  confirmLabel,
  tone = 'primary',
  action,
  fields = {},
  doneText,
  typeToConfirm,
  children,
}: ConfirmationProps) {
  const close = useCloseDialog();
  const [typed, setTyped] = useState('');
  const [outcome, submit] = useActionState(async (_previous: FormOutcome, form: FormData) => {
    const answer = await action({}, form);
    if (answer.done) {
      if (doneText) showToast({ text: doneText });
      close();
    }
    return answer;
  }, {});
  return (
    <form action={submit} className="flex min-h-0 flex-col">
      {Object.entries(fields).map(([name, value]) => (
        <input key={name} type="hidden" name={name} value={value} />
      ))}
      <DialogBody>
        <FormProblem outcome={outcome} />
        <div className="flex flex-col gap-2">{children}</div>
        {typeToConfirm ? (
          <TextField
            label={`Type ${typeToConfirm} to confirm`}
            value={typed}
            onChange={(event) => setTyped(event.target.value)}
          />
        ) : null}
      </DialogBody>
      <DialogFooter>
        <DialogCancel />
        <SubmitButton variant={tone} disabled={typeToConfirm !== undefined && typed.trim() !== typeToConfirm}>
          {confirmLabel}
        </SubmitButton>
      </DialogFooter>
    </form>
  );
}
