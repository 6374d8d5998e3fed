import type { ReactNode } from 'react';
import { ProblemDetails, traceOf, WhoCanFix } from '#components/problem-words.tsx';
import { Callout, type Tone } from '#components/ui/callout.tsx';
import type { Diagnosis } from '#lib/domain/tenants/diagnosis.ts';

/** What stands in the way of a tenant: what is so, what that most likely means, who can fix it, what to do. */
export function DiagnosisPanel({
  diagnosis: { title, reason, who, action, problem },
  tone,
  actions,
}: {
  readonly diagnosis: Diagnosis;
  readonly tone: Tone;
  /** Buttons that do what the text advises. */
  readonly actions?: ReactNode;
}) {
  return (
    <Callout tone={tone} role="alert" title={title} actions={actions}>
      <p>{reason}</p>
      <p>{action}</p>
      <WhoCanFix who={who} />
      <ProblemDetails code={problem.code} trace={traceOf(problem)} />
    </Callout>
  );
}
