import type { Problem } from '#lib/core/problem.ts';
import type { ProblemText } from '#lib/core/problem-text.ts';

/** What a form's server action answers, for `useActionState(action, {})`. */
export type FormState<Value = unknown> = {
  /** What went wrong, to be shown in words; for `invalid-input` the fields say it. */
  readonly problem?: Problem;
  /** The Problem in words, so that browsers need not load the words of all Problems. */
  readonly text?: ProblemText;
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
