import { CircleCheck, CircleMinus } from 'lucide-react';
import { ActionForm } from '#app/(portal)/setup/cloud-tenants/_components/action-form.tsx';
import { ConfirmDialog } from '#components/confirm-dialog.tsx';
import { StatusBadge } from '#components/ui/status-badge.tsx';
import { FIELD_WORDS } from '#lib/domain/data-settings/field-words.ts';
import { SWITCHABLE_FIELDS, type SwitchableField } from '#lib/domain/imports/fields.ts';
import { switchFieldAction } from '../actions.ts';

/** The fields one by one, with what follows from doing without. */
export function FieldSwitches({
  switchedOff,
  mayChange,
}: {
  readonly switchedOff: readonly SwitchableField[];
  readonly mayChange: boolean;
}) {
  return (
    <ul className="divide-y divide-line rounded-card border border-line">
      {SWITCHABLE_FIELDS.map((field) => (
        <FieldSwitch key={field} field={field} isOff={switchedOff.includes(field)} mayChange={mayChange} />
      ))}
    </ul>
  );
}

function FieldSwitch({
  field,
  isOff,
  mayChange,
}: {
  readonly field: SwitchableField;
  readonly isOff: boolean;
  readonly mayChange: boolean;
}) {
  const { label, consequence } = FIELD_WORDS[field];
  return (
    <li className="flex flex-wrap items-center justify-between gap-x-6 gap-y-2 px-4 py-3">
      <div className="flex min-w-0 flex-1 basis-72 flex-col gap-0.5">
        <span className="flex flex-wrap items-center gap-x-3 gap-y-1 font-medium">
          {label}
          {isOff ? (
            <StatusBadge tone="warning" icon={CircleMinus} word="Switched off" />
          ) : (
            <StatusBadge tone="neutral" icon={CircleCheck} word="Imported" />
          )}
        </span>
        <span className="text-muted text-small">
          {isOff ? consequence : `When switched off: ${inSentence(consequence)}`}
        </span>
      </div>
      {mayChange ? (
        isOff ? (
          <ActionForm
            action={switchFieldAction}
            fields={{ field, to: 'on' }}
            label={`Switch on ${inSentence(label)}`}
          />
        ) : (
          <ConfirmDialog
            triggerLabel={`Switch off ${inSentence(label)}`}
            title={`Switch off ${inSentence(label)}?`}
            confirmLabel="Switch off and erase"
            tone="danger"
            action={switchFieldAction}
            fields={{ field, to: 'off' }}
            doneText={`${label} is not imported any more.`}
          >
            <p>{consequence}</p>
            <p>
              The kept values are erased from the history now, and from the users with the next import, which
              reads each directory in full. Switched on again, today’s values come back, the history does not.
            </p>
          </ConfirmDialog>
        )
      ) : null}
    </li>
  );
}

const inSentence = (label: string): string => label.charAt(0).toLowerCase() + label.slice(1);
