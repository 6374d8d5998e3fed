import { formatCount, formatDuration } from '#components/format.ts';
import { PhaseStateBadge } from '#components/status/phase-state.tsx';
import {
  Cell,
  ColumnHeader,
  DataTable,
  RowHeader,
  TableBody,
  TableHead,
  TableRow,
} from '#components/ui/data-table.tsx';
import { Section } from '#components/ui/section.tsx';
import { Unknown } from '#components/ui/unknown.tsx';
import { describeProblem } from '#lib/core/problem-text.ts';
import { isEnded, isNotGranted, type PhaseRecord, type RunView } from '#lib/domain/imports/model.ts';
import { methodWord, PHASE_LABEL } from '../../_components/phase-words.ts';

/** The parts of an import with their figures, in the order of work. */
export function RunParts({ run: { phases, status } }: { readonly run: RunView }) {
  return (
    <Section title="Parts" description="In the order in which they were read.">
      <DataTable label="Parts of the import">
        <TableHead>
          <ColumnHeader sticky>Part</ColumnHeader>
          <ColumnHeader>State</ColumnHeader>
          <ColumnHeader>Read</ColumnHeader>
          <ColumnHeader numeric>Received</ColumnHeader>
          <ColumnHeader numeric>Expected</ColumnHeader>
          <ColumnHeader numeric>Written</ColumnHeader>
          <ColumnHeader numeric>Gone</ColumnHeader>
          <ColumnHeader numeric>Duration</ColumnHeader>
          <ColumnHeader numeric>Requests</ColumnHeader>
          <ColumnHeader numeric>Throttled</ColumnHeader>
        </TableHead>
        <TableBody>
          {phases.map((phase) => (
            <PartRow key={phase.phase} phase={phase} isOver={status !== 'running'} />
          ))}
        </TableBody>
      </DataTable>
    </Section>
  );
}

function PartRow({ phase, isOver }: { readonly phase: PhaseRecord; readonly isOver: boolean }) {
  const { state, received, expected, written, retired, requests, throttled, methodReason, notTracked } =
    phase;
  const isBegun = state !== 'waiting' && state !== 'skipped';
  const figure = (count: number | null, reason: string) =>
    isBegun && count !== null ? formatCount(count) : <Unknown reason={isBegun ? reason : 'Not read'} />;
  const duration = durationOf(phase);
  // What a cancelled run has not ended is not going on.
  const shown = isOver && !isEnded(phase) ? 'skipped' : state;
  return (
    <TableRow>
      <RowHeader>{PHASE_LABEL[phase.phase]}</RowHeader>
      <Cell>
        <div className="flex max-w-sm flex-col items-start gap-1">
          <PhaseStateBadge state={shown} />
          <PartRemark phase={phase} />
        </div>
      </Cell>
      <Cell>
        <div className="flex max-w-sm flex-col gap-1">
          {methodWord(phase) ?? <Unknown reason="Not read" />}
          {[methodReason, notTracked].filter(Boolean).map((words) => (
            <span key={words} className="text-caption text-muted">
              {words}
            </span>
          ))}
        </div>
      </Cell>
      <Cell numeric>{figure(received, '')}</Cell>
      <Cell numeric>{figure(expected, 'Microsoft did not say how many there are')}</Cell>
      <Cell numeric>{figure(written, '')}</Cell>
      <Cell numeric>{figure(retired, '')}</Cell>
      <Cell numeric>
        {duration === undefined ? <Unknown reason="Not ended" /> : formatDuration(duration)}
      </Cell>
      <Cell numeric>{formatCount(requests)}</Cell>
      <Cell numeric>{formatCount(throttled)}</Cell>
    </TableRow>
  );
}

function PartRemark({ phase }: { readonly phase: PhaseRecord }) {
  const { problem } = phase;
  if (!problem) return null;
  return (
    <span className="text-caption text-muted">
      {isNotGranted(phase)
        ? 'The tenant has not granted GroupMember.Read.All, which it need not, so group names are missing.'
        : describeProblem(problem).title}
    </span>
  );
}

const durationOf = ({ startedAt, endedAt }: PhaseRecord): number | undefined =>
  startedAt && endedAt ? Date.parse(endedAt) - Date.parse(startedAt) : undefined;
