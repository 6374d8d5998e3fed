import { Building2 } from 'lucide-react';
import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { LICENSES, NotConnected } from '#app/(portal)/_components/source-notices.tsx';
import { ProblemPanel } from '#components/problem-panel.tsx';
import { Breadcrumbs } from '#components/ui/breadcrumbs.tsx';
import { Callout } from '#components/ui/callout.tsx';
import { EmptyState } from '#components/ui/empty-state.tsx';
import { CONTROL_CLASS } from '#components/ui/field.tsx';
import { FilterBar } from '#components/ui/filter-bar.tsx';
import { PageHeader } from '#components/ui/page-header.tsx';
import { Section } from '#components/ui/section.tsx';
import { SelectField } from '#components/ui/select-field.tsx';
import { Freshness } from '#components/ui/time.tsx';
import { type Breakdown, BreakdownQuery, licenceBreakdown } from '#lib/domain/history/breakdown.ts';
import { signedInContext } from '#lib/web/signed-in-context.ts';
import { ExportButton } from '../../_components/export-button.tsx';
import { BreakdownTable } from './_components/breakdown-table.tsx';
import { SeatsOnDay } from './_components/seats-on-day.tsx';

type PageProps = { readonly searchParams: Promise<Record<string, string | string[] | undefined>> };

export const metadata: Metadata = { title: 'Licenses by department and day' };

const BY_WORDS = { department: 'Department', country: 'Country', company: 'Company' } as const;

export default async function BreakdownPage({ searchParams }: PageProps) {
  const parsed = BreakdownQuery.safeParse(await searchParams);
  if (!parsed.success) notFound();
  const query = parsed.data;
  const breakdown = await licenceBreakdown(await signedInContext(), query);
  if (!breakdown.ok) {
    if (breakdown.problem.code === 'not-found') notFound();
    return <ProblemPanel problem={breakdown.problem} />;
  }
  const { sources, rows } = breakdown.value;
  return (
    <>
      <PageHeader
        breadcrumbs={<Breadcrumbs crumbs={[{ label: 'Licenses', href: '/licenses' }]} />}
        title="Licenses by department and day"
        description="How many users have licences, by department, country or company, now or on a past day."
        actions={
          rows.length > 0 ? (
            <ExportButton
              action="/licenses/breakdown/export"
              fields={{ tenant: query.tenant, by: query.by, day: query.day, sku: query.sku }}
            />
          ) : null
        }
      />
      {sources.length > 0 ? (
        <>
          <Filters query={query} breakdown={breakdown.value} />
          <Content query={query} breakdown={breakdown.value} />
        </>
      ) : (
        <NotConnected what={LICENSES.what} mayConnect={false} />
      )}
    </>
  );
}

function Content({ query, breakdown }: { readonly query: BreakdownQuery; readonly breakdown: Breakdown }) {
  const { rows, seats, isCertified, readAt } = breakdown;
  const { day } = query;
  return (
    <>
      {isCertified === false ? (
        <Callout tone="warning" title={`${day}: not certified`} role="none">
          <p>
            No import proved on this day that it had read the users of all these tenants. The figures are what
            the import before had found.
          </p>
        </Callout>
      ) : null}
      {rows.length === 0 ? (
        <EmptyState icon={Building2} title={day ? `No figures of ${day}` : 'No figures yet'}>
          <p>
            {day
              ? 'Figures are kept from the first complete import on, for as long as the data settings say.'
              : 'They are there once an import has read the users.'}
          </p>
        </EmptyState>
      ) : (
        <Section
          title={`By ${BY_WORDS[query.by].toLowerCase()}`}
          description={
            day ? `At the end of ${day} (UTC).` : readAt ? <Freshness label="Read" value={readAt} /> : null
          }
        >
          <BreakdownTable
            what={BY_WORDS[query.by]}
            breakdown={breakdown}
            isOneProduct={query.sku !== undefined}
          />
        </Section>
      )}
      {seats && seats.length > 0 ? (
        <Section title="Products" description={`Seats at the end of ${day} (UTC).`}>
          <SeatsOnDay seats={seats} />
        </Section>
      ) : null}
    </>
  );
}

function Filters({ query, breakdown }: { readonly query: BreakdownQuery; readonly breakdown: Breakdown }) {
  const { sources, products, today } = breakdown;
  return (
    <FilterBar label="Filter figures" path="/licenses/breakdown">
      <SelectField
        label="Count by"
        labelHidden
        name="by"
        defaultValue={query.by}
        options={Object.entries(BY_WORDS).map(([value, word]) => ({
          value,
          label: `By ${word.toLowerCase()}`,
        }))}
      />
      <SelectField
        label="Tenant"
        labelHidden
        name="tenant"
        defaultValue={query.tenant ?? ''}
        options={[
          { value: '', label: 'All tenants' },
          ...sources.map(({ tenantId, name }) => ({ value: tenantId, label: name })),
        ]}
      />
      <SelectField
        label="Product"
        labelHidden
        name="sku"
        defaultValue={query.sku ?? ''}
        options={[
          { value: '', label: 'All products' },
          ...products.map(({ skuId, name }) => ({ value: skuId, label: name })),
        ]}
      />
      <label className="flex items-center gap-2 whitespace-nowrap text-muted">
        As of
        <input
          type="date"
          name="day"
          max={today}
          defaultValue={query.day ?? ''}
          className={`${CONTROL_CLASS} max-w-44`}
        />
      </label>
    </FilterBar>
  );
}
