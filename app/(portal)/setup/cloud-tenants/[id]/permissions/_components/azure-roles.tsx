import {
  Cell,
  ColumnHeader,
  DataTable,
  RowHeader,
  TableBody,
  TableHead,
  TableRow,
} from '#components/ui/data-table.tsx';
import { AbsoluteTime, RelativeTime } from '#components/ui/time.tsx';
import { Unknown } from '#components/ui/unknown.tsx';
import type { SubscriptionView } from '#lib/domain/tenants/queries.ts';
import { FoundBadge, ProofMark } from './proof-mark.tsx';

/** The role of the portal on each added subscription, with what proves that it works. */
export function AzureRoles({
  label,
  subscriptions,
  isChecking,
}: {
  readonly label: string;
  readonly subscriptions: readonly SubscriptionView[];
  readonly isChecking: boolean;
}) {
  return (
    <DataTable label={label} busy={isChecking}>
      <TableHead>
        <ColumnHeader sticky>Subscription</ColumnHeader>
        <ColumnHeader>State</ColumnHeader>
        <ColumnHeader>Role</ColumnHeader>
        <ColumnHeader>Given</ColumnHeader>
        <ColumnHeader>Listed</ColumnHeader>
        <ColumnHeader>Read</ColumnHeader>
        <ColumnHeader>Last proven</ColumnHeader>
      </TableHead>
      <TableBody>
        {subscriptions.map((subscription) => (
          <RoleRow key={subscription.subscriptionId} subscription={subscription} isChecking={isChecking} />
        ))}
      </TableBody>
    </DataTable>
  );
}

function RoleRow({
  subscription: { displayName, addedAt, check },
  isChecking,
}: {
  readonly subscription: SubscriptionView;
  readonly isChecking: boolean;
}) {
  const isUnknown = !check || check.state === 'could-not-check';
  return (
    <TableRow unknown={isUnknown && !isChecking}>
      <RowHeader>{displayName}</RowHeader>
      <Cell>
        <FoundBadge state={check?.state} isChecking={isChecking} />
      </Cell>
      <Cell>Reader</Cell>
      <Cell>{addedAt ? <AbsoluteTime value={addedAt} /> : <Unknown reason="Not recorded" />}</Cell>
      <Cell>
        <ProofMark proof={check?.listed} whyNot="No check yet" />
      </Cell>
      <Cell>
        <ProofMark proof={check?.read} whyNot="What is not listed is not read" />
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
