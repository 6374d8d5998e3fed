import { formatCount, formatDuration, formatQuantity } from '#components/format.ts';
import { CodeValue } from '#components/ui/code-value.tsx';
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
import { AbsoluteTime } from '#components/ui/time.tsx';
import { Unknown } from '#components/ui/unknown.tsx';
import { INCIDENT_KINDS, type Incident, type IncidentKind } from '#lib/domain/imports/incidents.ts';
import type { PhaseName, RunView } from '#lib/domain/imports/model.ts';
import { PHASE_LABEL } from '../../_components/phase-words.ts';

const KIND_LABEL: Readonly<Record<IncidentKind, string>> = {
  throttled: 'Throttled',
  unavailable: 'Not available',
  slow: 'Slow',
  refused: 'Refused',
};

/** More are in nobody's interest: the newest ones are what support can still find. */
const SHOWN = 50;

/** The requests that Microsoft throttled, refused or answered late, with the ids by which its support finds them. */
export function RunIncidents({ run: { phases } }: { readonly run: RunView }) {
  const all = phases.flatMap(({ phase, incidents }) =>
    (incidents?.newest ?? []).map((incident) => ({ phase, incident })),
  );
  const shown = all.toSorted((a, b) => (a.incident.at < b.incident.at ? 1 : -1)).slice(0, SHOWN);
  const counts = INCIDENT_KINDS.map((kind) => ({
    kind,
    times: phases.reduce((total, { incidents }) => total + (incidents?.counts[kind] ?? 0), 0),
  })).filter(({ times }) => times > 0);
  const total = counts.reduce((sum, { times }) => sum + times, 0);
  return (
    <Section
      title="Slow, throttled and refused requests"
      description={
        total === 0
          ? 'None: Microsoft answered every request in time.'
          : `${counts.map(({ kind, times }) => `${KIND_LABEL[kind]}: ${formatCount(times)}`).join(' · ')}${
              total > shown.length ? `. The newest ${formatQuantity(shown.length, 'request')}:` : ''
            }`
      }
    >
      {shown.length > 0 ? (
        <DataTable label="Slow, throttled and refused requests">
          <TableHead>
            <ColumnHeader sticky>What happened</ColumnHeader>
            <ColumnHeader>When</ColumnHeader>
            <ColumnHeader numeric>Waited or took</ColumnHeader>
            <ColumnHeader>Answer</ColumnHeader>
            <ColumnHeader>Request IDs, Microsoft’s and ours</ColumnHeader>
          </TableHead>
          <TableBody>
            {shown.map(({ phase, incident }, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: two notes may be equal, and the list is drawn as a whole.
              <IncidentRow key={index} phase={phase} incident={incident} />
            ))}
          </TableBody>
        </DataTable>
      ) : null}
    </Section>
  );
}

function IncidentRow({ phase, incident }: { readonly phase: PhaseName; readonly incident: Incident }) {
  const { at, kind, waitMs, durationMs, status, code, requestId, clientRequestId } = incident;
  const took = waitMs ?? durationMs;
  return (
    <TableRow>
      <RowHeader>
        {KIND_LABEL[kind]}
        <span className="block text-caption text-muted">{PHASE_LABEL[phase]}</span>
      </RowHeader>
      <Cell className="whitespace-nowrap">
        <AbsoluteTime value={at} />
      </Cell>
      <Cell numeric>{took === undefined ? <Unknown reason="Not measured" /> : formatDuration(took)}</Cell>
      <Cell>{[status, code].filter(Boolean).join(' ') || <Unknown reason="No answer came" />}</Cell>
      <Cell>
        <div className="flex flex-col items-start">
          {requestId ? (
            <CodeValue value={requestId} name="Microsoft’s request ID" />
          ) : (
            <Unknown reason="Microsoft gave none" />
          )}
          {clientRequestId ? <CodeValue value={clientRequestId} name="our request ID" /> : null}
        </div>
      </Cell>
    </TableRow>
  );
}
