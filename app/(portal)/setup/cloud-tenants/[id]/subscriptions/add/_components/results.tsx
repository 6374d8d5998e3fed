import { CircleAlert, CircleCheck, CircleDashed, LoaderCircle } from 'lucide-react';
import { formatCount } from '#components/format.ts';
import { ProblemDetails, traceOf } from '#components/problem-words.tsx';
import { ButtonLink } from '#components/ui/button.tsx';
import {
  Cell,
  ColumnHeader,
  DataTable,
  RowHeader,
  TableBody,
  TableHead,
  TableRow,
} from '#components/ui/data-table.tsx';
import { ProgressBar } from '#components/ui/progress-bar.tsx';
import { StatusBadge, type StatusBadgeProps } from '#components/ui/status-badge.tsx';
import { describeProblem } from '#lib/core/problem-text.ts';
import type { AdditionView, SeenSubscription } from '#lib/domain/subscription-additions/queries.ts';
import { ActionForm } from '../../../../_components/action-form.tsx';
import { tenantPath } from '../../../../paths.ts';
import { retryFailedAction } from '../../actions.ts';

type Result = NonNullable<SeenSubscription['result']>;

const LOOK: Readonly<Record<Result, StatusBadgeProps>> = {
  waiting: { tone: 'neutral', icon: CircleDashed, word: 'Waiting' },
  adding: { tone: 'info', icon: LoaderCircle, busy: true, word: 'Adding' },
  added: { tone: 'success', icon: CircleCheck, word: 'Added' },
  failed: { tone: 'danger', icon: CircleAlert, word: 'Failed' },
};

const HOW_WORDS: Readonly<Record<NonNullable<SeenSubscription['how']>, string>> = {
  given: 'The role was given.',
  existed: 'The role was there already.',
  inherited: 'The role is inherited from a management group.',
};

/** What has come of each subscription, and what is to be done about those that failed. */
export function Results({
  addition,
  tenantName,
}: {
  readonly addition: AdditionView;
  readonly tenantName: string;
}) {
  const { subscriptions, state, delegation, isOwn, tenantId } = addition;
  const rows = subscriptions.flatMap((row) => (row.result ? [{ ...row, result: row.result }] : []));
  const countOf = (result: Result) => rows.filter((row) => row.result === result).length;
  const [added, failed] = [countOf('added'), countOf('failed')];
  const words = `${formatCount(added)} of ${formatCount(rows.length)} added${failed > 0 ? `, ${formatCount(failed)} failed` : ''}`;
  return (
    <>
      <div className="flex max-w-xl flex-col gap-2">
        <p role="status" className="font-medium">
          {words}
        </p>
        {state === 'adding' ? (
          <ProgressBar
            label="Subscriptions added"
            value={added + failed}
            max={rows.length}
            valueText={words}
          />
        ) : null}
      </div>
      <DataTable label={`Results in ${tenantName}`}>
        <TableHead>
          <ColumnHeader sticky>Name</ColumnHeader>
          <ColumnHeader>Result</ColumnHeader>
          <ColumnHeader>What happened</ColumnHeader>
        </TableHead>
        <TableBody>
          {rows.map((row) => (
            <ResultRow key={row.subscriptionId} row={row} />
          ))}
        </TableBody>
      </DataTable>
      <div className="flex flex-wrap gap-3">
        {state === 'ended' && failed > 0 && isOwn && delegation.state === 'active' ? (
          <ActionForm
            action={retryFailedAction}
            fields={{ flowId: delegation.flowId }}
            label="Try the failed ones again"
            variant="primary"
          />
        ) : null}
        {state === 'ended' ? (
          <ButtonLink href={tenantPath(tenantId)} variant="secondary">
            See all subscriptions
          </ButtonLink>
        ) : null}
      </div>
    </>
  );
}

function ResultRow({ row }: { readonly row: SeenSubscription & { readonly result: Result } }) {
  const { subscriptionId, displayName, result, how, problem } = row;
  return (
    <TableRow>
      <RowHeader>
        <span className="flex flex-col">
          <span className="break-words font-medium">{displayName}</span>
          <span className="font-mono text-caption text-muted">{subscriptionId}</span>
        </span>
      </RowHeader>
      <Cell>
        <StatusBadge {...LOOK[result]} />
      </Cell>
      <Cell>
        <span className="flex max-w-lg flex-col text-small">
          {result === 'added' && how ? HOW_WORDS[how] : null}
          {problem ? (
            <>
              {describeProblem(problem).title} {describeProblem(problem).action}
              <ProblemDetails code={problem.code} trace={traceOf(problem)} />
            </>
          ) : null}
        </span>
      </Cell>
    </TableRow>
  );
}
