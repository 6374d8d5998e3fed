import type { Metadata } from 'next';
import { ProblemPanel } from '#components/problem-panel.tsx';
import { Breadcrumbs } from '#components/ui/breadcrumbs.tsx';
import { PageHeader } from '#components/ui/page-header.tsx';
import { previewConsent } from '#lib/domain/consent/preview.ts';
import { listUnfinishedFlows } from '#lib/domain/consent/unfinished.ts';
import {
  AGREEMENT_LABEL,
  AGREEMENTS,
  KIND_LABEL,
  TENANT_KINDS,
  type TenantKind,
} from '#lib/domain/tenants/model.ts';
import { signedInContext } from '#lib/web/signed-in-context.ts';
import { NotBackYet } from '../_components/unfinished-connections.tsx';
import { LIST_PATH } from '../paths.ts';
import { AddAccountForm } from './_components/add-account-form.tsx';
import { ConsentPreviewPanel } from './_components/consent-preview.tsx';

export const metadata: Metadata = { title: 'Add Cloud Account' };

type SearchParams = Promise<Readonly<Record<string, string | string[] | undefined>>>;

export default async function AddCloudAccountPage({ searchParams }: { readonly searchParams: SearchParams }) {
  const ctx = await signedInContext();
  const { kind, tenant, name } = await searchParams;
  const { byKind, pages, isShared, mayConnect } = previewConsent(ctx);
  const unfinished = await listUnfinishedFlows(ctx);
  const panel = (of: TenantKind) => (
    <ConsentPreviewPanel kind={of} preview={byKind[of]} pages={pages} isShared={isShared} />
  );
  return (
    <>
      <PageHeader
        title="Add Cloud Account"
        breadcrumbs={<Breadcrumbs crumbs={[{ label: 'Cloud Tenant Setup', href: LIST_PATH }]} />}
        description="Connect a Microsoft tenant. You approve it on Microsoft’s own pages and come back here."
      />
      <NotBackYet flows={unfinished.ok ? unfinished.value : []} />
      {mayConnect ? (
        <AddAccountForm
          kinds={TENANT_KINDS.map((value) => ({ value, label: KIND_LABEL[value] }))}
          agreements={AGREEMENTS.map((value) => ({ value, label: AGREEMENT_LABEL[value] }))}
          given={{
            kind: kind === 'office365' ? 'office365' : 'azure',
            tenant: textOf(tenant),
            name: textOf(name),
          }}
          previews={{ azure: panel('azure'), office365: panel('office365') }}
        />
      ) : (
        <ProblemPanel problem={{ code: 'forbidden', need: 'admin' }} />
      )}
    </>
  );
}

const textOf = (value: string | string[] | undefined): string => (typeof value === 'string' ? value : '');
