import type { Problem } from '#lib/core/problem.ts';

/** What a form's server action answers, for `useActionState(action, {})`. */
export type FormState<Value = unknown> = {
  /** What went wrong, to be shown in words; for `invalid-input` the fields say it. */
  readonly problem?: Problem;
  /** For each field by its name: what is wrong with it and what to enter instead. */
  readonly fields?: Readonly<Record<string, string>>;
  /** What the person had entered, for `defaultValue`: React empties a form when its action is done. */
  readonly values?: Readonly<Record<string, string>>;
  /** An unexpected failure; the log has the details under this id. */
  readonly requestId?: string;
  /** It worked; `value` is what the action returned. */
  readonly done?: true;
  readonly value?: Value;
};
