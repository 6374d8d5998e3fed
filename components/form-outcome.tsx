import type { Problem } from '#lib/core/problem.ts';
import type { ProblemText } from '#lib/core/problem-text.ts';
import { ProblemDetails, WordedProblem } from './problem-words.tsx';
import { Callout } from './ui/callout.tsx';

/** What the components need to know of a form action's answer; `FormState` of the web layer has this shape. */
export type FormOutcome = {
  readonly problem?: Problem;
  /** The Problem in words. */
  readonly text?: ProblemText;
  readonly requestId?: string;
  readonly done?: true;
};

/** The state of a form before it has been sent. */
export type BeforeFirstSend = Record<never, never>;

/**
 * What went wrong with a form, above its fields. For input that was refused the fields say it themselves, so
 * nothing is shown here.
 */
export function FormProblem({ outcome }: { readonly outcome: FormOutcome }) {
  const { problem, text, requestId } = outcome;
  if (problem && text && problem.code !== 'invalid-input')
    return <WordedProblem problem={problem} text={text} />;
  if (!requestId) return null;
  return (
    <Callout tone="danger" title="Something went wrong on our side">
      <p>
        Nothing has been changed. Try again; if it happens again, give the request ID to the operator of this
        portal.
      </p>
      <ProblemDetails code="unexpected" requestId={requestId} />
    </Callout>
  );
}
