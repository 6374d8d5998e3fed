import { ChevronRight } from 'lucide-react';
import { formatCount, formatDuration } from '#components/format.ts';
import { ProblemDetails, traceOf } from '#components/problem-words.tsx';
import { RunStatusBadge } from '#components/status/run-status.tsx';
import {
  Cell,
  ColumnHeader,
  DataTable,
  RowHeader,
  TableBody,
  TableHead,
  TableRow,
} from '#components/ui/data-table.tsx';
import { AbsoluteTime } from '#components/ui/time.tsx';
import { Unknown } from '#components/ui/unknown.tsx';
import type { Problem } from '#lib/core/problem.ts';
import { describeProblem } from '#lib/core/problem-text.ts';
import type { PhaseName, RunView } from '#lib/domain/imports/model.ts';
import { PHASE_LABEL, TRIGGER_LABEL } from './phase-words.ts';

/** The imports of a tenant, newest first. */
export function ImportHistoryTable({ runs }: { readonly runs: readonly RunView[] }) {
  const phases = [...new Set(runs.flatMap((run) => run.phases.map(({ phase }) => phase)))].filter(
    (phase) => phase !== 'organization',
  );
  const hasUsers = phases.includes('users');
  return (
    <DataTable label="Imports">
      <TableHead>
        <ColumnHeader sticky>Result</ColumnHeader>
        <ColumnHeader>Started</ColumnHeader>
        <ColumnHeader>Reason</ColumnHeader>
        <ColumnHeader numeric>Duration</ColumnHeader>
        {phases.map((phase) => (
          <ColumnHeader key={phase} numeric>
            {PHASE_LABEL[phase]}
          </ColumnHeader>
        ))}
        {hasUsers ? <ColumnHeader numeric>Changed users</ColumnHeader> : null}
        <ColumnHeader>Remarks</ColumnHeader>
      </TableHead>
      <TableBody>
        {runs.map((run) => (
          <TableRow key={run.runId}>
            <RowHeader>
              <RunStatusBadge status={run.status} />
            </RowHeader>
            <Cell>
              <AbsoluteTime value={run.startedAt ?? run.createdAt} />
            </Cell>
            <Cell>{TRIGGER_LABEL[run.trigger]}</Cell>
            <Cell numeric>
              {run.durationMs === null ? (
                <Unknown reason="Not started yet" />
              ) : (
                formatDuration(run.durationMs)
              )}
            </Cell>
            {phases.map((phase) => (
              <Cell key={phase} numeric>
                <PhaseCount run={run} phase={phase} />
              </Cell>
            ))}
            {hasUsers ? <Cell numeric>{formatCount(changedUsers(run))}</Cell> : null}
            <Cell>
              <Remarks run={run} />
            </Cell>
          </TableRow>
        ))}
      </TableBody>
    </DataTable>
  );
}

/** Users that were new, changed or gone. */
function changedUsers({ phases }: RunView): number {
  const users = phases.find(({ phase }) => phase === 'users');
  return users ? users.written + users.retired : 0;
}

function PhaseCount({ run, phase }: { readonly run: RunView; readonly phase: PhaseName }) {
  const record = run.phases.find((candidate) => candidate.phase === phase);
  if (!record || record.state === 'waiting') return <Unknown reason="Not read" />;
  if (record.state === 'skipped' || record.state === 'failed') return <Unknown reason="Could not be read" />;
  return formatCount(record.received);
}

/** What went wrong, each thing once: the run's own reason first, then that of each phase. */
function Remarks({ run }: { readonly run: RunView }) {
  const problems = [run.problem, ...run.phases.map(({ problem }) => problem)].filter(
    (problem): problem is Problem => problem !== undefined,
  );
  const texts = new Map(problems.map((problem) => [describeProblem(problem).title, problem]));
  if (run.status === 'running' || texts.size === 0) return null;
  return (
    <ul className="flex max-w-xl flex-col gap-2 whitespace-normal">
      {[...texts].map(([title, problem]) => (
        <li key={title}>
          <Remark title={title} problem={problem} />
        </li>
      ))}
    </ul>
  );
}

/** A problem in one line, with what to do about it for whoever opens it. */
function Remark({ title, problem }: { readonly title: string; readonly problem: Problem }) {
  const { who, action } = describeProblem(problem);
  return (
    <details className="group/remark">
      <summary className="flex cursor-pointer list-none gap-1.5 rounded-sm">
        <ChevronRight
          aria-hidden
          className="mt-0.5 size-4 shrink-0 text-muted transition-transform group-open/remark:rotate-90"
        />
        {title}
      </summary>
      <div className="pt-1 pl-5.5">
        <p className="text-muted text-small">
          {action} ({who})
        </p>
        <ProblemDetails code={problem.code} trace={traceOf(problem)} />
      </div>
    </details>
  );
}
