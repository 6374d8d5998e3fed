import { SearchX, Users } from 'lucide-react';
import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { cache } from 'react';
import { ExportButton } from '#app/(portal)/_components/export-button.tsx';
import { FigureProvenance } from '#app/(portal)/_components/figure-provenance.tsx';
import { originsOf } from '#app/(portal)/_components/origins.ts';
import {
  NotConnected,
  NothingRead,
  SourceNotices,
  USERS,
} from '#app/(portal)/_components/source-notices.tsx';
import { formatCount, formatQuantity } from '#components/format.ts';
import { ProblemPanel } from '#components/problem-panel.tsx';
import { ButtonLink } from '#components/ui/button.tsx';
import { EmptyState } from '#components/ui/empty-state.tsx';
import { LiveRefresh } from '#components/ui/live-refresh.tsx';
import { PageHeader } from '#components/ui/page-header.tsx';
import { Pagination } from '#components/ui/pagination.tsx';
import { Freshness } from '#components/ui/time.tsx';
import type { Result } from '#lib/core/result.ts';
import { isFiltered, UserListQuery } from '#lib/domain/users/model.ts';
import { listUsers, type UserPage } from '#lib/domain/users/queries.ts';
import { signedInContext } from '#lib/web/signed-in-context.ts';
import { UserFilters } from './_components/user-filters.tsx';
import { UserTable } from './_components/user-table.tsx';
import { filterFields, orderFields, usersAddress } from './address.ts';

type PageProps = { readonly searchParams: Promise<Record<string, string | string[] | undefined>> };

/** Read once in a request, for the title and for the page; the address is the key. */
const load = cache(async (address: string): Promise<Result<UserPage>> => {
  const page = await listUsers(await signedInContext(), queryOf(JSON.parse(address)));
  if (!page.ok && page.problem.code === 'not-found') notFound();
  return page;
});

function queryOf(searchParams: unknown): UserListQuery {
  const query = UserListQuery.safeParse(searchParams);
  return query.success ? query.data : notFound();
}

const loadPage = async ({ searchParams }: PageProps) => load(JSON.stringify(await searchParams));

export async function generateMetadata(props: PageProps): Promise<Metadata> {
  const { tenant } = queryOf(await props.searchParams);
  const page = tenant && (await loadPage(props));
  const name = page?.ok && page.value.selected[0]?.name;
  return { title: name ? `${name}: Users` : 'Users' };
}

/** An import runs every day; from then on something is wrong. */
const STALE_AFTER_MS = 36 * 60 * 60_000;

export default async function UsersPage(props: PageProps) {
  const query = queryOf(await props.searchParams);
  const page = await loadPage(props);
  if (!page.ok) return <ProblemPanel problem={page.problem} />;
  const { sources, selected, matches, total, readAt } = page.value;
  const origins = await originsOf(
    'users',
    selected.map(({ tenantId }) => tenantId),
  );
  // Not of tenants that earlier versions of the portal have read.
  const isTraced = origins.some(({ read }) => read);
  return (
    <>
      <PageHeader
        title="Users"
        description={
          <span className="flex flex-wrap items-baseline gap-x-3">
            <span>The people and accounts of your directories, and the licences they hold.</span>
            {readAt && !isTraced ? (
              <Freshness label="Read" value={readAt} staleAfterMs={STALE_AFTER_MS} />
            ) : null}
          </span>
        }
        actions={
          matches.users > 0 ? <ExportButton action="/users/export" fields={filterFields(query)} /> : null
        }
      />
      {isTraced ? (
        <FigureProvenance
          phase="users"
          origins={origins}
          computed="the users that the last complete read has seen, less those that were deleted since"
        />
      ) : null}
      {sources.length > 0 ? (
        <UserFilters
          query={query}
          page={page.value}
          summary={total > 0 ? summaryOf(page.value) : undefined}
        />
      ) : null}
      <Content query={query} page={page.value} />
      <LiveRefresh active={selected.some(({ running }) => running)} intervalMs={3000} />
    </>
  );
}

function Content({ query, page }: { readonly query: UserListQuery; readonly page: UserPage }) {
  const { sources, selected, users, total, readAt, mayConnect, previous, next } = page;
  if (sources.length === 0) return <NotConnected what={USERS.what} mayConnect={mayConnect} />;
  if (total === 0 && readAt === null) return <NothingRead sources={selected} awaited={USERS} />;
  const address = (cursor: Record<string, string>) =>
    usersAddress(filterFields(query), orderFields(query), cursor);
  return (
    <>
      <SourceNotices sources={selected} awaited={USERS} />
      {users.length > 0 ? (
        <>
          <UserTable query={query} page={page} />
          <Pagination
            label="Users"
            previousHref={previous && address({ before: previous })}
            nextHref={next && address({ after: next })}
          />
        </>
      ) : isFiltered(query) ? (
        <EmptyState
          icon={SearchX}
          title="No user matches"
          actions={
            <ButtonLink href={usersAddress({ tenant: query.tenant }, orderFields(query))}>
              Clear filters
            </ButtonLink>
          }
        >
          <p>
            None of {formatQuantity(total, 'user')} fits the search and the filters together. A search of one
            or two letters finds the beginnings of words only.
          </p>
        </EmptyState>
      ) : (
        <EmptyState icon={Users} title="No users">
          <p>Microsoft lists no user in {selected.length === 1 ? 'this tenant' : 'these tenants'}.</p>
        </EmptyState>
      )}
    </>
  );
}

/** `1,204 of 84,310 users`; `84,310 users` where all are meant. */
function summaryOf({ matches, total }: UserPage): string {
  if (matches.isExact && matches.users === total) return formatQuantity(total, 'user');
  const count = formatCount(matches.users);
  return `${matches.isExact ? count : `More than ${count}`} of ${formatQuantity(total, 'user')}`;
}
