import { z } from 'zod';
import { Guid, TenantId } from '#lib/core/ids.ts';

export const USER_SORTS = ['name', 'principal-name', 'department', 'country', 'type', 'enabled'] as const;
export type UserSort = (typeof USER_SORTS)[number];

export type SortOrder = 'asc' | 'desc';

/** Chosen instead of a department, a country or a licence: the users who have none. */
export const NONE = '(none)';

export const USER_TYPES = ['Member', 'Guest'] as const;
export type UserType = (typeof USER_TYPES)[number];

const TEXT_CHARACTERS_MAX = 200;

// A query that was typed or pasted by hand: what PostgreSQL has no room for, or nobody can see, is no reason to fail.
const Text = z.preprocess(
  (value) => (Array.isArray(value) ? value[0] : value),
  z
    .string()
    .transform((text) =>
      text
        .toWellFormed()
        .replaceAll(/\p{Cc}+/gu, ' ')
        .trim()
        .normalize('NFC')
        .slice(0, TEXT_CHARACTERS_MAX)
        // The cut may have left half a character.
        .replace(/[\ud800-\udbff]$/, '')
        .trim(),
    )
    .transform((text) => text || undefined)
    .optional(),
);

const emptyAsAbsent = <Schema extends z.ZodType>(schema: Schema) =>
  z.preprocess((value) => (value === '' ? undefined : value), schema.optional());

/**
 * Which users are meant, as the address of the page says it. Ids must be ids; of the rest, what is not understood is
 * left out.
 */
export const UserFilter = z.object({
  /** Any part of name, user principal name or mail address. */
  q: Text,
  tenant: emptyAsAbsent(TenantId),
  /** A SKU id, or NONE. */
  license: emptyAsAbsent(z.union([z.literal(NONE), Guid])),
  department: Text,
  country: Text,
  type: z.enum(USER_TYPES).optional().catch(undefined),
  enabled: z.enum(['yes', 'no']).optional().catch(undefined),
});
export type UserFilter = z.infer<typeof UserFilter>;

const CursorText = z
  .string()
  .max(4000)
  .regex(/^[\w-]+$/);

/** What the list shows: the filter, the order, and the place in it. */
export const UserListQuery = UserFilter.extend({
  sort: z.enum(USER_SORTS).catch('name'),
  order: z.enum(['asc', 'desc']).catch('asc'),
  /** A cursor of an earlier page: the page after it, or before it. */
  after: CursorText.optional().catch(undefined),
  before: CursorText.optional().catch(undefined),
});
export type UserListQuery = z.infer<typeof UserListQuery>;

/** Whether anything but the tenant narrows the list. */
export const isFiltered = (filter: UserFilter): boolean =>
  [filter.q, filter.license, filter.department, filter.country, filter.type, filter.enabled].some(
    (value) => value !== undefined,
  );

/** A row of the list. */
export type UserRow = {
  readonly tenantId: TenantId;
  readonly id: string;
  readonly displayName: string | null;
  readonly userPrincipalName: string | null;
  readonly mail: string | null;
  readonly jobTitle: string | null;
  readonly department: string | null;
  readonly companyName: string | null;
  readonly country: string | null;
  readonly userType: string | null;
  readonly accountEnabled: boolean | null;
  readonly skuIds: readonly string[];
};

/** One of the values to choose from in a filter, and how many users have it. */
export type Choice = { readonly value: string; readonly users: number };

/** How many users match; `isExact` is false where there are more than were counted. */
export type MatchCount = { readonly users: number; readonly isExact: boolean };
