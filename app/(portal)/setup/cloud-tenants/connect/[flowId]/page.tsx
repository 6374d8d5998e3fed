import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { cache } from 'react';
import { formatDuration, formatQuantity, formatShare } from '#components/format.ts';
import { ProblemPanel } from '#components/problem-panel.tsx';
import { TenantStatusBadge } from '#components/status/tenant-status.tsx';
import { Breadcrumbs } from '#components/ui/breadcrumbs.tsx';
import { ButtonLink } from '#components/ui/button.tsx';
import { CalmStatus } from '#components/ui/calm-status.tsx';
import { CodeValue } from '#components/ui/code-value.tsx';
import { CopyButton } from '#components/ui/copy-button.tsx';
import { LiveRefresh } from '#components/ui/live-refresh.tsx';
import { PageHeader } from '#components/ui/page-header.tsx';
import type { Problem } from '#lib/core/problem.ts';
import { FlowReference } from '#lib/domain/consent/model.ts';
import { type FlowView, getFlow } from '#lib/domain/consent/queries.ts';
import { KIND_LABEL } from '#lib/domain/tenants/model.ts';
import { signedInContext } from '#lib/web/signed-in-context.ts';
import { LIST_PATH, tenantPath } from '../../paths.ts';
import { problemNamed } from '../state-problem.ts';
import { FlowChecklist } from './_components/flow-checklist.tsx';
import { FlowOutcome } from './_components/flow-outcome.tsx';
import { supportDetails } from './_components/support-details.ts';

type Props = {
  readonly params: Promise<{ readonly flowId: string }>;
  readonly searchParams: Promise<Readonly<Record<string, string | string[] | undefined>>>;
};

/** An id that does not exist and one of another organization are the same: no such page. */
const loadFlow = cache(async (flowId: string): Promise<FlowView> => {
  const reference = FlowReference.safeParse({ flowId });
  if (!reference.success) notFound();
  const flow = await getFlow(await signedInContext(), reference.data);
  if (!flow.ok) notFound();
  return flow.value;
});

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { name } = await loadFlow((await params).flowId);
  return { title: `${name}: connection` };
}

/** Where one lands back from Microsoft: what is done, what is awaited, and what to do. Never leaves by itself. */
export default async function ConnectionPage({ params, searchParams }: Props) {
  const flow = await loadFlow((await params).flowId);
  const notice = problemNamed((await searchParams).problem);
  const { name, kind, domain, directoryId, tenant, products } = flow;
  return (
    <>
      <PageHeader
        title={titleOf(flow)}
        focusOnLoad
        breadcrumbs={<Breadcrumbs crumbs={[{ label: 'Cloud Tenant Setup', href: LIST_PATH }]} />}
        status={tenant ? <TenantStatusBadge status={tenant.status} /> : null}
        description={
          <span className="flex flex-wrap items-center gap-x-3">
            <span>{[KIND_LABEL[kind], domain].filter(Boolean).join(' · ')}</span>
            <CodeValue value={directoryId} name="tenant ID" />
          </span>
        }
      />
      {notice && isNews(notice, flow) ? <ProblemPanel problem={notice} tone="warning" /> : null}
      <FlowOutcome flow={flow} />
      <CalmStatus text={summaryOf(flow)} className="text-muted empty:hidden" />
      <FlowChecklist label={`Steps to connect ${name}`} lines={flow.lines} />
      <div className="flex flex-wrap gap-2">
        {tenant ? (
          <ButtonLink href={tenantPath(tenant.tenantId)} variant="primary">
            Open {tenant.name}
          </ButtonLink>
        ) : null}
        {products > 0 ? <ButtonLink href="/licenses">See licences</ButtonLink> : null}
        <ButtonLink href={LIST_PATH}>Go to Cloud Tenant Setup</ButtonLink>
        <CopyButton value={supportDetails(flow)} label="Copy connection details" size="medium">
          Copy connection details
        </CopyButton>
      </div>
      <LiveRefresh active={flow.isLive} intervalMs={flow.state === 'redirected' ? 5000 : 1500} />
    </>
  );
}

/** Not where the flow has failed by this very problem, nor where it went on with the answer that came a second time. */
const isNews = (notice: Problem, { state, problem }: FlowView): boolean =>
  notice.code !== problem?.code &&
  !(notice.code === 'state-used' && (state === 'working' || state === 'succeeded'));

/** It can be worked with, whatever is left to do. */
const isUsable = ({ status }: NonNullable<FlowView['tenant']>): boolean =>
  status === 'connected' || status === 'limited' || status === 'ea_api_migration_required';

function titleOf({ name, state, tenant }: FlowView): string {
  if (tenant && isUsable(tenant)) return `${name} is connected`;
  if (state === 'failed' && !tenant) return `${name} was not connected`;
  return `Connecting ${name}`;
}

/** The one sentence that is read out when it changes. */
function summaryOf(flow: FlowView): string {
  const { state, tenant, connectedAt, startedAt } = flow;
  if (tenant && connectedAt && isUsable(tenant)) {
    const duration = formatDuration(connectedAt.getTime() - startedAt.getTime());
    return [`Connected in ${duration}.`, firstNumbers(flow)].join(' ').trim();
  }
  if (state === 'redirected')
    return 'Microsoft’s page is open in this or another window. This page goes on when you have finished there.';
  if (state === 'working' || tenant?.status === 'verifying')
    return 'You can close this page and come back: the work goes on, and its state is kept.';
  return '';
}

/** Such as "43 products found, users are loading (31%)", as a sentence. */
function firstNumbers({ kind, tenant, products, users }: FlowView): string {
  if (kind === 'azure') return `${formatQuantity(tenant?.seen ?? 0, 'subscription')} seen.`;
  const found = products > 0 ? `${formatQuantity(products, 'product')} found` : '';
  const loading = users ? usersWords(users) : '';
  const words = [found, loading].filter(Boolean).join(', ');
  return words && `${words.charAt(0).toUpperCase()}${words.slice(1)}.`;
}

function usersWords({ received, expected, isLoading }: NonNullable<FlowView['users']>): string {
  if (!isLoading) return received > 0 ? `${formatQuantity(received, 'user')} read` : '';
  const share = expected && received > 0 ? formatShare(received, expected) : undefined;
  return `users are loading${share ? ` (${share})` : ''}`;
}
