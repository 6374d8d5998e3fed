import type { Metadata } from 'next';
import { FormProblem } from '#components/form-outcome.tsx';
import { ProblemPanel } from '#components/problem-panel.tsx';
import { Breadcrumbs } from '#components/ui/breadcrumbs.tsx';
import { ButtonLink } from '#components/ui/button.tsx';
import { PageHeader } from '#components/ui/page-header.tsx';
import { Section } from '#components/ui/section.tsx';
import { TextLink } from '#components/ui/text-link.tsx';
import { RelativeTime } from '#components/ui/time.tsx';
import { type FlowSummary, listRecentFlows } from '#lib/domain/consent/queries.ts';
import { KIND_LABEL } from '#lib/domain/tenants/model.ts';
import { signedInContext } from '#lib/web/signed-in-context.ts';
import { ADD_PATH, flowPath, LIST_PATH } from '../paths.ts';
import { problemNamed } from './state-problem.ts';

export const metadata: Metadata = { title: 'Connection not found' };

type SearchParams = Promise<Readonly<Record<string, string | string[] | undefined>>>;

/** Where a person lands who comes back from Microsoft with something that belongs to no connection of theirs. */
export default async function LostConnectionPage({ searchParams }: { readonly searchParams: SearchParams }) {
  const ctx = await signedInContext();
  const { problem, requestId, retryAfterSeconds } = await searchParams;
  const flows = await listRecentFlows(ctx);
  return (
    <>
      <PageHeader
        title="Connection not found"
        breadcrumbs={<Breadcrumbs crumbs={[{ label: 'Cloud Tenant Setup', href: LIST_PATH }]} />}
        description="This page belongs to a connection that was started in this portal."
        focusOnLoad
      />
      {typeof requestId === 'string' && /^[0-9a-f-]{36}$/.test(requestId) ? (
        <FormProblem outcome={{ requestId }} />
      ) : (
        <ProblemPanel problem={problemNamed(problem, retryAfterSeconds) ?? { code: 'state-unknown' }} />
      )}
      <div className="flex flex-wrap gap-2">
        <ButtonLink href={ADD_PATH} variant="primary">
          Start again
        </ButtonLink>
        <ButtonLink href={LIST_PATH}>Go to Cloud Tenant Setup</ButtonLink>
      </div>
      {flows.ok && flows.value.length > 0 ? <RecentFlows flows={flows.value} /> : null}
    </>
  );
}

function RecentFlows({ flows }: { readonly flows: readonly FlowSummary[] }) {
  return (
    <Section title="Latest connections">
      <ul className="flex flex-col gap-2">
        {flows.map(({ flowId, name, kind, startedAt }) => (
          <li key={flowId} className="flex flex-wrap gap-x-3">
            <TextLink href={flowPath(flowId)}>{name}</TextLink>
            <span className="text-muted">
              {KIND_LABEL[kind]}, started <RelativeTime value={startedAt} />
            </span>
          </li>
        ))}
      </ul>
    </Section>
  );
}
