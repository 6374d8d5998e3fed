import { Download } from 'lucide-react';
import type { Metadata } from 'next';
import { ExportButton } from '#app/(portal)/_components/export-button.tsx';
import { ProblemPanel } from '#components/problem-panel.tsx';
import { EmptyState } from '#components/ui/empty-state.tsx';
import { LiveRefresh } from '#components/ui/live-refresh.tsx';
import { Pagination } from '#components/ui/pagination.tsx';
import { Section } from '#components/ui/section.tsx';
import { RunId } from '#lib/core/ids.ts';
import { listImportDays } from '#lib/domain/imports/days.ts';
import { listImports } from '#lib/domain/imports/queries.ts';
import { signedInContext } from '#lib/web/signed-in-context.ts';
import { ActionForm } from '../../_components/action-form.tsx';
import { importsPath } from '../../paths.ts';
import { loadTenant, type TenantPageProps, tabTitle } from '../tenant.ts';
import { CurrentImport } from './_components/current-import.tsx';
import { ImportDays } from './_components/import-days.tsx';
import { ImportHistoryTable } from './_components/import-history-table.tsx';
import { StartImport } from './_components/start-import.tsx';
import { startImportAction } from './actions.ts';

export const generateMetadata = (props: TenantPageProps): Promise<Metadata> => tabTitle(props, 'Imports');

type Props = TenantPageProps & {
  readonly searchParams: Promise<Record<string, string | string[] | undefined>>;
};

/** Progress changes this often while an import runs; without one the page still notices the next. */
const RUNNING_REFRESH_MS = 1_000;
const IDLE_REFRESH_MS = 15_000;

export default async function ImportsPage({ params, searchParams }: Props) {
  const { tenantId, kind, status } = await loadTenant((await params).id);
  const ctx = await signedInContext();
  const [imports, days] = await Promise.all([
    listImports(ctx, { tenantId, ...(await edgeOf(searchParams)) }),
    listImportDays(ctx, { tenantId }),
  ]);
  if (!imports.ok) return <ProblemPanel problem={imports.problem} />;
  const { current, runs, older, newer } = imports.value;
  const isDisabled = status === 'disabled';
  const mayStart = imports.value.mayStart && !isDisabled;
  const [newest] = newer ? [] : runs;
  // While one runs, its own words count; they are with its progress.
  const problem = current ? undefined : newest?.problem;
  const path = importsPath(tenantId);
  return (
    <>
      <Section
        title={current ? 'Import in progress' : 'Import'}
        description={
          isDisabled
            ? 'None while the tenant is disabled.'
            : 'Once a day by itself, at night; and whenever you start one.'
        }
        actions={
          mayStart && !current ? (
            <>
              {/* Where only changes are read as a rule, somebody may not trust them. */}
              {kind === 'office365' && runs.length > 0 ? (
                <ActionForm action={startImportAction} fields={{ tenantId, full: '1' }} label="Full import" />
              ) : null}
              <StartImport tenantId={tenantId} />
            </>
          ) : null
        }
      >
        {current ? <CurrentImport tenantId={tenantId} run={current} mayCancel={mayStart} /> : null}
        {problem ? (
          <ProblemPanel problem={problem} tone={newest?.status === 'partial' ? 'warning' : 'danger'} />
        ) : null}
      </Section>
      <Section
        title="History"
        actions={runs.length > 0 ? <ExportButton action={`${path}/export`} fields={{}} /> : null}
      >
        {runs.length === 0 ? (
          <EmptyState icon={Download} title="No import yet">
            <p>
              {isDisabled
                ? 'The tenant was disabled before the first one.'
                : status === 'verifying'
                  ? 'The first one starts by itself once the approval is proven.'
                  : 'The next one starts tonight.'}
            </p>
          </EmptyState>
        ) : (
          <>
            {days.ok ? <ImportDays tenantId={tenantId} days={days.value} /> : null}
            <ImportHistoryTable tenantId={tenantId} runs={runs} />
            <Pagination
              label="Imports"
              previousHref={newer && `${path}?after=${newer}`}
              nextHref={older && `${path}?before=${older}`}
            />
          </>
        )}
      </Section>
      <LiveRefresh active intervalMs={current ? RUNNING_REFRESH_MS : IDLE_REFRESH_MS} />
    </>
  );
}

/** Which page of the history the address means; the newest where it means none. */
async function edgeOf(searchParams: Props['searchParams']) {
  const { before, after } = await searchParams;
  const older = RunId.safeParse(before);
  if (older.success) return { before: older.data };
  const newer = RunId.safeParse(after);
  return newer.success ? { after: newer.data } : {};
}
