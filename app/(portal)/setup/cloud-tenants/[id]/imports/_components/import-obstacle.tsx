import { AboutError, ProblemDetails, traceOf, WhoCanFix } from '#components/problem-words.tsx';
import { Callout } from '#components/ui/callout.tsx';
import type { Problem } from '#lib/core/problem.ts';
import { NOBODY, OPERATOR } from '#lib/core/problem-people.ts';
import { describeProblem, inAbout } from '#lib/core/problem-text.ts';
import type { Attendance } from '#lib/domain/imports/attendance.ts';
import type { RunProgress } from '#lib/domain/imports/model.ts';

/** What holds up a running import, and who can do something about it; nothing while it goes on. */
export function ImportObstacle({
  progress: { waitingUntil, waitingFor, problem },
  attendance,
}: {
  readonly progress: RunProgress;
  readonly attendance: Attendance;
}) {
  if (attendance === 'no-worker') return <NoWorker />;
  if (problem) return <NextAttempt problem={problem} at={waitingUntil} />;
  if (attendance === 'awaited') {
    return <p className="text-muted text-small">A worker takes it up within seconds.</p>;
  }
  if (!waitingUntil) return null;
  return (
    <p className="text-muted text-small">
      {waitingFor === 'unavailable'
        ? 'Microsoft’s service does not answer as it should. The import tries again'
        : 'Microsoft asks us to slow down. The import goes on'}{' '}
      {fromNow(waitingUntil)}.
    </p>
  );
}

/** As the page is drawn anew every second, these words need no clock of their own. */
const fromNow = (at: Date): string => inAbout((at.getTime() - Date.now()) / 1000);

function NoWorker() {
  return (
    <Callout tone="warning" title="No worker is running, so nobody works on this import.">
      <p>It goes on by itself, where it stopped, as soon as a worker runs. Nothing that was read is lost.</p>
      <WhoCanFix who={OPERATOR} />
      <AboutError code="worker-unavailable" />
    </Callout>
  );
}

function NextAttempt({ problem, at }: { readonly problem: Problem; readonly at: Date | undefined }) {
  const { title, who, action } = describeProblem(problem);
  return (
    <Callout tone="warning" title={title}>
      <p>The import tries again by itself{at ? ` ${fromNow(at)}` : ''}. Nothing that was read is lost.</p>
      {'reason' in problem ? <p>{problem.reason}</p> : null}
      {who === NOBODY ? null : <p>{action}</p>}
      <WhoCanFix who={who} />
      <ProblemDetails code={problem.code} trace={traceOf(problem)} />
    </Callout>
  );
}
