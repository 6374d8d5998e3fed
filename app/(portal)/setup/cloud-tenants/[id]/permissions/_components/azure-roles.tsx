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
import type { TenantDetails } from '#lib/domain/tenants/queries.ts';

/** The role assignments that the portal was given, one for each added subscription. */
export function AzureRoles({ tenant }: { readonly tenant: TenantDetails }) {
  const added = tenant.subscriptions.filter(({ status }) => status === 'added');
  return (
    <Section
      title="Roles of the portal in Azure"
      description="Reader lists subscriptions and resources. It cannot change anything, and cannot read what is inside them."
    >
      {added.length === 0 ? (
        <p className="text-muted">The portal has no role on any subscription of this tenant.</p>
      ) : (
        <DataTable label={`Roles in ${tenant.name}`}>
          <TableHead>
            <ColumnHeader sticky>Subscription</ColumnHeader>
            <ColumnHeader>Role</ColumnHeader>
            <ColumnHeader>Given</ColumnHeader>
          </TableHead>
          <TableBody>
            {added.map(({ subscriptionId, displayName, addedAt }) => (
              <TableRow key={subscriptionId}>
                <RowHeader>{displayName}</RowHeader>
                <Cell>Reader</Cell>
                <Cell>{addedAt ? <AbsoluteTime value={addedAt} /> : <Unknown reason="Not recorded" />}</Cell>
              </TableRow>
            ))}
          </TableBody>
        </DataTable>
      )}
    </Section>
  );
}
