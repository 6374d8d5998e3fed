import { type SelectHTMLAttributes, useId } from 'react';
import { classNames } from './class-names.ts';
import { CONTROL_CLASS, Field, type FieldText, fieldIds } from './field.tsx';
import { filledWith, type Html, html } from './html.ts';

export type SelectOption = { readonly value: string; readonly label: string };

export type SelectFieldProps = FieldText &
  Omit<SelectHTMLAttributes<HTMLSelectElement>, 'children' | 'value' | 'defaultValue'> & {
    readonly defaultValue: string;
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
  defaultValue,
  labelHidden = false,
  id,
  className,
  ...rest
}: SelectFieldProps) {
  const ownId = useId();
  const fieldId = id ?? ownId;
  const { control } = fieldIds(fieldId, { hint, error });
  const select = (
    <span className={classNames('chevron-end relative block', labelHidden && className)}>
      <select
        {...rest}
        {...control}
        aria-label={labelHidden ? label : undefined}
        className={classNames(CONTROL_CLASS, 'appearance-none pr-9', !labelHidden && className)}
        {...filledWith(options.map((option) => optionRow(option, option.value === defaultValue)))}
      />
    </span>
  );
  if (labelHidden) return select;
  return (
    <Field id={fieldId} label={label} hint={hint} error={error} optional={optional}>
      {select}
    </Field>
  );
}

/** Written as text: filters have hundreds of them. */
const optionRow = ({ value, label }: SelectOption, isSelected: boolean): Html =>
  html`<option value="${value}"${isSelected && html` selected`}>${label}</option>`;
