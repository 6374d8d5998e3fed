import { ButtonLink } from '#components/ui/button.tsx';
import { Callout } from '#components/ui/callout.tsx';
import { AbsoluteTime } from '#components/ui/time.tsx';
import type { TenantDetails } from '#lib/domain/tenants/queries.ts';
import { settingsPath } from '../paths.ts';

/** That nothing of what is shown is being renewed. */
export function DisabledNotice({
  tenant: { tenantId, statusChangedAt, lastImport, mayChange },
}: {
  readonly tenant: TenantDetails;
}) {
  return (
    <Callout
      tone="info"
      title={
        <>
          Disabled since <AbsoluteTime value={statusChangedAt} />
        </>
      }
      actions={
        mayChange ? (
          <ButtonLink href={settingsPath(tenantId)} size="small">
            Go to Settings
          </ButtonLink>
        ) : null
      }
    >
      <p>
        Neither imports nor checks run.{' '}
        {lastImport ? (
          <>
            The data is as of the last import, <AbsoluteTime value={lastImport.at} />.
          </>
        ) : (
          'Nothing was imported.'
        )}
      </p>
    </Callout>
  );
}
