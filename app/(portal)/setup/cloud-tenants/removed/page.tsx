import { ReceiptText } from 'lucide-react';
import type { Metadata } from 'next';
import { ProblemPanel } from '#components/problem-panel.tsx';
import { Breadcrumbs } from '#components/ui/breadcrumbs.tsx';
import { EmptyState } from '#components/ui/empty-state.tsx';
import { LiveRefresh } from '#components/ui/live-refresh.tsx';
import { PageHeader } from '#components/ui/page-header.tsx';
import { listRemovals } from '#lib/domain/lifecycle/queries.ts';
import { signedInContext } from '#lib/web/signed-in-context.ts';
import { RemovedTenants } from '../_components/removed-tenants.tsx';
import { LIST_PATH } from '../paths.ts';

export const metadata: Metadata = { title: 'Removed tenants' };

/** Every removal of the organization with its receipt, also of tenants that are erased. */
export default async function RemovedTenantsPage() {
  const list = await listRemovals(await signedInContext());
  if (!list.ok) return <ProblemPanel problem={list.problem} />;
  const { removals } = list.value;
  return (
    <>
      <PageHeader
        title="Removed tenants"
        breadcrumbs={<Breadcrumbs crumbs={[{ label: 'Cloud Tenant Setup', href: LIST_PATH }]} />}
        description="What was removed, by whom, and what was left at Microsoft. Receipts stay after the erasure."
      />
      {removals.length === 0 ? (
        <EmptyState icon={ReceiptText} title="No tenant was removed">
          <p>A tenant is removed on its Settings tab; its receipt appears here.</p>
        </EmptyState>
      ) : (
        <RemovedTenants list={list.value} />
      )}
      <LiveRefresh active={removals.some(({ state }) => state === 'erasing')} intervalMs={3000} />
    </>
  );
}
