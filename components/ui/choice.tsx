import { type InputHTMLAttributes, type ReactNode, useId } from 'react';
import { classNames } from './class-names.ts';
import { FieldError } from './field.tsx';

type InputProps = Omit<InputHTMLAttributes<HTMLInputElement>, 'children' | 'type'>;

const BOX = 'mt-0.5 size-4 shrink-0 accent-accent';

/** A question with a few answers, one of which is chosen: `<fieldset>` and `<legend>` around `Radio` or `RadioCard`. */
export function RadioGroup({
  legend,
  legendHidden = false,
  hint,
  error,
  columns = 1,
  children,
}: {
  readonly legend: string;
  readonly legendHidden?: boolean;
  readonly hint?: ReactNode;
  readonly error?: string;
  /** How many answers stand side by side where there is room. */
  readonly columns?: 1 | 2 | 3;
  readonly children: ReactNode;
}) {
  const id = useId();
  const described = [error && `${id}-error`, hint && `${id}-hint`].filter(Boolean).join(' ');
  return (
    <fieldset aria-describedby={described || undefined} className="flex min-w-0 flex-col gap-2">
      <legend className={legendHidden ? 'sr-only' : 'mb-2 font-medium'}>{legend}</legend>
      {hint ? (
        <p id={`${id}-hint`} className="-mt-2 text-small text-muted">
          {hint}
        </p>
      ) : null}
      <div
        className={classNames(
          'grid gap-2',
          columns === 2 && 'sm:grid-cols-2',
          columns === 3 && 'sm:grid-cols-3',
        )}
      >
        {children}
      </div>
      {error ? <FieldError id={`${id}-error`}>{error}</FieldError> : null}
    </fieldset>
  );
}

export type ChoiceProps = InputProps & {
  /** The accessible name. */
  readonly label: string;
  /** What follows from this answer; read after the name, not as part of it. */
  readonly description?: ReactNode;
};

type CardProps = ChoiceProps & {
  /** Sits at the right edge of the card. */
  readonly icon?: ReactNode;
};

function Choice({
  kind,
  card,
  label,
  description,
  icon,
  className,
  ...rest
}: CardProps & { readonly kind: 'radio' | 'checkbox'; readonly card: boolean }) {
  const id = useId();
  return (
    // The description would become part of the name through the label alone: aria-labelledby keeps them apart.
    <label
      className={classNames(
        'flex gap-3',
        card &&
          'rounded-card border border-line p-3 transition-colors hover:border-control hover:bg-hover/50 ' +
            'has-checked:border-accent has-checked:bg-accent-soft/60 has-disabled:opacity-60 ' +
            'has-focus-visible:outline-2 has-focus-visible:outline-focus has-focus-visible:outline-offset-2',
        className,
      )}
    >
      <input
        {...rest}
        type={kind}
        aria-labelledby={`${id}-label`}
        aria-describedby={description ? `${id}-description` : rest['aria-describedby']}
        className={classNames(BOX, card && 'focus-visible:outline-none')}
      />
      <span className="flex min-w-0 flex-1 flex-col">
        <span id={`${id}-label`} className={card ? 'font-medium' : undefined}>
          {label}
        </span>
        {description ? (
          <span id={`${id}-description`} className="text-small text-muted">
            {description}
          </span>
        ) : null}
      </span>
      {icon ? <span className="shrink-0 text-muted">{icon}</span> : null}
    </label>
  );
}

/** One answer of a `RadioGroup`, as a line. */
export function Radio(props: ChoiceProps) {
  return <Choice kind="radio" card={false} {...props} />;
}

/** One answer of a `RadioGroup`, as a card with room for its consequence. The input is the browser's own. */
export function RadioCard(props: CardProps) {
  return <Choice kind="radio" card {...props} />;
}

/** A yes or no. */
export function Checkbox(props: ChoiceProps) {
  return <Choice kind="checkbox" card={false} {...props} />;
}
