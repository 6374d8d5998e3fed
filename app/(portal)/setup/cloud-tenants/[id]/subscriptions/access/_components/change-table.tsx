import { ArrowRight } from 'lucide-react';
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
import type { ChangeItemView } from '#lib/domain/access-changes/queries.ts';
import { LEVEL_SHORT } from '../words.ts';
import { ItemStateCell } from './item-state.tsx';
import { RoleChanges } from './role-changes.tsx';

/** The subscriptions of a change: from which level to which, what that means in Azure, and how far it is. */
export function ChangeTable({ items }: { readonly items: readonly ChangeItemView[] }) {
  return (
    <DataTable label="Subscriptions of this change">
      <TableHead>
        <ColumnHeader sticky>Name and subscription ID</ColumnHeader>
        <ColumnHeader>State</ColumnHeader>
        <ColumnHeader>Access level</ColumnHeader>
        <ColumnHeader>Changes in Azure</ColumnHeader>
      </TableHead>
      <TableBody>
        {items.map((item) => (
          <TableRow key={item.subscriptionId} muted={item.state === 'replaced'}>
            <RowHeader>
              <div className="flex flex-col items-start">
                <span className="break-words font-medium">{item.displayName}</span>
                <CodeValue value={item.subscriptionId} name="subscription ID" />
              </div>
            </RowHeader>
            <Cell>
              <ItemStateCell item={item} />
            </Cell>
            <Cell>
              <Levels item={item} />
            </Cell>
            <Cell>
              <RoleChanges item={item} />
            </Cell>
          </TableRow>
        ))}
      </TableBody>
    </DataTable>
  );
}

function Levels({ item: { fromLevel, toLevel } }: { readonly item: ChangeItemView }) {
  if (fromLevel === toLevel) return LEVEL_SHORT[toLevel];
  return (
    <span className="flex flex-col gap-0.5">
      <span className="text-muted">{LEVEL_SHORT[fromLevel]}</span>
      <span className="flex gap-1.5">
        <ArrowRight aria-hidden className="mt-0.5 size-4 shrink-0 text-muted" />
        <span className="sr-only">to</span>
        {LEVEL_SHORT[toLevel]}
      </span>
    </span>
  );
}
