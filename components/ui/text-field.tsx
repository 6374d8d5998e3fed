'use client';

import { type InputHTMLAttributes, type Ref, type TextareaHTMLAttributes, useId } from 'react';
import { useFormStatus } from 'react-dom';
import { classNames } from './class-names.ts';
import { CONTROL_CLASS, Field, type FieldText, fieldIds } from './field.tsx';

export type TextFieldProps = FieldText &
  Omit<InputHTMLAttributes<HTMLInputElement>, 'children'> & { readonly ref?: Ref<HTMLInputElement> };

/**
 * A text box with its label; the accessible name is the label alone. `error` is announced and tied to the box.
 * Browsers' own checks stay off through the form's `noValidate`: the server's words are the ones people read.
 * While the form is on its way nothing can be typed: React puts the sent values back when the answer comes.
 */
export function TextField({
  label,
  hint,
  error,
  optional,
  id,
  type = 'text',
  className,
  ...rest
}: TextFieldProps) {
  const ownId = useId();
  const fieldId = id ?? ownId;
  const { control } = fieldIds(fieldId, { hint, error });
  const { pending } = useFormStatus();
  return (
    <Field id={fieldId} label={label} hint={hint} error={error} optional={optional}>
      <input
        autoComplete="off"
        spellCheck={false}
        readOnly={pending}
        {...rest}
        {...control}
        type={type}
        className={classNames(CONTROL_CLASS, className)}
      />
    </Field>
  );
}

export type TextAreaFieldProps = FieldText & Omit<TextareaHTMLAttributes<HTMLTextAreaElement>, 'children'>;

/** The same for several lines. */
export function TextAreaField({
  label,
  hint,
  error,
  optional,
  id,
  rows = 4,
  className,
  ...rest
}: TextAreaFieldProps) {
  const ownId = useId();
  const fieldId = id ?? ownId;
  const { control } = fieldIds(fieldId, { hint, error });
  const { pending } = useFormStatus();
  return (
    <Field id={fieldId} label={label} hint={hint} error={error} optional={optional}>
      <textarea
        readOnly={pending}
        {...rest}
        {...control}
        rows={rows}
        className={classNames(CONTROL_CLASS, 'h-auto py-2', className)}
      />
    </Field>
  );
}
