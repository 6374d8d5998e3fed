import { TenantId } from '#lib/core/ids.ts';
import type { SortOrder, UserFilter, UserRow, UserSort } from './model.ts';
import type { Position } from './orders.ts';
import type { Parameters, Scope } from './statement.ts';

/** Which users of the list are wanted. */
export type PageRequest = {
  readonly scope: Scope;
  readonly filter: UserFilter;
  readonly sort: UserSort;
  readonly order: SortOrder;
  /** Where to go on; absent: at the beginning, or at the end when reading backwards. */
  readonly position?: Position;
  /** Whether the users before the position are meant. */
  readonly isBackwards: boolean;
  readonly limit: number;
};

/** A user of the list, and where they stand in its order. */
export type PlacedUser = { readonly user: UserRow; readonly position: Position };

/** Whether the list is read from its largest keys to its smallest. */
export const isDescending = ({ order, isBackwards }: PageRequest): boolean =>
  (order === 'desc') !== isBackwards;

/** An ORDER BY list over columns, in the direction in which the request reads. */
export function orderBy(request: PageRequest, columns: readonly string[]): string {
  const direction = isDescending(request) ? 'DESC' : 'ASC';
  return columns.map((column) => `${column} ${direction}`).join(', ');
}

/** The condition that columns lie beyond these values in the direction in which the request reads. */
export function beyond(request: PageRequest, columns: readonly string[], values: readonly string[]): string {
  return `(${columns.join(', ')}) ${isDescending(request) ? '<' : '>'} (${values.join(', ')})`;
}

/** The keys and ids of a position as parameters. */
export const positionValues = (position: Position, { add }: Parameters): string[] => [
  ...position.keys.map((key) => `${add(key)}::text`),
  `${add(position.id)}::uuid`,
  `${add(position.tenantId)}::uuid`,
];

/** What is read of a user (`u`) for a row of the list. */
export const USER_COLUMNS = `u.tenant_id, u.id, u.display_name, u.user_principal_name, u.mail, u.job_title,
  u.department, u.company_name, u.country, u.user_type, u.account_enabled, u.sku_ids::text[]`;

/** A row with USER_COLUMNS, its rank and its keys. */
export type PlacedRow = {
  readonly tenant_id: string;
  readonly id: string;
  readonly display_name: string | null;
  readonly user_principal_name: string | null;
  readonly mail: string | null;
  readonly job_title: string | null;
  readonly department: string | null;
  readonly company_name: string | null;
  readonly country: string | null;
  readonly user_type: string | null;
  readonly account_enabled: boolean | null;
  readonly sku_ids: string[];
  readonly rank: number;
  readonly keys: string[];
};

export function toPlacedUser(row: PlacedRow): PlacedUser {
  const tenantId = TenantId.parse(row.tenant_id);
  return {
    user: {
      tenantId,
      id: row.id,
      displayName: row.display_name,
      userPrincipalName: row.user_principal_name,
      mail: row.mail,
      jobTitle: row.job_title,
      department: row.department,
      companyName: row.company_name,
      country: row.country,
      userType: row.user_type,
      accountEnabled: row.account_enabled,
      skuIds: row.sku_ids,
    },
    position: { rank: row.rank, keys: row.keys, id: row.id, tenantId },
  };
}
