import { Chip } from '#components/ui/chip.tsx';
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
import { Unknown } from '#components/ui/unknown.tsx';
import type { UserListQuery, UserRow, UserSort } from '#lib/domain/users/model.ts';
import type { SkuName, UserPage } from '#lib/domain/users/queries.ts';
import { sortAddress, userPath } from '../address.ts';
import { AccountBadge } from './account-badge.tsx';

const COLUMNS: ReadonlyArray<readonly [label: string, sort?: UserSort]> = [
  ['Name', 'name'],
  ['User principal name', 'principal-name'],
  ['Type', 'type'],
  ['Account', 'enabled'],
  ['Department', 'department'],
  ['Company'],
  ['Country', 'country'],
  ['Licences'],
];

/** A page of users. */
export function UserTable({ query, page }: { readonly query: UserListQuery; readonly page: UserPage }) {
  const names = new Map(page.skus.map((sku) => [sku.skuId, sku]));
  const tenants = new Map(page.sources.map(({ tenantId, name }) => [tenantId, name]));
  const showsTenant = page.selected.length > 1;
  return (
    <DataTable label="Users">
      <TableHead>
        {COLUMNS.map(([label, sort], index) => (
          <ColumnHeader
            key={label}
            sticky={index === 0}
            sortHref={sort && sortAddress(query, sort)}
            sort={sort === query.sort ? (query.order === 'asc' ? 'ascending' : 'descending') : undefined}
          >
            {label}
          </ColumnHeader>
        ))}
        {showsTenant ? <ColumnHeader>Tenant</ColumnHeader> : null}
      </TableHead>
      <TableBody>
        {page.users.map((user) => (
          <UserTableRow
            key={`${user.tenantId}/${user.id}`}
            user={user}
            names={names}
            tenant={showsTenant ? tenants.get(user.tenantId) : undefined}
          />
        ))}
      </TableBody>
    </DataTable>
  );
}

function UserTableRow({
  user,
  names,
  tenant,
}: {
  readonly user: UserRow;
  readonly names: ReadonlyMap<string, SkuName>;
  readonly tenant: string | undefined;
}) {
  return (
    <TableRow>
      <RowHeader>
        <TextLink href={userPath(user)} className="line-clamp-2 break-words">
          <bdi>{user.displayName?.trim() || user.userPrincipalName || 'User without a name'}</bdi>
        </TextLink>
      </RowHeader>
      <TextCell value={user.userPrincipalName} className="break-all" />
      <TextCell value={user.userType} />
      <Cell>
        <AccountBadge isEnabled={user.accountEnabled} />
      </Cell>
      <TextCell value={user.department} />
      <TextCell value={user.companyName} />
      <TextCell value={user.country} />
      <Cell>
        <Licenses skus={user.skuIds.map((skuId) => names.get(skuId)?.name ?? skuId)} />
      </Cell>
      {tenant === undefined ? null : <Cell>{tenant}</Cell>}
    </TableRow>
  );
}

function TextCell({
  value,
  className = 'break-words',
}: {
  readonly value: string | null;
  readonly className?: string;
}) {
  return (
    <Cell>
      {value?.trim() ? (
        <bdi className={`line-clamp-2 ${className}`}>{value}</bdi>
      ) : (
        <Unknown reason="Not stated in the directory" />
      )}
    </Cell>
  );
}

const SHOWN = 2;

/** The first licences by name, and how many more there are. */
function Licenses({ skus }: { readonly skus: readonly string[] }) {
  if (skus.length === 0) return <span className="text-muted">None</span>;
  const names = skus.toSorted((a, b) => a.localeCompare(b, 'en'));
  const more = names.slice(SHOWN);
  return (
    <span className="flex flex-wrap gap-1">
      {names.slice(0, SHOWN).map((name) => (
        <Chip key={name}>
          <span className="max-w-44 truncate" title={name}>
            {name}
          </span>
        </Chip>
      ))}
      {more.length > 0 ? (
        <Chip>
          <span title={more.join(', ')}>+{more.length}</span>
          <span className="sr-only">: {more.join(', ')}</span>
        </Chip>
      ) : null}
    </span>
  );
}
