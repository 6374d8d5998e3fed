import { CalmStatus } from '#components/ui/calm-status.tsx';
import { RelativeTime } from '#components/ui/time.tsx';
import type { TenantDetails } from '#lib/domain/tenants/queries.ts';

/** What goes on with the check: how far it is, when the next one comes, or when the last one was. */
export function CheckState({ tenant: { check, pulse } }: { readonly tenant: TenantDetails }) {
  return (
    <div className="flex flex-wrap items-baseline gap-x-2 text-muted text-small">
      <CalmStatus text={words({ check, pulse })} className="empty:hidden" />
      {check?.endedAt && pulse !== 'running' ? (
        <span>
          Checked <RelativeTime value={check.endedAt} />.
        </span>
      ) : null}
    </div>
  );
}

function words({ check, pulse }: Pick<TenantDetails, 'check' | 'pulse'>): string {
  if (pulse === 'running') {
    const progress = check?.progress;
    return progress
      ? `Checking ${progress.done} of ${progress.all}.`
      : 'A worker takes the check any moment.';
  }
  if (pulse === 'followed') return 'Something is open, so we look again within half a minute.';
  if (pulse === 'silent')
    return 'No worker of this portal has taken the check. The operator has to start one.';
  return check ? 'We check every day.' : 'Not checked yet.';
}
