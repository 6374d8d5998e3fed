import { classNames } from './class-names.ts';

export type ProgressBarProps = {
  /** The accessible name: what is under way. */
  readonly label: string;
  /** How much is done, of `max`; undefined while the whole is not known. */
  readonly value?: number;
  readonly max?: number;
  /** The progress in words, such as "31,400 of 84,310 users"; read instead of a percentage. */
  readonly valueText?: string;
};

/** A bar that says how far something is. Without `value` it says only that it goes on. */
export function ProgressBar({ label, value, max = 100, valueText }: ProgressBarProps) {
  const isKnown = value !== undefined && max > 0;
  const done = isKnown ? Math.min(Math.max(value, 0), max) : undefined;
  return (
    <div
      role="progressbar"
      aria-label={label}
      aria-valuemin={isKnown ? 0 : undefined}
      aria-valuemax={isKnown ? max : undefined}
      aria-valuenow={done}
      aria-valuetext={valueText}
      className="h-2 w-full overflow-hidden rounded-full bg-pressed"
    >
      {/* Attributes of SVG, not inline styles, which the content security policy refuses. */}
      <svg
        aria-hidden="true"
        preserveAspectRatio="none"
        viewBox="0 0 100 1"
        className={classNames('block h-full', isKnown ? 'w-full' : 'w-1/3 animate-travel')}
      >
        <rect width={done === undefined ? 100 : (done / max) * 100} height="1" className="fill-accent" />
      </svg>
    </div>
  );
}
