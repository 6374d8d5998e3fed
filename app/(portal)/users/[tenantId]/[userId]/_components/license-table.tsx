import { CircleAlert, CircleCheck, CircleSlash } from 'lucide-react';
import { licenceErrorWords } from '#app/(portal)/_components/licence-error-words.ts';
import { Chip } from '#components/ui/chip.tsx';
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
import { StatusBadge } from '#components/ui/status-badge.tsx';
import { Unknown } from '#components/ui/unknown.tsx';
import type { HeldLicense, LicenseAssignment } from '#lib/domain/users/get.ts';

/** The licences of a user and the ways in which they came; a licence that came in several ways takes one seat. */
export function LicenseTable({ licenses }: { readonly licenses: readonly HeldLicense[] }) {
  if (licenses.length === 0) return <p className="text-muted">No licence is assigned.</p>;
  return (
    <DataTable label="Licences">
      <TableHead>
        <ColumnHeader sticky>Licence</ColumnHeader>
        <ColumnHeader>Assigned</ColumnHeader>
        <ColumnHeader>State</ColumnHeader>
        <ColumnHeader>Service plans switched off</ColumnHeader>
      </TableHead>
      <TableBody>
        {licenses.map((license) =>
          license.assignments.length > 0 ? (
            license.assignments.map((assignment, index) => (
              <TableRow key={`${license.skuId} ${assignment.groupId}`}>
                <Product license={license} isRepeated={index > 0} />
                <AssignmentCells assignment={assignment} />
              </TableRow>
            ))
          ) : (
            <TableRow key={license.skuId}>
              <Product license={license} />
              <Cell colSpan={3}>
                <Unknown reason="Microsoft did not say how it was assigned" />
              </Cell>
            </TableRow>
          ),
        )}
      </TableBody>
    </DataTable>
  );
}

function Product({
  license: { name, isKnown, isAssigned, skuPartNumber },
  isRepeated = false,
}: {
  readonly license: HeldLicense;
  readonly isRepeated?: boolean;
}) {
  return (
    <RowHeader>
      <span className={isRepeated ? 'text-muted' : undefined}>{name}</span>{' '}
      {isKnown ? null : <Chip>Unknown product</Chip>} {isAssigned ? null : <Chip>Takes no seat</Chip>}
      {skuPartNumber && !isRepeated ? (
        <span className="block break-all font-mono text-caption text-muted">{skuPartNumber}</span>
      ) : null}
    </RowHeader>
  );
}

function AssignmentCells({
  assignment: { groupId, groupName, state, error, disabledPlans },
}: {
  readonly assignment: LicenseAssignment;
}) {
  return (
    <>
      <Cell>
        {groupId === null ? (
          'Directly'
        ) : (
          <span className="flex flex-wrap items-center gap-x-2">
            By group {groupName ? <bdi>{groupName}</bdi> : <CodeValue value={groupId} name="group ID" />}
          </span>
        )}
      </Cell>
      <Cell>
        <AssignmentState state={state} error={error} />
      </Cell>
      <Cell>
        {disabledPlans.length > 0 ? disabledPlans.join(', ') : <span className="text-muted">None</span>}
      </Cell>
    </>
  );
}

function AssignmentState({ state, error }: Pick<LicenseAssignment, 'state' | 'error'>) {
  if (error !== null) {
    return <StatusBadge tone="danger" icon={CircleAlert} word={licenceErrorWords(error)} />;
  }
  if (state === 'Active') return <StatusBadge tone="success" icon={CircleCheck} word="Active" />;
  if (state === 'Disabled') return <StatusBadge tone="neutral" icon={CircleSlash} word="Disabled" />;
  if (state === null) return <Unknown reason="Microsoft did not say" />;
  return <StatusBadge tone="danger" icon={CircleAlert} word={state === 'Error' ? 'Failed' : state} />;
}
