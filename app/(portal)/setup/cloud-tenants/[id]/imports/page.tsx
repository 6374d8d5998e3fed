import { Download } from 'lucide-react';
import type { Metadata } from 'next';
import { ProblemPanel } from '#components/problem-panel.tsx';
import { EmptyState } from '#components/ui/empty-state.tsx';
import { LiveRefresh } from '#components/ui/live-refresh.tsx';
import { Section } from '#components/ui/section.tsx';
import { listImports } from '#lib/domain/imports/queries.ts';
import { signedInContext } from '#lib/web/signed-in-context.ts';
import { loadTenant, type TenantPageProps, tabTitle } from '../tenant.ts';
import { CurrentImport } from './_components/current-import.tsx';
import { ImportHistoryTable } from './_components/import-history-table.tsx';
import { StartImport } from './_components/start-import.tsx';

export const generateMetadata = (props: TenantPageProps): Promise<Metadata> => tabTitle(props, 'Imports');

/** Progress changes this often while an import runs; without one the page still notices the next. */
const RUNNING_REFRESH_MS = 1_000;
const IDLE_REFRESH_MS = 15_000;

export default async function ImportsPage({ params }: TenantPageProps) {
  const { tenantId, status } = await loadTenant((await params).id);
  const imports = await listImports(await signedInContext(), { tenantId });
  if (!imports.ok) return <ProblemPanel problem={imports.problem} />;
  const { current, runs, older } = imports.value;
  const isDisabled = status === 'disabled';
  const mayStart = imports.value.mayStart && !isDisabled;
  const [newest] = runs;
  // While one runs, its own words count; they are with its progress.
  const problem = current ? undefined : newest?.problem;
  return (
    <>
      <Section
        title={current ? 'Import in progress' : 'Import'}
        description={
          isDisabled
            ? 'None while the tenant is disabled.'
            : 'Once a day by itself, at night; and whenever you start one.'
        }
        actions={mayStart && !current ? <StartImport tenantId={tenantId} /> : null}
      >
        {current ? <CurrentImport tenantId={tenantId} run={current} mayCancel={mayStart} /> : null}
        {problem ? (
          <ProblemPanel problem={problem} tone={newest?.status === 'partial' ? 'warning' : 'danger'} />
        ) : null}
      </Section>
      <Section title="History">
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
          <ImportHistoryTable runs={runs} />
        )}
        {older === undefined ? null : <p className="text-muted text-small">Older imports are not shown.</p>}
      </Section>
      <LiveRefresh active intervalMs={current ? RUNNING_REFRESH_MS : IDLE_REFRESH_MS} />
    </>
  );
}
