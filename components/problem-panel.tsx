import type { ReactNode } from 'react';
import type { MicrosoftTrace, Problem } from '#lib/core/problem.ts';
import { describeProblem } from '#lib/core/problem-text.ts';
import { Callout, type Tone } from './ui/callout.tsx';
import { CopyButton } from './ui/copy-button.tsx';

/** What support finds a failure by. */
type Traced = {
  readonly trace?: MicrosoftTrace;
  /** Of the portal's own log. */
  readonly requestId?: string;
};

function detailLines({ trace, requestId }: Traced): ReadonlyArray<readonly [label: string, value: string]> {
  const lines: Array<readonly [string, string]> = [];
  if (trace?.code) lines.push(['Code', trace.code]);
  if (trace?.status) lines.push(['HTTP status', String(trace.status)]);
  if (trace?.correlationId) lines.push(['Correlation ID', trace.correlationId]);
  if (trace?.timestamp) lines.push(['Timestamp', trace.timestamp]);
  if (requestId) lines.push(['Request ID', requestId]);
  return lines;
}

/**
 * The small print below a failure in words: what Microsoft gave with it and the id of the portal's own log, with one
 * button that copies all of it. Nothing where nothing is known.
 */
export function ProblemDetails(traced: Traced) {
  const lines = detailLines(traced);
  if (lines.length === 0) return null;
  return (
    <div className="mt-1 flex flex-col items-start gap-1 text-caption text-muted">
      <dl className="flex flex-wrap gap-x-6 gap-y-1">
        {lines.map(([label, value]) => (
          <div key={label} className="flex gap-1.5">
            <dt className="shrink-0">{label}</dt>
            <dd className="break-all font-mono text-ink">{value}</dd>
          </div>
        ))}
      </dl>
      <CopyButton value={lines.map(([label, value]) => `${label}: ${value}`).join('\n')} label="Copy details">
        Copy details
      </CopyButton>
    </div>
  );
}

/** Who can fix a failure, below what can be done about it. */
export function WhoCanFix({ who }: { readonly who: string }) {
  return (
    <p className="text-muted">
      Who can fix this: <span className="text-ink">{who}</span>
    </p>
  );
}

/**
 * A failure in words: what happened, who can fix it, what to do; below it Microsoft's code, correlation id and
 * time where there are any. Announced as an alert.
 */
export function ProblemPanel({
  problem,
  tone = 'danger',
  actions,
  className,
}: {
  readonly problem: Problem;
  readonly tone?: Tone;
  /** Buttons that do what the text advises. */
  readonly actions?: ReactNode;
  readonly className?: string;
}) {
  const { title, who, action } = describeProblem(problem);
  return (
    <Callout tone={tone} role="alert" title={title} actions={actions} className={className}>
      <p>{action}</p>
      <WhoCanFix who={who} />
      <ProblemDetails trace={'microsoft' in problem ? problem.microsoft : undefined} />
    </Callout>
  );
}
