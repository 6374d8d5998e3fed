import {
  Cell,
  ColumnHeader,
  DataTable,
  RowHeader,
  TableBody,
  TableHead,
  TableRow,
} from '#components/ui/data-table.tsx';
import { RelativeTime } from '#components/ui/time.tsx';
import { Unknown } from '#components/ui/unknown.tsx';
import {
  CAPABILITIES,
  CAPABILITY,
  type Capability,
  type CapabilityCheck,
  type CapabilityChecks,
} from '#lib/domain/tenants/capabilities.ts';
import { FoundBadge, ProofMark } from './proof-mark.tsx';

/** Each capability with its three proofs, what is expected and what was found. */
export function CapabilityTable({
  label,
  checks,
  isChecking,
}: {
  readonly label: string;
  readonly checks: CapabilityChecks;
  readonly isChecking: boolean;
}) {
  return (
    <DataTable label={label} busy={isChecking}>
      <TableHead>
        <ColumnHeader sticky>Capability</ColumnHeader>
        <ColumnHeader>State</ColumnHeader>
        <ColumnHeader>Expected and found</ColumnHeader>
        <ColumnHeader>Token</ColumnHeader>
        <ColumnHeader>Directory</ColumnHeader>
        <ColumnHeader>Read</ColumnHeader>
        <ColumnHeader>Last proven</ColumnHeader>
      </TableHead>
      <TableBody>
        {CAPABILITIES.map((capability) => (
          <CapabilityRow
            key={capability}
            capability={capability}
            check={checks[capability]}
            isChecking={isChecking}
          />
        ))}
      </TableBody>
    </DataTable>
  );
}

function CapabilityRow({
  capability,
  check,
  isChecking,
}: {
  readonly capability: Capability;
  readonly check: CapabilityCheck | undefined;
  readonly isChecking: boolean;
}) {
  const { title, enables, withoutIt, asked } = CAPABILITY[capability];
  const isUnknown = !check || check.state === 'could-not-check';
  return (
    <TableRow unknown={isUnknown && !isChecking}>
      <RowHeader>
        <div className="flex flex-col">
          <span className="font-medium">{title}</span>
          <span className="text-caption text-muted">{check?.state === 'missing' ? withoutIt : enables}</span>
        </div>
      </RowHeader>
      <Cell>
        <FoundBadge state={check?.state} isChecking={isChecking} />
      </Cell>
      <Cell>
        <Permissions expected={asked} found={check?.permission} />
      </Cell>
      <Cell>
        <ProofMark proof={check?.proofs.token} whyNot="No check yet" />
      </Cell>
      <Cell>
        <ProofMark
          proof={check?.proofs.grant}
          whyNot="To read the list of grants takes Application.Read.All, which we do not ask for"
        />
      </Cell>
      <Cell>
        <ProofMark proof={check?.proofs.read} whyNot="Nothing is read without the permission in the token" />
      </Cell>
      <Cell>
        {check?.lastProvenAt ? (
          <RelativeTime value={check.lastProvenAt} />
        ) : (
          <Unknown reason="Never proven" />
        )}
      </Cell>
    </TableRow>
  );
}

/** The permission that we ask for, and the one that was found; one line where they are the same. */
function Permissions({ expected, found }: { readonly expected: string; readonly found: string | undefined }) {
  const isOther = found !== undefined && found !== expected;
  return (
    <div className="flex flex-col text-caption text-muted">
      <code className="font-mono text-ink">{expected}</code>
      {isOther ? (
        <span>
          Found instead: <code className="font-mono">{found}</code>
        </span>
      ) : (
        <span>{found ? 'Found' : 'Not found'}</span>
      )}
    </div>
  );
}
