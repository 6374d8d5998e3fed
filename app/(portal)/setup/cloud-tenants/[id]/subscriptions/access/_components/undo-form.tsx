'use client';

import { useRouter } from 'next/navigation';
import { useActionState } from 'react';
import { type FormOutcome, FormProblem } from '#components/form-outcome.tsx';
import { SubmitButton } from '#components/ui/submit-button.tsx';
import { undoChangeAction } from '../actions.ts';

/** Plans the reverse, and goes there. */
export function UndoForm({ fields }: { readonly fields: Readonly<Record<string, string>> }) {
  const router = useRouter();
  const [outcome, submit] = useActionState<FormOutcome, FormData>(async (_previous, form) => {
    const answer = await undoChangeAction({}, form);
    if (answer.value) router.push(answer.value);
    return answer;
  }, {});
  return (
    <form action={submit} className="flex flex-col items-start gap-2">
      {Object.entries(fields).map(([name, value]) => (
        <input key={name} type="hidden" name={name} value={value} />
      ))}
      <SubmitButton variant="secondary">Undo</SubmitButton>
      <FormProblem outcome={outcome} />
    </form>
  );
}
