import type { ReactNode } from 'react';
import type { MicrosoftTrace, Problem } from '#lib/core/problem.ts';
import { describeProblem } from '#lib/core/problem-text.ts';
import { Callout, type Tone } from './ui/callout.tsx';
import { CopyButton } from './ui/copy-button.tsx';

/** What Microsoft gave with a failure, as lines that support can search for. */
function traceLines(trace: MicrosoftTrace): ReadonlyArray<readonly [label: string, value: string]> {
  const lines: Array<readonly [string, string]> = [];
  if (trace.code) lines.push(['Code', trace.code]);
  if (trace.status) lines.push(['HTTP status', String(trace.status)]);
  if (trace.correlationId) lines.push(['Correlation ID', trace.correlationId]);
  if (trace.timestamp) lines.push(['Timestamp', trace.timestamp]);
  return lines;
}

/** The small print of a failed call to Microsoft, with a button that copies all of it. */
export function MicrosoftTraceDetails({ trace }: { readonly trace: MicrosoftTrace }) {
  const lines = traceLines(trace);
  if (lines.length === 0) return null;
  return (
    <div className="mt-2 flex flex-wrap items-end gap-x-6 gap-y-1 text-caption text-muted">
      <dl className="flex flex-wrap gap-x-6 gap-y-1">
        {lines.map(([label, value]) => (
          <div key={label} className="flex gap-1.5">
            <dt>{label}</dt>
            <dd className="break-all font-mono text-ink">{value}</dd>
          </div>
        ))}
      </dl>
      <CopyButton
        value={lines.map(([label, value]) => `${label}: ${value}`).join('\n')}
        label="Copy details for support"
      />
    </div>
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
  const trace = 'microsoft' in problem ? problem.microsoft : undefined;
  return (
    <Callout tone={tone} role="alert" title={title} actions={actions} className={className}>
      <p>{action}</p>
      {who ? (
        <p className="text-muted">
          Who can fix this: <span className="text-ink">{who}</span>
        </p>
      ) : null}
      {trace ? <MicrosoftTraceDetails trace={trace} /> : null}
    </Callout>
  );
}
