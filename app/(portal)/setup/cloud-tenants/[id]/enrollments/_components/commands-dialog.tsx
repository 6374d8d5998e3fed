import { CommandBlock } from '#components/ui/command-block.tsx';
import { Dialog, DialogBody, DialogCancel, DialogFooter } from '#components/ui/dialog.tsx';
import type { TenantId } from '#lib/core/ids.ts';
import type { Commands } from '#lib/domain/billing/commands.ts';
import type { BillingAccountView } from '#lib/domain/billing/queries.ts';
import { ActionForm } from '../../../_components/action-form.tsx';
import { checkBillingAccountAction } from '../actions.ts';
import { BillingStateBadge, stateSentence } from './account-state.tsx';

/** How somebody gives the role by hand, with the values of this tenant, and the look whether it works. */
export function CommandsDialog({
  tenantId,
  account,
  commands,
}: {
  readonly tenantId: TenantId;
  readonly account: BillingAccountView;
  readonly commands: Commands;
}) {
  const { name, isEnrollment, role, state } = account;
  const who = isEnrollment
    ? 'an Enterprise Administrator of the enrollment'
    : 'an owner of the billing account';
  return (
    <Dialog
      triggerLabel={isEnrollment ? 'Migrate without consent' : 'Show commands'}
      title={isEnrollment ? 'Migrate without consent' : 'Give the role by command'}
      description={`Nobody signs in to the portal: ${who} runs one of these, in Azure Cloud Shell for example. They give the portal’s service principal the role ${role} and nothing else.`}
      size="large"
    >
      <DialogBody>
        <CommandBlock label="Azure CLI" copyLabel="Copy command" text={commands.azureCli} />
        <CommandBlock label="REST" copyLabel="Copy request" text={commands.rest} />
        <p className="text-muted">
          The object ID in it is that of the service principal, which the Entra admin center shows under
          Enterprise applications. The one under App registrations does not work.
        </p>
        <div className="flex flex-wrap items-start justify-between gap-3">
          <div role="status" className="flex flex-wrap items-center gap-x-3 gap-y-1">
            <BillingStateBadge state={state} />
            <span className="text-muted">{stateSentence(account)}</span>
          </div>
          <ActionForm
            action={checkBillingAccountAction}
            fields={{ tenantId, account: name }}
            label="Check"
            variant="primary"
          />
        </div>
      </DialogBody>
      <DialogFooter>
        <DialogCancel>Close</DialogCancel>
      </DialogFooter>
    </Dialog>
  );
}
