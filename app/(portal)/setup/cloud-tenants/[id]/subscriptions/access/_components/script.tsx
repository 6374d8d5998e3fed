import { ChevronRight } from 'lucide-react';
import { CommandBlock } from '#components/ui/command-block.tsx';
import { ActionForm } from '../../../../_components/action-form.tsx';
import { checkChangeAction } from '../actions.ts';

/** The same change as commands, for those who do not want to lend their rights, and the way to have it looked at. */
export function Script({
  script,
  fields,
}: {
  readonly script: string;
  readonly fields: Readonly<Record<string, string>>;
}) {
  return (
    <details className="group/script rounded-card border border-line">
      <summary className="flex cursor-pointer list-none gap-1.5 rounded-card p-4 font-medium">
        <ChevronRight
          aria-hidden
          className="mt-0.5 size-4 shrink-0 text-muted transition-transform group-open/script:rotate-90"
        />
        Do it yourself with the Azure CLI
      </summary>
      <div className="flex flex-col gap-3 px-4 pb-4">
        <p className="text-muted">
          These commands do the same in the same order. An Owner or User Access Administrator of the
          subscriptions runs them; then this portal looks for itself.
        </p>
        <CommandBlock label="Azure CLI" copyLabel="Copy commands" text={script} />
        <div>
          <ActionForm action={checkChangeAction} fields={fields} label="Check now" />
        </div>
      </div>
    </details>
  );
}
