import type { ReactNode } from 'react';
import { TenantStatusBadge } from '#components/status/tenant-status.tsx';
import { Breadcrumbs } from '#components/ui/breadcrumbs.tsx';
import { CodeValue } from '#components/ui/code-value.tsx';
import { LiveRefresh } from '#components/ui/live-refresh.tsx';
import { PageHeader } from '#components/ui/page-header.tsx';
import { type Tab, TabNav } from '#components/ui/tab-nav.tsx';
import { listImportNotices } from '#lib/domain/notices/imports.ts';
import { listNotices } from '#lib/domain/notices/queries.ts';
import { KIND_LABEL } from '#lib/domain/tenants/model.ts';
import type { TenantDetails } from '#lib/domain/tenants/queries.ts';
import { signedInContext } from '#lib/web/signed-in-context.ts';
import { DisabledNotice } from '../_components/disabled-notice.tsx';
import { ImportNotices } from '../_components/import-notices.tsx';
import { NoticeBanners } from '../_components/notice-banners.tsx';
import { TenantProblem } from '../_components/tenant-problem.tsx';
import { accessTokensPath, enrollmentsPath, LIST_PATH, tenantPath } from '../paths.ts';
import { loadTenant, type TenantPageProps } from './tenant.ts';

/** The frame of a tenant's pages: its name, how well it is connected, and the tabs. */
export default async function TenantLayout({
  params,
  children,
}: TenantPageProps & { readonly children: ReactNode }) {
  const tenant = await loadTenant((await params).id);
  const { tenantId, name, kind, domain, directoryId, status, problem, diagnosis, pulse, mayChange } = tenant;
  const ctx = await signedInContext();
  const [notices, imports] = await Promise.all([
    listNotices(ctx, { tenantId }),
    listImportNotices(ctx, { tenantId }),
  ]);
  return (
    <>
      <PageHeader
        title={name}
        breadcrumbs={<Breadcrumbs crumbs={[{ label: 'Cloud Tenant Setup', href: LIST_PATH }]} />}
        status={<TenantStatusBadge status={status} />}
        description={
          <span className="flex flex-wrap items-center gap-x-3">
            <span>{[KIND_LABEL[kind], domain].filter(Boolean).join(' · ')}</span>
            <CodeValue value={directoryId} name="tenant ID" />
          </span>
        }
      />
      <TenantProblem tenant={{ tenantId, kind, status, problem, diagnosis }} mayChange={mayChange} />
      {status === 'disabled' ? <DisabledNotice tenant={tenant} /> : null}
      {imports.ok ? <ImportNotices notices={imports.value} /> : null}
      {notices.ok ? <NoticeBanners notices={notices.value} /> : null}
      <TabNav label={`Parts of ${name}`} tabs={tabsOf(tenant)}>
        {children}
      </TabNav>
      <LiveRefresh
        active={status === 'verifying' || pulse === 'running' || pulse === 'followed'}
        intervalMs={pulse === 'running' ? 1500 : 5000}
      />
    </>
  );
}

function tabsOf({ tenantId, kind, subscriptions }: TenantDetails): readonly Tab[] {
  const path = tenantPath(tenantId);
  const subscriptionsTab = { label: 'Subscriptions', href: path };
  const common = [
    { label: 'Imports', href: `${path}/imports` },
    { label: 'Permissions', href: `${path}/permissions` },
    { label: 'Settings', href: `${path}/settings` },
  ];
  if (kind !== 'azure') return [subscriptionsTab, ...common];
  return [
    { ...subscriptionsTab, count: subscriptions.length },
    { label: 'Access Tokens', href: accessTokensPath(tenantId) },
    { label: 'Enrollments', href: enrollmentsPath(tenantId) },
    ...common,
  ];
}
