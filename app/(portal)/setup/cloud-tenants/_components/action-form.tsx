'use client';

import { useActionState } from 'react';
import { type BeforeFirstSend, type FormOutcome, FormProblem } from '#components/form-outcome.tsx';
import type { ButtonProps } from '#components/ui/button.tsx';
import { SubmitButton } from '#components/ui/submit-button.tsx';

/** A button that does one thing at the server, and says below itself why it could not. Works without scripts. */
export function ActionForm({
  action,
  fields,
  label,
  variant = 'secondary',
}: {
  readonly action: (previous: BeforeFirstSend, form: FormData) => Promise<FormOutcome>;
  /** What the action needs to know. */
  readonly fields: Readonly<Record<string, string>>;
  readonly label: string;
  readonly variant?: ButtonProps['variant'];
}) {
  const [outcome, submit] = useActionState<FormOutcome, FormData>(action, {});
  return (
    <form action={submit} className="flex flex-col items-start gap-2">
      {Object.entries(fields).map(([name, value]) => (
        <input key={name} type="hidden" name={name} value={value} />
      ))}
      <SubmitButton variant={variant}>{label}</SubmitButton>
      <FormProblem outcome={outcome} />
    </form>
  );
}
