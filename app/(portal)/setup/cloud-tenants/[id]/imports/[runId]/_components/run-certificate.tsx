import { formatCount } from '#components/format.ts';
import { Callout } from '#components/ui/callout.tsx';
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
import { DescriptionList } from '#components/ui/description-list.tsx';
import { Section } from '#components/ui/section.tsx';
import { AbsoluteTime } from '#components/ui/time.tsx';
import type { Certificate, RunView } from '#lib/domain/imports/model.ts';
import { METHOD_LABEL } from '../../_components/phase-words.ts';

/** How complete the read of the users was, and how that is known. Nothing where there is no certificate. */
export function RunCertificate({ run }: { readonly run: RunView }) {
  const certificate = run.phases.find(({ phase }) => phase === 'users')?.certificate;
  if (!certificate) return null;
  return (
    <Section
      title="Certificate of completeness"
      description="What Microsoft counted, what came, and whether the two agree. Nobody is removed without a green one."
    >
      {certificate.green ? (
        <Callout tone="success" title="The read of the users is complete." />
      ) : (
        <Callout tone="warning" title="The read of the users is not proven to be complete.">
          <p>{reasonOf(certificate)} Nobody was removed because of it.</p>
        </Callout>
      )}
      <DescriptionList columns={2} items={factsOf(certificate)} />
      {certificate.ranges.length > 1 ? <Ranges certificate={certificate} /> : null}
    </Section>
  );
}

/** The reasons that a read gives, in words. */
const REASONS: Readonly<Record<string, string>> = {
  'fewer-than-counted': 'Fewer users came than Microsoft counts.',
};

const reasonOf = ({ reason }: Certificate): string =>
  (reason && REASONS[reason]) ?? 'What came and what Microsoft counts do not agree.';

function factsOf(certificate: Certificate) {
  const { method, expectedBefore, expectedAfter, received, distinct, leftOut, replayed, checksum } =
    certificate;
  return [
    { term: 'Read', value: METHOD_LABEL[method] },
    { term: 'Counted before', value: expectedBefore === null ? undefined : formatCount(expectedBefore) },
    { term: 'Counted after', value: expectedAfter === null ? undefined : formatCount(expectedAfter) },
    { term: 'Received', value: formatCount(received) },
    { term: 'Different users', value: formatCount(distinct) },
    { term: 'Left out: no people', value: formatCount(leftOut) },
    {
      term: 'Changed meanwhile',
      value: replayed && `${formatCount(replayed.changed)} changed, ${formatCount(replayed.removed)} removed`,
    },
    { term: 'Checksum', value: checksum && <CodeValue value={checksum} name="checksum" /> },
  ];
}

/** The parts in which the directory was read, by when its users were created. */
function Ranges({ certificate: { ranges } }: { readonly certificate: Certificate }) {
  return (
    <details className="group/ranges">
      <summary className="link inline-block text-small">
        <span className="group-open/ranges:hidden">Show the {formatCount(ranges.length)} ranges</span>
        <span className="hidden group-open/ranges:inline">Hide the ranges</span>
      </summary>
      <div className="mt-3">
        <DataTable label="Ranges of the read" density="compact">
          <TableHead>
            <ColumnHeader sticky>Users created from</ColumnHeader>
            <ColumnHeader>To</ColumnHeader>
            <ColumnHeader numeric>Received</ColumnHeader>
          </TableHead>
          <TableBody>
            {ranges.map(({ from, to, isUndated, received }) => (
              <TableRow key={`${from} ${to} ${isUndated}`}>
                <RowHeader>
                  {isUndated ? 'No date known' : from ? <AbsoluteTime value={from} /> : 'The beginning'}
                </RowHeader>
                <Cell>{isUndated ? '' : to ? <AbsoluteTime value={to} /> : 'Now'}</Cell>
                <Cell numeric>{formatCount(received)}</Cell>
              </TableRow>
            ))}
          </TableBody>
        </DataTable>
      </div>
    </details>
  );
}
