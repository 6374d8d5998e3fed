import { ChevronDown } from 'lucide-react';
import { type SelectHTMLAttributes, useId } from 'react';
import { classNames } from './class-names.ts';
import { CONTROL_CLASS, Field, type FieldText, fieldIds } from './field.tsx';

export type SelectOption = { readonly value: string; readonly label: string };

export type SelectFieldProps = FieldText &
  Omit<SelectHTMLAttributes<HTMLSelectElement>, 'children'> & {
    readonly options: readonly SelectOption[];
    /** The label stays for screen readers only: for filter bars, where the first option says what it chooses. */
    readonly labelHidden?: boolean;
  };

/** The browser's own list of options in our look: it works by keyboard, by touch and before any script has arrived. */
export function SelectField({
  label,
  hint,
  error,
  optional,
  options,
  labelHidden = false,
  id,
  className,
  ...rest
}: SelectFieldProps) {
  const ownId = useId();
  const fieldId = id ?? ownId;
  const { control } = fieldIds(fieldId, { hint, error });
  const select = (
    <span className={classNames('relative block', labelHidden && className)}>
      <select
        {...rest}
        {...control}
        aria-label={labelHidden ? label : undefined}
        className={classNames(CONTROL_CLASS, 'appearance-none pr-9', !labelHidden && className)}
      >
        {options.map((option) => (
          <option key={option.value} value={option.value}>
            {option.label}
          </option>
        ))}
      </select>
      <ChevronDown aria-hidden className="pointer-events-none absolute top-2.5 right-2.5 size-4 text-muted" />
    </span>
  );
  if (labelHidden) return select;
  return (
    <Field id={fieldId} label={label} hint={hint} error={error} optional={optional}>
      {select}
    </Field>
  );
}
