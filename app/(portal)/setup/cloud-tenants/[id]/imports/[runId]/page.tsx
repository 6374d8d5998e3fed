import type { Metadata } from 'next';
import { formatCount, formatDuration } from '#components/format.ts';
import { ProblemPanel } from '#components/problem-panel.tsx';
import { RunStatusBadge } from '#components/status/run-status.tsx';
import { buttonClass } from '#components/ui/button-class.ts';
import { CodeValue } from '#components/ui/code-value.tsx';
import { DescriptionList } from '#components/ui/description-list.tsx';
import { LiveRefresh } from '#components/ui/live-refresh.tsx';
import { Section } from '#components/ui/section.tsx';
import { TextLink } from '#components/ui/text-link.tsx';
import { AbsoluteTime } from '#components/ui/time.tsx';
import type { RunView } from '#lib/domain/imports/model.ts';
import { missedPhases } from '#lib/domain/imports/retry.ts';
import { mainPhase, requestsOf, throttledOf } from '#lib/domain/imports/runs-file.ts';
import { ActionForm } from '../../../_components/action-form.tsx';
import { importPath, importsPath } from '../../../paths.ts';
import { loadTenant, tabTitle } from '../../tenant.ts';
import { CurrentImport } from '../_components/current-import.tsx';
import { methodWord, PHASE_LABEL, TRIGGER_LABEL } from '../_components/phase-words.ts';
import { retryImportAction } from '../actions.ts';
import { RunCertificate } from './_components/run-certificate.tsx';
import { RunChanges } from './_components/run-changes.tsx';
import { RunIncidents } from './_components/run-incidents.tsx';
import { RunParts } from './_components/run-parts.tsx';
import { loadRun, type RunPageProps } from './run.ts';

export const generateMetadata = ({ params }: RunPageProps): Promise<Metadata> =>
  tabTitle({ params }, 'Import');

const RUNNING_REFRESH_MS = 1_000;

/** One import: what it read, how complete that is, what it changed, and what went wrong. */
export default async function RunPage({
  params,
  searchParams,
}: RunPageProps & { readonly searchParams: Promise<Record<string, string | string[] | undefined>> }) {
  const { id, runId } = await params;
  const tenant = await loadTenant(id);
  const { run, current, isNewest, mayStart } = await loadRun(tenant, runId);
  const { tenantId } = tenant;
  const mayChange = mayStart && tenant.status !== 'disabled';
  const missed = missedPhases(run);
  const mayRetry = mayChange && isNewest && missed.length > 0;
  const { problem } = run;
  return (
    <>
      <Section
        title={current ? 'Import in progress' : 'Import'}
        description={
          <span className="flex flex-wrap items-center gap-x-3 gap-y-1">
            <RunStatusBadge status={run.status} />
            <TextLink href={importsPath(tenantId)}>All imports</TextLink>
          </span>
        }
        actions={
          current ? null : (
            // A file: no page that the router could draw.
            <a
              href={`${importPath(tenantId, run.runId)}/certificate`}
              className={buttonClass('secondary')}
              download
            >
              Download JSON
            </a>
          )
        }
      >
        {current ? <CurrentImport tenantId={tenantId} run={current} mayCancel={mayChange} /> : null}
        {problem && !current ? (
          <ProblemPanel problem={problem} tone={run.status === 'partial' ? 'warning' : 'danger'} />
        ) : null}
        {mayRetry ? (
          <div className="flex flex-col gap-2">
            <p className="text-muted">
              {missed.map((phase) => PHASE_LABEL[phase]).join(', ')}: not read completely. What else this
              import has read is kept.
            </p>
            <ActionForm
              action={retryImportAction}
              fields={{ tenantId, runId: run.runId }}
              label="Retry what failed"
            />
          </div>
        ) : null}
        <DescriptionList columns={2} items={factsOf(run)} />
      </Section>
      <RunParts run={run} />
      <RunCertificate run={run} />
      <RunChanges tenantId={tenantId} run={run} query={await searchParams} />
      <RunIncidents run={run} />
      <LiveRefresh active={current !== undefined} intervalMs={RUNNING_REFRESH_MS} />
    </>
  );
}

function factsOf(run: RunView) {
  const { trigger, startedAt, createdAt, finishedAt, durationMs, runId } = run;
  const main = mainPhase(run);
  return [
    { term: 'Started', value: <AbsoluteTime value={startedAt ?? createdAt} /> },
    { term: 'Ended', value: finishedAt && <AbsoluteTime value={finishedAt} /> },
    { term: 'Duration', value: durationMs === null ? undefined : formatDuration(durationMs) },
    { term: 'Reason', value: TRIGGER_LABEL[trigger] },
    { term: 'Read', value: main && methodWord(main) },
    { term: 'Requests to Microsoft', value: formatCount(requestsOf(run)) },
    { term: 'Throttled by Microsoft', value: formatCount(throttledOf(run)) },
    { term: 'Run ID', value: <CodeValue value={runId} name="run ID" /> },
  ];
}
