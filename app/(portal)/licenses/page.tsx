import { BadgeCheck } from 'lucide-react';
import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { cache } from 'react';
import { originsOf } from '#app/(portal)/_components/origins.ts';
import {
  LICENSES,
  NotConnected,
  NothingRead,
  SourceNotices,
} from '#app/(portal)/_components/source-notices.tsx';
import { formatQuantity } from '#components/format.ts';
import { ProblemPanel } from '#components/problem-panel.tsx';
import { ButtonLink } from '#components/ui/button.tsx';
import { Checkbox } from '#components/ui/choice.tsx';
import { EmptyState } from '#components/ui/empty-state.tsx';
import { FilterBar } from '#components/ui/filter-bar.tsx';
import { LiveRefresh } from '#components/ui/live-refresh.tsx';
import { PageHeader } from '#components/ui/page-header.tsx';
import { SelectField } from '#components/ui/select-field.tsx';
import type { Result } from '#lib/core/result.ts';
import { LicenseQuery } from '#lib/domain/licensing/model.ts';
import { type LicenseOverview, licenseOverview } from '#lib/domain/licensing/queries.ts';
import { signedInContext } from '#lib/web/signed-in-context.ts';
import { ExportButton } from '../_components/export-button.tsx';
import { LicenseFigures } from './_components/license-figures.tsx';
import { SeatChart } from './_components/seat-chart.tsx';
import { SkuTable } from './_components/sku-table.tsx';

type PageProps = { readonly searchParams: Promise<Record<string, string | string[] | undefined>> };

/** Read once in a request, for the title and for the page. */
const load = cache(
  async (tenant: LicenseQuery['tenant'], includeFree: boolean): Promise<Result<LicenseOverview>> => {
    const overview = await licenseOverview(await signedInContext(), { tenantId: tenant, includeFree });
    if (!overview.ok && overview.problem.code === 'not-found') notFound();
    return overview;
  },
);

async function queryOf({ searchParams }: PageProps): Promise<LicenseQuery> {
  const query = LicenseQuery.safeParse(await searchParams);
  return query.success ? query.data : notFound();
}

export async function generateMetadata(props: PageProps): Promise<Metadata> {
  const { tenant, free } = await queryOf(props);
  const overview = tenant && (await load(tenant, free !== undefined));
  const name = overview?.ok && overview.value.selected[0]?.name;
  return { title: name ? `${name}: Licenses` : 'Licenses' };
}

export default async function LicensesPage(props: PageProps) {
  const query = await queryOf(props);
  const overview = await load(query.tenant, query.free !== undefined);
  if (!overview.ok) return <ProblemPanel problem={overview.problem} />;
  const { sources, selected, rows } = overview.value;
  return (
    <>
      <PageHeader
        title="Licenses"
        description="What was bought from Microsoft, how much of it is assigned, and what is left."
        actions={
          rows.length > 0 ? (
            <div className="flex flex-wrap gap-2">
              <ButtonLink
                href={query.tenant ? `/licenses/breakdown?tenant=${query.tenant}` : '/licenses/breakdown'}
              >
                By department and day
              </ButtonLink>
              <ExportButton action="/licenses/export" fields={{ tenant: query.tenant }} />
              <ExportButton
                action="/licenses/purchases/export"
                fields={{ tenant: query.tenant }}
                label="Export purchases"
              />
            </div>
          ) : null
        }
      />
      {sources.length > 0 ? <Filters query={query} overview={overview.value} /> : null}
      <Content overview={overview.value} includeFree={query.free !== undefined} />
      <LiveRefresh active={selected.some(({ running }) => running)} intervalMs={3000} />
    </>
  );
}

async function Content({
  overview,
  includeFree,
}: {
  readonly overview: LicenseOverview;
  readonly includeFree: boolean;
}) {
  const { sources, selected, rows, origins, totals, readAt, mayConnect } = overview;
  if (sources.length === 0) return <NotConnected what={LICENSES.what} mayConnect={mayConnect} />;
  if (rows.length === 0 && readAt === null) return <NothingRead sources={selected} awaited={LICENSES} />;
  return (
    <>
      <SourceNotices sources={selected} awaited={LICENSES} />
      {rows.length === 0 ? (
        <EmptyState icon={BadgeCheck} title="No licences">
          <p>Microsoft lists no product for {selected.length === 1 ? 'this tenant' : 'these tenants'}.</p>
        </EmptyState>
      ) : (
        <>
          <LicenseFigures
            totals={totals}
            readAt={readAt ?? rows[0]?.importedAt ?? null}
            origins={
              await originsOf(
                'skus',
                selected.map(({ tenantId }) => tenantId),
              )
            }
          />
          <SeatChart rows={rows} includeFree={includeFree} />
          <SkuTable rows={rows} tenants={selected} origins={origins} />
        </>
      )}
    </>
  );
}

function Filters({ query, overview }: { readonly query: LicenseQuery; readonly overview: LicenseOverview }) {
  const { sources, rows } = overview;
  const freeSkus = rows.filter(({ freePool }) => freePool).length;
  return (
    <FilterBar label="Filter licences" path="/licenses">
      <SelectField
        label="Tenant"
        labelHidden
        name="tenant"
        defaultValue={query.tenant ?? ''}
        options={[
          { value: '', label: sources.length > 1 ? `All ${sources.length} tenants` : 'All tenants' },
          ...sources.map(({ tenantId, name }) => ({ value: tenantId, label: name })),
        ]}
      />
      <Checkbox
        label="Include free and trial pools"
        name="free"
        value="1"
        defaultChecked={query.free !== undefined}
        description={
          freeSkus === 0
            ? 'There are none'
            : query.free
              ? `${formatQuantity(freeSkus, 'product')} included in the figures`
              : `${formatQuantity(freeSkus, 'product')} not in the figures`
        }
      />
    </FilterBar>
  );
}
