import { Cloud, Plus } from 'lucide-react';
import type { Metadata } from 'next';
import type { ReactNode } from 'react';
import { originsOf } from '#app/(portal)/_components/origins.ts';
import { ProblemPanel } from '#components/problem-panel.tsx';
import { ButtonLink } from '#components/ui/button.tsx';
import { Callout } from '#components/ui/callout.tsx';
import { ColumnHeader, DataTable, TableBody, TableHead } from '#components/ui/data-table.tsx';
import { EmptyState } from '#components/ui/empty-state.tsx';
import { ExpandHeader } from '#components/ui/expandable-row.tsx';
import { LiveRefresh } from '#components/ui/live-refresh.tsx';
import { PageHeader } from '#components/ui/page-header.tsx';
import { Section } from '#components/ui/section.tsx';
import { TextLink } from '#components/ui/text-link.tsx';
import { listUnfinishedFlows } from '#lib/domain/consent/unfinished.ts';
import type { Origin } from '#lib/domain/imports/provenance.ts';
import { listRemovals } from '#lib/domain/lifecycle/queries.ts';
import { listImportNotices } from '#lib/domain/notices/imports.ts';
import { listNotices } from '#lib/domain/notices/queries.ts';
import { listTenants, type TenantSummary } from '#lib/domain/tenants/queries.ts';
import { signedInContext } from '#lib/web/signed-in-context.ts';
import { ImportNotices } from './_components/import-notices.tsx';
import { NoticeBanners } from './_components/notice-banners.tsx';
import { RemovedTenants } from './_components/removed-tenants.tsx';
import { TenantRow } from './_components/tenant-row.tsx';
import { UnfinishedConnections } from './_components/unfinished-connections.tsx';
import { ADD_PATH, REMOVED_PATH } from './paths.ts';

export const metadata: Metadata = { title: 'Cloud tenants' };

export default async function CloudTenantsPage() {
  const ctx = await signedInContext();
  // Before the tenants: a flow that connects its tenant just now would else be in neither list, and nothing would follow it.
  const flows = await listUnfinishedFlows(ctx);
  const [list, imports, notices, removed] = await Promise.all([
    listTenants(ctx),
    listImportNotices(ctx),
    listNotices(ctx),
    listRemovals(ctx, { only: 'restorable' }),
  ]);
  if (!list.ok) return <ProblemPanel problem={list.problem} />;
  const { tenants, mayConnect, isComplete } = list.value;
  const origins = await originsOf(
    'azure-subscriptions',
    tenants.map(({ tenantId }) => tenantId),
  );
  // Who may not connect has nothing to finish.
  const unfinished = flows.ok ? flows.value : [];
  const add = mayConnect ? (
    <ButtonLink href={ADD_PATH} variant="primary" icon={<Plus aria-hidden className="size-4" />}>
      Add Cloud Account
    </ButtonLink>
  ) : null;
  return (
    <>
      <PageHeader
        title="Cloud Tenant Setup"
        description="The Microsoft tenants of your organization, and how well each is connected."
        actions={tenants.length > 0 ? add : null}
      />
      {imports.ok ? <ImportNotices notices={imports.value} withTenant /> : null}
      {notices.ok ? <NoticeBanners notices={notices.value} withTenant /> : null}
      <UnfinishedConnections flows={unfinished} />
      {tenants.length === 0 ? (
        <NoTenants action={add} />
      ) : (
        <TenantTable tenants={tenants} origins={origins} />
      )}
      {isComplete ? null : (
        <Callout tone="info">
          There are more tenants than this page shows; the first ones by name are here.
        </Callout>
      )}
      {removed.ok && removed.value.removals.length > 0 ? (
        <Section
          title="Removed"
          description="They can be restored until they are erased."
          actions={<TextLink href={REMOVED_PATH}>All removals and receipts</TextLink>}
        >
          <RemovedTenants list={removed.value} />
        </Section>
      ) : null}
      <LiveRefresh
        active={tenants.some(isChanging) || unfinished.some(({ state }) => state === 'working')}
        intervalMs={3000}
      />
    </>
  );
}

const isChanging = ({ status, lastImport, pulse }: TenantSummary): boolean =>
  status === 'verifying' ||
  lastImport?.status === 'running' ||
  // A status that a check came to may be another one after the next check of the same series.
  (status !== 'connected' && (pulse === 'running' || pulse === 'followed'));

function TenantTable({
  tenants,
  origins,
}: {
  readonly tenants: readonly TenantSummary[];
  /** Where the number of subscriptions of each comes from. */
  readonly origins: readonly Origin[];
}) {
  return (
    <DataTable label="Cloud tenants">
      <TableHead>
        <ExpandHeader />
        <ColumnHeader sticky>Name and kind</ColumnHeader>
        <ColumnHeader>Domain and tenant ID</ColumnHeader>
        <ColumnHeader>Status</ColumnHeader>
        <ColumnHeader numeric>Subscriptions</ColumnHeader>
        <ColumnHeader>Last import</ColumnHeader>
        <ColumnHeader>
          <span className="sr-only">Manage</span>
        </ColumnHeader>
      </TableHead>
      <TableBody>
        {tenants.map((tenant) => (
          <TenantRow
            key={tenant.tenantId}
            tenant={tenant}
            origins={origins.filter(({ tenantId }) => tenantId === tenant.tenantId)}
          />
        ))}
      </TableBody>
    </DataTable>
  );
}

function NoTenants({ action }: { readonly action: ReactNode }) {
  return (
    <EmptyState icon={Cloud} title="No tenant is connected yet" actions={action}>
      {action ? (
        <p>
          Connect Office 365 to see licences and users: a Global Administrator or Privileged Role
          Administrator approves it. Connect Azure to see subscriptions: an Owner or User Access Administrator
          of them signs in.
        </p>
      ) : (
        <p>An owner or admin of your organization can connect one.</p>
      )}
    </EmptyState>
  );
}
