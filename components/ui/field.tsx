import { CircleAlert } from 'lucide-react';
import type { ReactNode } from 'react';

export type FieldText = {
  readonly label: string;
  /** One sentence below the control: what it is for, or where to find the value. */
  readonly hint?: ReactNode;
  /** What is wrong with the value and what to enter instead. */
  readonly error?: string;
  /** Says "Optional" beside the label. Fields are required unless told. */
  readonly optional?: boolean;
};

/** The ids of a field's texts, and what its control carries to be tied to them. */
export function fieldIds(id: string, { hint, error }: Pick<FieldText, 'hint' | 'error'>) {
  const hintId = hint ? `${id}-hint` : undefined;
  const errorId = error ? `${id}-error` : undefined;
  return {
    hintId,
    errorId,
    control: {
      id,
      'aria-describedby': [errorId, hintId].filter(Boolean).join(' ') || undefined,
      'aria-invalid': error ? (true as const) : undefined,
    },
  };
}

/** The sentence under a control that says what is wrong. */
export function FieldError({ id, children }: { readonly id?: string; readonly children: ReactNode }) {
  return (
    <p id={id} role="alert" className="flex items-start gap-1.5 text-small text-danger">
      <CircleAlert aria-hidden className="mt-0.5 size-4 shrink-0" />
      <span>{children}</span>
    </p>
  );
}

/** Label, control, hint and error of one field, one below the other. */
export function Field({
  id,
  label,
  hint,
  error,
  optional = false,
  children,
}: FieldText & { readonly id: string; readonly children: ReactNode }) {
  const { hintId, errorId } = fieldIds(id, { hint, error });
  return (
    <div className="flex flex-col gap-1.5">
      <div className="flex items-baseline justify-between gap-3">
        <label htmlFor={id} className="font-medium">
          {label}
        </label>
        {optional ? <span className="text-small text-muted">Optional</span> : null}
      </div>
      {children}
      {error ? <FieldError id={errorId}>{error}</FieldError> : null}
      {hint ? (
        <p id={hintId} className="text-small text-muted">
          {hint}
        </p>
      ) : null}
    </div>
  );
}

/** The look of everything one types or chooses in. */
export const CONTROL_CLASS =
  'h-9 w-full rounded-control border border-control bg-canvas px-3 text-body text-ink transition-colors ' +
  'hover:border-muted focus-visible:border-focus focus-visible:outline-offset-0 disabled:bg-sunken ' +
  'disabled:text-muted aria-invalid:border-danger [&[readonly]]:bg-sunken';
