import { ColumnHeader, DataTable, TableHead } from '#components/ui/data-table.tsx';
import { type Html, html } from '#components/ui/html.ts';
import { HtmlTableBody } from '#components/ui/html-table-body.tsx';
import type { UserListQuery, UserRow, UserSort } from '#lib/domain/users/model.ts';
import type { UserPage } from '#lib/domain/users/queries.ts';
import { sortAddress, userPath } from '../address.ts';
import { AccountIcons, accountBadge } from './account-badge.tsx';

type Column = { readonly label: string; readonly sort?: UserSort; readonly className?: string };

const COLUMNS: readonly Column[] = [
  { label: 'Name', sort: 'name' },
  { label: 'User principal name', sort: 'principal-name', className: 'min-w-40' },
  { label: 'Type', sort: 'type', className: 'min-w-20' },
  { label: 'Account', sort: 'enabled' },
  { label: 'Department', sort: 'department', className: 'min-w-28' },
  { label: 'Country', sort: 'country', className: 'min-w-24' },
  { label: 'Licences', className: 'min-w-36' },
];

/** A page of users. */
export function UserTable({ query, page }: { readonly query: UserListQuery; readonly page: UserPage }) {
  const skuNames = new Map(page.skus.map(({ skuId, name }) => [skuId, name]));
  const tenants = new Map(page.sources.map(({ tenantId, name }) => [tenantId, name]));
  const showsTenant = page.selected.length > 1;
  return (
    <>
      <AccountIcons />
      <DataTable label="Users">
        <TableHead>
          {COLUMNS.map(({ label, sort, className }, index) => (
            <ColumnHeader
              key={label}
              className={className}
              sticky={index === 0}
              sortHref={sort && sortAddress(query, sort)}
              sort={sort === query.sort ? (query.order === 'asc' ? 'ascending' : 'descending') : undefined}
            >
              {label}
            </ColumnHeader>
          ))}
          {showsTenant ? <ColumnHeader className="min-w-20">Tenant</ColumnHeader> : null}
        </TableHead>
        <HtmlTableBody
          rows={page.users.map((user) =>
            userRow(user, skuNames, showsTenant ? (tenants.get(user.tenantId) ?? '') : undefined),
          )}
        />
      </DataTable>
    </>
  );
}

function userRow(user: UserRow, skuNames: ReadonlyMap<string, string>, tenantName: string | undefined): Html {
  const name = user.displayName?.trim() || user.userPrincipalName || 'User without a name';
  const licences = user.skuIds.map((skuId) => skuNames.get(skuId) ?? skuId);
  return html`<tr><th scope="row" dir="auto"><a class="link" href="${userPath(user)}">${clamped(name)}</a></th><td dir="auto" class="text-small">${stated(user.userPrincipalName)}</td><td>${stated(user.userType)}</td><td>${accountBadge(user.accountEnabled)}</td><td dir="auto">${stated(user.department)}${user.companyName?.trim() && company(user.companyName)}</td><td dir="auto">${stated(user.country)}</td><td class="text-small">${licenceNames(licences)}</td>${tenantName !== undefined && html`<td dir="auto" class="text-small">${tenantName}</td>`}</tr>`;
}

const NOT_STATED = html`<span title="Not stated in the directory" class="text-muted"><span aria-hidden="true">—</span><span class="sr-only">Not stated in the directory</span></span>`;

const stated = (value: string | null): Html | string => (value?.trim() ? clamped(value) : NOT_STATED);

const company = (name: string): Html =>
  html`<span dir="auto" class="line-clamp-1 text-caption text-muted">${name}</span>`;

/** What is longer than this may need more than three lines of its column. */
const THREE_LINES = 40;

const clamped = (text: string): Html | string =>
  text.length > THREE_LINES ? html`<span class="line-clamp-3">${text}</span>` : text;

const SHOWN = 2;

/** The first licences by name, and how many more there are. */
function licenceNames(licences: readonly string[]): Html | string {
  if (licences.length === 0) return html`<span class="text-muted">None</span>`;
  const names = licences.toSorted(byName);
  const more = names.slice(SHOWN);
  const shown = names.slice(0, SHOWN).join(', ');
  if (more.length === 0) return shown;
  return html`${shown} <span title="${more.join(', ')}" class="whitespace-nowrap text-muted">+${more.length} more</span>`;
}

// Made once: localeCompare() makes one for each comparison.
const byName = new Intl.Collator('en').compare;
