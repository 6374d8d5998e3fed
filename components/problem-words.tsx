import type { ReactNode } from 'react';
import type { MicrosoftTrace, Problem } from '#lib/core/problem.ts';
import { type HelpCode, helpPath } from '#lib/core/problem-help.ts';
import type { ProblemText } from '#lib/core/problem-text.ts';
import { Callout, type Tone } from './ui/callout.tsx';
import { CopyButton } from './ui/copy-button.tsx';
import { TextLink } from './ui/text-link.tsx';

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
 * button that copies all of it, and the way to the page that explains the failure.
 */
export function ProblemDetails({
  code,
  ...traced
}: Traced & {
  /** Of the Problem, or `unexpected` for what was thrown. */
  readonly code: HelpCode;
}) {
  const lines = detailLines(traced);
  const copied = [['Error', code] as const, ...lines].map(([label, value]) => `${label}: ${value}`);
  return (
    <div className="mt-1 flex flex-col gap-1 text-caption text-muted">
      {lines.length > 0 ? (
        <dl className="flex flex-wrap gap-x-6 gap-y-1">
          {lines.map(([label, value]) => (
            <div key={label} className="flex gap-1.5">
              <dt className="shrink-0">{label}</dt>
              <dd className="break-all font-mono text-ink">{value}</dd>
            </div>
          ))}
        </dl>
      ) : null}
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
        {lines.length > 0 ? (
          <CopyButton value={copied.join('\n')} label="Copy details" variant="secondary">
            Copy details
          </CopyButton>
        ) : null}
        <AboutError code={code} trace={traced.trace} />
      </div>
    </div>
  );
}

/** Leads to the page that explains a failure. */
export function AboutError({ code, trace }: { readonly code: HelpCode; readonly trace?: MicrosoftTrace }) {
  return (
    <TextLink href={helpPath(code, trace)} className="text-small">
      About this error
    </TextLink>
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

/** What Microsoft gave with a Problem. */
export const traceOf = (problem: Problem): MicrosoftTrace | undefined =>
  'microsoft' in problem ? problem.microsoft : undefined;

/**
 * A failure in words: what happened, who can fix it, what to do; below it Microsoft's code, correlation id and
 * time where there are any, and the way to its help page. Announced as an alert. The words come from the server: all of
 * them would be too much for a browser to load.
 */
export function WordedProblem({
  problem,
  text: { title, who, action },
  tone = 'danger',
  actions,
  className,
}: ProblemLook & { readonly problem: Problem; readonly text: ProblemText }) {
  return (
    <Callout tone={tone} role="alert" title={title} actions={actions} className={className}>
      <p>{action}</p>
      <WhoCanFix who={who} />
      <ProblemDetails code={problem.code} trace={traceOf(problem)} />
    </Callout>
  );
}

export type ProblemLook = {
  readonly tone?: Tone;
  /** Buttons that do what the text advises. */
  readonly actions?: ReactNode;
  readonly className?: string;
};
