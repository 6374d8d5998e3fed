import type { TenantId } from '#lib/core/ids.ts';
import type { UserListQuery, UserSort } from '#lib/domain/users/model.ts';

export const USERS_PATH = '/users';

export const userPath = (user: { readonly tenantId: TenantId; readonly id: string }): string =>
  `${USERS_PATH}/${user.tenantId}/${user.id}`;

type Fields = Readonly<Record<string, string | undefined>>;

/** The filter as the fields of an address; what is not set is undefined. */
export const filterFields = ({
  q,
  tenant,
  license,
  department,
  country,
  type,
  enabled,
}: UserListQuery): Fields => ({
  q,
  tenant,
  license,
  department,
  country,
  type,
  enabled,
});

/** The order as the fields of an address; the order by name, which is there from the start, is none. */
export const orderFields = ({ sort, order }: Pick<UserListQuery, 'sort' | 'order'>): Fields => ({
  sort: sort === 'name' && order === 'asc' ? undefined : sort,
  order: order === 'asc' ? undefined : order,
});

/** The address of the list with these fields. */
export function usersAddress(...fields: readonly Fields[]): string {
  const query = new URLSearchParams();
  for (const [name, value] of fields.flatMap((part) => Object.entries(part))) {
    if (value !== undefined) query.set(name, value);
  }
  return query.size > 0 ? `${USERS_PATH}?${query}` : USERS_PATH;
}

/** Where the head of a column leads: the list in this order, or turned round where it already is; from its beginning. */
export function sortAddress(query: UserListQuery, sort: UserSort): string {
  const order = query.sort === sort && query.order === 'asc' ? 'desc' : 'asc';
  return usersAddress(filterFields(query), orderFields({ sort, order }));
}
