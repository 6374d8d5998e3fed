import { CircleAlert, CircleCheck, CircleHelp, LoaderCircle } from 'lucide-react';
import {
  Cell,
  ColumnHeader,
  DataTable,
  RowHeader,
  TableBody,
  TableHead,
  TableRow,
} from '#components/ui/data-table.tsx';
import { StatusBadge, type StatusBadgeProps } from '#components/ui/status-badge.tsx';
import { RelativeTime } from '#components/ui/time.tsx';
import { Unknown } from '#components/ui/unknown.tsx';
import {
  CAPABILITIES,
  CAPABILITY,
  type Capability,
  type CapabilityCheck,
  type CapabilityChecks,
} from '#lib/domain/tenants/capabilities.ts';

const PROVEN: StatusBadgeProps = { word: 'Granted', tone: 'success', icon: CircleCheck };
const MISSING: StatusBadgeProps = { word: 'Missing', tone: 'danger', icon: CircleAlert };
const UNCHECKED: StatusBadgeProps = { word: 'Could not check', tone: 'neutral', icon: CircleHelp };
const CHECKING: StatusBadgeProps = { word: 'Checking', tone: 'info', icon: LoaderCircle, busy: true };

function lookOf(check: CapabilityCheck | undefined, isVerifying: boolean): StatusBadgeProps {
  if (check?.state === 'proven') return PROVEN;
  if (isVerifying) return CHECKING;
  return check?.state === 'missing' ? MISSING : UNCHECKED;
}

/** What works and what does not, with what each missing permission disables. */
export function CapabilityTable({
  label,
  checks,
  isVerifying,
}: {
  readonly label: string;
  readonly checks: CapabilityChecks;
  readonly isVerifying: boolean;
}) {
  return (
    <DataTable label={label}>
      <TableHead>
        <ColumnHeader sticky>Capability</ColumnHeader>
        <ColumnHeader>State</ColumnHeader>
        <ColumnHeader>Permission</ColumnHeader>
        <ColumnHeader>What it means</ColumnHeader>
        <ColumnHeader>Checked</ColumnHeader>
      </TableHead>
      <TableBody>
        {CAPABILITIES.map((capability) => (
          <CapabilityRow
            key={capability}
            capability={capability}
            check={checks[capability]}
            isVerifying={isVerifying}
          />
        ))}
      </TableBody>
    </DataTable>
  );
}

function CapabilityRow({
  capability,
  check,
  isVerifying,
}: {
  readonly capability: Capability;
  readonly check: CapabilityCheck | undefined;
  readonly isVerifying: boolean;
}) {
  const { title, enables, withoutIt, asked } = CAPABILITY[capability];
  return (
    <TableRow>
      <RowHeader className="font-medium">{title}</RowHeader>
      <Cell>
        <StatusBadge {...lookOf(check, isVerifying)} />
      </Cell>
      <Cell>
        <code className="font-mono text-caption text-muted">{check?.permission ?? asked}</code>
      </Cell>
      <Cell className="max-w-md">{check?.state === 'missing' ? withoutIt : enables}</Cell>
      <Cell>{check ? <RelativeTime value={check.checkedAt} /> : <Unknown reason="Not checked yet" />}</Cell>
    </TableRow>
  );
}
