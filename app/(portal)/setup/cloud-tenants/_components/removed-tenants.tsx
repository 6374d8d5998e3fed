import { ConfirmDialog } from '#components/confirm-dialog.tsx';
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
import { AbsoluteTime, RelativeTime } from '#components/ui/time.tsx';
import type { Removal, RemovalList } from '#lib/domain/lifecycle/queries.ts';
import { KIND_LABEL } from '#lib/domain/tenants/model.ts';
import { eraseTenantAction, restoreTenantAction } from '../lifecycle-actions.ts';
import { removalPath, tenantPath } from '../paths.ts';
import { ActionForm } from './action-form.tsx';
import { RemovalStateBadge } from './removal-state.tsx';

/** Removed tenants with what can still be done about each, for those who may. */
export function RemovedTenants({ list: { removals, mayRestore, mayErase } }: { readonly list: RemovalList }) {
  return (
    <DataTable label="Removed tenants">
      <TableHead>
        <ColumnHeader sticky>Name and kind</ColumnHeader>
        <ColumnHeader>Tenant ID</ColumnHeader>
        <ColumnHeader>State</ColumnHeader>
        <ColumnHeader>Removed</ColumnHeader>
        <ColumnHeader>Receipt</ColumnHeader>
        {mayRestore ? (
          <ColumnHeader>
            <span className="sr-only">Restore or erase</span>
          </ColumnHeader>
        ) : null}
      </TableHead>
      <TableBody>
        {removals.map((removal) => (
          <TableRow key={removal.removalId}>
            <RowHeader>
              <div className="flex flex-col items-start">
                <span className="break-words font-medium">{removal.name}</span>
                <span className="text-caption text-muted">{KIND_LABEL[removal.kind]}</span>
              </div>
            </RowHeader>
            <Cell>
              <code className="whitespace-nowrap font-mono text-caption text-muted">
                {removal.directoryId}
              </code>
            </Cell>
            <Cell>
              <div className="flex flex-col items-start gap-1">
                <RemovalStateBadge state={removal.state} />
                <span className="text-caption text-muted">
                  <StateDate removal={removal} />
                </span>
              </div>
            </Cell>
            <Cell>
              <div className="flex flex-col">
                <RelativeTime value={removal.removedAt} />
                <span className="text-caption text-muted">by {removal.removedBy}</span>
              </div>
            </Cell>
            <Cell>
              <TextLink href={removalPath(removal.removalId)} aria-label={`Receipt of ${removal.name}`}>
                Receipt
              </TextLink>
            </Cell>
            {mayRestore ? (
              <Cell>
                <RemovalButtons removal={removal} mayErase={mayErase} />
              </Cell>
            ) : null}
          </TableRow>
        ))}
      </TableBody>
    </DataTable>
  );
}

function StateDate({ removal }: { readonly removal: Removal }) {
  const { state, eraseAt, erasedAt, restoredAt, tenantId } = removal;
  if (state === 'restored' && restoredAt) {
    return (
      <>
        <AbsoluteTime value={restoredAt} /> · <TextLink href={tenantPath(tenantId)}>Open</TextLink>
      </>
    );
  }
  if (state === 'erased' && erasedAt) return <AbsoluteTime value={erasedAt} />;
  if (state === 'erasing') return 'Every row is being erased';
  return (
    <>
      Erased on <AbsoluteTime value={eraseAt} />
    </>
  );
}

/** Nothing where its time is over. */
export function RemovalButtons({
  removal: { state, tenantId, name },
  mayErase,
}: {
  readonly removal: Removal;
  readonly mayErase: boolean;
}) {
  if (state !== 'restorable') return null;
  return (
    <div className="flex items-start justify-end gap-2">
      <ActionForm action={restoreTenantAction} fields={{ tenantId }} label="Restore" />
      {mayErase ? (
        <ConfirmDialog
          triggerLabel="Erase now"
          title={`Erase ${name}?`}
          confirmLabel="Erase now"
          tone="danger"
          action={eraseTenantAction}
          fields={{ tenantId, confirmation: name }}
          typeToConfirm={name}
          doneText="The erasure has begun."
        >
          <p>
            Every row of this tenant is erased, without waiting for the seven days. It cannot be undone; the
            receipt stays.
          </p>
        </ConfirmDialog>
      ) : null}
    </div>
  );
}
