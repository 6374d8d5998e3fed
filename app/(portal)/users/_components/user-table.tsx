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
        <TextLink href={userPath(user)} className="line-clamp-3 wrap-anywhere">
          <bdi>{user.displayName?.trim() || user.userPrincipalName || 'User without a name'}</bdi>
        </TextLink>
      </RowHeader>
      <Cell className="min-w-40 text-small">
        <Text value={user.userPrincipalName} />
      </Cell>
      <Cell className="min-w-20">
        <Text value={user.userType} />
      </Cell>
      <Cell>
        <AccountBadge isEnabled={user.accountEnabled} />
      </Cell>
      <Cell className="min-w-28">
        <Text value={user.department} />
        {user.companyName?.trim() ? (
          <span className="line-clamp-1 text-caption text-muted wrap-anywhere">
            <bdi>{user.companyName}</bdi>
          </span>
        ) : null}
      </Cell>
      <Cell className="min-w-24">
        <Text value={user.country} />
      </Cell>
      <Cell className="min-w-36">
        <Licenses skus={user.skuIds.map((skuId) => names.get(skuId)?.name ?? skuId)} />
      </Cell>
      {tenant === undefined ? null : <Cell className="min-w-20 text-small wrap-anywhere">{tenant}</Cell>}
    </TableRow>
  );
}

function Text({ value }: { readonly value: string | null }) {
  if (!value?.trim()) return <Unknown reason="Not stated in the directory" />;
  return (
    <span className="line-clamp-3 wrap-anywhere">
      <bdi>{value}</bdi>
    </span>
  );
}

const SHOWN = 2;

/** The first licences by name, and how many more there are. */
function Licenses({ skus }: { readonly skus: readonly string[] }) {
  if (skus.length === 0) return <span className="text-muted">None</span>;
  const names = skus.toSorted((a, b) => a.localeCompare(b, 'en'));
  const more = names.slice(SHOWN);
  return (
    <span className="text-small">
      {names.slice(0, SHOWN).join(', ')}
      {more.length > 0 ? (
        <span title={more.join(', ')} className="whitespace-nowrap text-muted">
          {' '}
          +{more.length} more
        </span>
      ) : null}
    </span>
  );
}
