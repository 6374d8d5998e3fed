import { BadgeAlert, BadgeCheck, ChevronRight } from 'lucide-react';
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
import { TextLink } from '#components/ui/text-link.tsx';
import { AbsoluteTime } from '#components/ui/time.tsx';
import { Unknown } from '#components/ui/unknown.tsx';
import type { TenantId } from '#lib/core/ids.ts';
import type { Problem } from '#lib/core/problem.ts';
import { describeProblem } from '#lib/core/problem-text.ts';
import { isNotGranted, type RunView } from '#lib/domain/imports/model.ts';
import { mainPhase, requestsOf, throttledOf } from '#lib/domain/imports/runs-file.ts';
import { importPath } from '../../../paths.ts';
import { methodWord, PHASE_LABEL, TRIGGER_LABEL, timesThrottled } from './phase-words.ts';

/** The imports of a tenant, newest first. */
export function ImportHistoryTable({
  tenantId,
  runs,
}: {
  readonly tenantId: TenantId;
  readonly runs: readonly RunView[];
}) {
  const main = runs.map(mainPhase).find((phase) => phase !== undefined);
  const hasUsers = main?.phase === 'users';
  return (
    <DataTable label="Imports">
      <TableHead>
        <ColumnHeader sticky>Result</ColumnHeader>
        <ColumnHeader>Started</ColumnHeader>
        <ColumnHeader>Reason</ColumnHeader>
        <ColumnHeader>Read</ColumnHeader>
        <ColumnHeader numeric>{main ? PHASE_LABEL[main.phase] : 'Rows'}</ColumnHeader>
        {hasUsers ? <ColumnHeader numeric>Changed users</ColumnHeader> : null}
        <ColumnHeader numeric>Duration</ColumnHeader>
        <ColumnHeader numeric>Requests</ColumnHeader>
        {hasUsers ? <ColumnHeader>Certificate</ColumnHeader> : null}
        <ColumnHeader>Remarks</ColumnHeader>
      </TableHead>
      <TableBody>
        {runs.map((run) => (
          <TableRow key={run.runId}>
            <RowHeader>
              <RunStatusBadge status={run.status} />
            </RowHeader>
            <Cell className="whitespace-nowrap">
              <TextLink href={importPath(tenantId, run.runId)}>
                <AbsoluteTime value={run.startedAt ?? run.createdAt} />
              </TextLink>
            </Cell>
            <Cell className="whitespace-nowrap">{TRIGGER_LABEL[run.trigger]}</Cell>
            <Cell>
              <Method run={run} />
            </Cell>
            <Cell numeric>
              <MainCount run={run} />
            </Cell>
            {hasUsers ? <Cell numeric>{formatCount(changedUsers(run))}</Cell> : null}
            <Cell numeric>
              {run.durationMs === null ? (
                <Unknown reason="Not started yet" />
              ) : (
                formatDuration(run.durationMs)
              )}
            </Cell>
            <Cell numeric>
              {formatCount(requestsOf(run))}
              {throttledOf(run) > 0 ? (
                <span className="block text-caption text-muted">{timesThrottled(throttledOf(run))}</span>
              ) : null}
            </Cell>
            {hasUsers ? (
              <Cell>
                <CertificateWord run={run} />
              </Cell>
            ) : null}
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

function Method({ run }: { readonly run: RunView }) {
  const phase = mainPhase(run);
  return (phase && methodWord(phase)) ?? <Unknown reason="Not read" />;
}

/** Whether what came is proven to be all there is. */
function CertificateWord({ run }: { readonly run: RunView }) {
  const certificate = mainPhase(run)?.certificate;
  if (!certificate) return <Unknown reason="No certificate" />;
  const {
    icon: Icon,
    ink,
    word,
  } = certificate.green
    ? { icon: BadgeCheck, ink: 'text-success', word: 'Green' }
    : { icon: BadgeAlert, ink: 'text-warning', word: 'Not green' };
  return (
    <span className="inline-flex items-center gap-1.5 whitespace-nowrap">
      <Icon aria-hidden className={`size-4 shrink-0 ${ink}`} />
      {word}
    </span>
  );
}

/** "12", or "12 of 15" where fewer came than Microsoft counted. */
function MainCount({ run }: { readonly run: RunView }) {
  const phase = mainPhase(run);
  if (!phase || phase.state === 'waiting') return <Unknown reason="Not read" />;
  const { state, received, expected } = phase;
  if (state === 'skipped' || state === 'failed') return <Unknown reason="Could not be read" />;
  return expected !== null && expected > received
    ? `${formatCount(received)} of ${formatCount(expected)}`
    : formatCount(received);
}

/** What went wrong, each thing once: the run's own reason first, then that of each phase. */
function Remarks({ run }: { readonly run: RunView }) {
  const phases = run.phases.filter((phase) => !isNotGranted(phase));
  const problems = [run.problem, ...phases.map(({ problem }) => problem)].filter(
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
