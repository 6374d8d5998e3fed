import { formatQuantity } from '#components/format.ts';
import { ButtonLink } from '#components/ui/button.tsx';
import { Callout } from '#components/ui/callout.tsx';
import { AbsoluteTime } from '#components/ui/time.tsx';
import { describeProblem } from '#lib/core/problem-text.ts';
import type { ImportNotice } from '#lib/domain/notices/imports.ts';
import { PHASE_LABEL } from '../[id]/imports/_components/phase-words.ts';
import { importPath, importsPath } from '../paths.ts';

/** More would push the page out of sight; they are on the pages of their tenants. */
const SHOWN = 3;

/** Tenants whose imports fail, or whose data is older than it should be. */
export function ImportNotices({
  notices,
  withTenant = false,
}: {
  readonly notices: readonly ImportNotice[];
  /** Names the tenant, where the page is about several. */
  readonly withTenant?: boolean;
}) {
  const others = notices.length - SHOWN;
  return (
    <>
      {notices.slice(0, SHOWN).map((notice) => (
        <ImportNoticeBanner key={notice.tenantId} notice={notice} withTenant={withTenant} />
      ))}
      {others > 0 ? (
        <p className="text-muted text-small">
          {formatQuantity(others, 'more tenant')} {others === 1 ? 'has' : 'have'} imports that fail or data
          that is older than 36 hours.
        </p>
      ) : null}
    </>
  );
}

function ImportNoticeBanner({
  notice: { tenantId, tenantName, failed, stale, lastRun },
  withTenant,
}: {
  readonly notice: ImportNotice;
  readonly withTenant: boolean;
}) {
  const words = failed
    ? `the last ${formatQuantity(failed.times, 'import')} failed.`
    : 'the data is older than 36 hours.';
  const cause = lastRun?.problem && describeProblem(lastRun.problem);
  return (
    <Callout
      tone={failed ? 'danger' : 'warning'}
      role="alert"
      title={withTenant ? `${tenantName}: ${words}` : words.charAt(0).toUpperCase() + words.slice(1)}
      actions={
        <>
          {lastRun ? (
            <ButtonLink href={importPath(tenantId, lastRun.runId)} size="small">
              See the last import
            </ButtonLink>
          ) : null}
          <ButtonLink href={importsPath(tenantId)} size="small" variant="ghost">
            All imports
          </ButtonLink>
        </>
      }
    >
      {failed ? (
        <p>
          Since <AbsoluteTime value={failed.since} />
          {cause ? `: ${cause.title}` : '.'} What was read before is shown.
        </p>
      ) : null}
      {stale ? (
        <p>
          {PHASE_LABEL[stale.phase]} are as of <AbsoluteTime value={stale.freshAt} />.
        </p>
      ) : null}
      <p>{cause && failed ? cause.action : 'The next import runs tonight; one can be started at once.'}</p>
    </Callout>
  );
}
