import { ConfirmDialog } from '#components/confirm-dialog.tsx';
import { Section } from '#components/ui/section.tsx';
import { AbsoluteTime } from '#components/ui/time.tsx';
import type { TenantDetails } from '#lib/domain/tenants/queries.ts';
import { ActionForm } from '../../../_components/action-form.tsx';
import { disableTenantAction, enableTenantAction } from '../../../lifecycle-actions.ts';

/** Whether the portal works with the tenant by itself, and the switch for it. */
export function DisableTenant({ tenant }: { readonly tenant: TenantDetails }) {
  const { tenantId, name, status, statusChangedAt, mayChange } = tenant;
  const isDisabled = status === 'disabled';
  return (
    <Section
      title="Imports and checks"
      description={
        isDisabled ? (
          <>
            Disabled since <AbsoluteTime value={statusChangedAt} />. What was imported stays as of then.
          </>
        ) : (
          'The portal imports this tenant every night, and checks its access every day.'
        )
      }
    >
      {mayChange ? (
        <div>
          {isDisabled ? (
            <ActionForm
              action={enableTenantAction}
              fields={{ tenantId }}
              label="Enable tenant"
              variant="primary"
            />
          ) : (
            <ConfirmDialog
              triggerLabel="Disable tenant"
              title={`Disable ${name}?`}
              confirmLabel="Disable tenant"
              action={disableTenantAction}
              fields={{ tenantId }}
              doneText={`${name} is disabled.`}
            >
              <p>
                A running import is cancelled, and neither imports nor checks follow until somebody enables
                the tenant. What was imported stays on the pages, as of today. Nothing changes at Microsoft.
              </p>
            </ConfirmDialog>
          )}
        </div>
      ) : null}
    </Section>
  );
}
