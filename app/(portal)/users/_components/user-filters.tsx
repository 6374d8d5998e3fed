import { formatCount } from '#components/format.ts';
import { FilterBar } from '#components/ui/filter-bar.tsx';
import { SearchField } from '#components/ui/search-field.tsx';
import { SelectField, type SelectOption } from '#components/ui/select-field.tsx';
import { type Choice, isFiltered, NONE, type UserListQuery } from '#lib/domain/users/model.ts';
import type { UserPage } from '#lib/domain/users/queries.ts';
import { orderFields, USERS_PATH, usersAddress } from '../address.ts';

/** All that narrows the list, in one row. */
export function UserFilters({
  query,
  page,
  summary,
}: {
  readonly query: UserListQuery;
  readonly page: UserPage;
  readonly summary: string | undefined;
}) {
  const { sources, departments, countries, skus } = page;
  return (
    <FilterBar
      label="Filter users"
      path={USERS_PATH}
      keep={orderFields(query)}
      clearHref={isFiltered(query) ? usersAddress({ tenant: query.tenant }, orderFields(query)) : undefined}
      summary={summary}
    >
      <SearchField
        label="Search users"
        name="q"
        defaultValue={query.q ?? ''}
        placeholder="Name or mail address"
        className="w-full sm:w-52"
      />
      {sources.length > 1 ? (
        <Filter
          label="Tenant"
          name="tenant"
          value={query.tenant}
          all={`All ${sources.length} tenants`}
          options={sources.map(({ tenantId, name }) => ({ value: tenantId, label: name }))}
        />
      ) : null}
      <Filter
        label="Licence"
        name="license"
        value={query.license}
        all="All licences"
        options={[
          { value: NONE, label: 'Without a licence' },
          ...skus.map(({ skuId, name }) => ({ value: skuId, label: name })),
        ]}
      />
      <Filter
        label="Department"
        name="department"
        value={query.department}
        all="All departments"
        options={departments.map((choice) => optionOf(choice, 'No department'))}
      />
      <Filter
        label="Country"
        name="country"
        value={query.country}
        all="All countries"
        options={countries.map((choice) => optionOf(choice, 'No country'))}
      />
      <Filter
        label="User type"
        name="type"
        value={query.type}
        all="All types"
        options={[
          { value: 'Member', label: 'Members' },
          { value: 'Guest', label: 'Guests' },
        ]}
      />
      <Filter
        label="Account"
        name="enabled"
        value={query.enabled}
        all="Enabled or not"
        options={[
          { value: 'yes', label: 'Enabled' },
          { value: 'no', label: 'Disabled' },
        ]}
      />
    </FilterBar>
  );
}

const optionOf = ({ value, users }: Choice, none: string): SelectOption => ({
  value,
  label: `${value === NONE ? none : value} (${formatCount(users)})`,
});

function Filter({
  label,
  name,
  value = '',
  all,
  options,
}: {
  readonly label: string;
  readonly name: string;
  readonly value?: string;
  /** What stands there while nothing is chosen. */
  readonly all: string;
  readonly options: readonly SelectOption[];
}) {
  // What the address asks for can be chosen, also where it is not among the most frequent ones.
  const isListed = value === '' || options.some((option) => option.value === value);
  return (
    <SelectField
      label={label}
      labelHidden
      name={name}
      defaultValue={value}
      className="w-[calc(50%-0.25rem)] sm:w-auto sm:max-w-38"
      options={[{ value: '', label: all }, ...options, ...(isListed ? [] : [{ value, label: value }])]}
    />
  );
}
