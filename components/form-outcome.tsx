import type { Problem } from '#lib/core/problem.ts';
import { ProblemDetails, ProblemPanel } from './problem-panel.tsx';
import { Callout } from './ui/callout.tsx';

/** What the components need to know of a form action's answer; `FormState` of the web layer has this shape. */
export type FormOutcome = {
  readonly problem?: Problem;
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
  const { problem, requestId } = outcome;
  if (problem && problem.code !== 'invalid-input') return <ProblemPanel problem={problem} />;
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
