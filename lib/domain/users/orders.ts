import type { TenantId } from '#lib/core/ids.ts';
import type { UserSort } from './model.ts';
import { sortKey } from './statement.ts';

/** Where a user stands in an order: the keys of the order, then the ids that tell equal ones apart. */
export type Position = {
  /** For the orders by kind of account: which kind, in their order; else 0. */
  readonly rank: number;
  readonly keys: readonly string[];
  readonly id: string;
  readonly tenantId: TenantId;
};

type Order = {
  /** The columns that the keys and ranks are made of. */
  readonly columns: readonly string[];
  /** What is compared, in turn; an index of the migration has the same expressions. The user's id follows. */
  readonly keys: readonly string[];
  /** A column of few values comes before the keys: the conditions of its values in their order, each true for itself. */
  readonly ranks: readonly string[];
};

const NAME = sortKey('u.display_name');

/** The orders of the user list. Users with the same department or country, or of the same kind, are ordered by name. */
export const ORDERS: Readonly<Record<UserSort, Order>> = {
  name: { columns: ['display_name'], keys: [NAME], ranks: [] },
  'principal-name': { columns: ['user_principal_name'], keys: [sortKey('u.user_principal_name')], ranks: [] },
  department: { columns: ['department', 'display_name'], keys: [sortKey('u.department'), NAME], ranks: [] },
  country: { columns: ['country', 'display_name'], keys: [sortKey('u.country'), NAME], ranks: [] },
  type: {
    columns: ['user_type', 'display_name'],
    keys: [NAME],
    ranks: [
      "u.user_type = 'Guest'",
      "u.user_type = 'Member'",
      // As ranges, so that the index finds what hardly ever is there.
      "(u.user_type < 'Guest' OR (u.user_type > 'Guest' AND u.user_type < 'Member') OR u.user_type > 'Member')",
      'u.user_type IS NULL',
    ],
  },
  enabled: {
    columns: ['account_enabled', 'display_name'],
    keys: [NAME],
    ranks: ['u.account_enabled = false', 'u.account_enabled = true', 'u.account_enabled IS NULL'],
  },
};
