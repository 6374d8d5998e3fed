'use client';

import { useActionState } from 'react';
import { FormProblem } from '#components/form-outcome.tsx';
import { RadioCard, RadioGroup } from '#components/ui/choice.tsx';
import { Dialog, DialogBody, DialogCancel, DialogFooter } from '#components/ui/dialog.tsx';
import { SubmitButton } from '#components/ui/submit-button.tsx';
import { TextLink } from '#components/ui/text-link.tsx';
import type { TenantId } from '#lib/core/ids.ts';
import { commandsPath } from '../../../paths.ts';
import { beginAdditionAction } from '../actions.ts';

type Props = { readonly tenantId: TenantId; readonly tenantName: string };

/** What is to be added, before somebody signs in for it. */
export default function AddExistingDialog({
  open,
  onOpenChange,
  ...props
}: Props & { readonly open: boolean; readonly onOpenChange: (open: boolean) => void }) {
  return (
    <Dialog
      title="Add New Subscription"
      description={`To ${props.tenantName}`}
      open={open}
      onOpenChange={onOpenChange}
    >
      <KindForm {...props} />
    </Dialog>
  );
}

function KindForm({ tenantId }: Props) {
  const [outcome, submit] = useActionState(beginAdditionAction, {});
  return (
    <form action={submit} className="flex min-h-0 flex-col">
      <input type="hidden" name="tenantId" value={tenantId} />
      <DialogBody>
        <FormProblem outcome={outcome} />
        <RadioGroup legend="What to add" legendHidden error={outcome.fields?.kind}>
          <RadioCard
            name="kind"
            value="azure"
            label="Azure"
            description="An Owner or User Access Administrator of the subscriptions signs in at Microsoft. Then you choose, and see which role is given where before anything is done."
            defaultChecked
          />
          <RadioCard
            name="kind"
            value="office365"
            label="Office 365"
            description="Products and users of the same tenant. An administrator of the tenant approves it."
          />
        </RadioGroup>
        <p className="text-muted text-small">
          This portal acts for whoever signs in for an hour at most, and you can end it at any time. Nobody
          can sign in? <TextLink href={commandsPath(tenantId)}>Give the role by command instead</TextLink>.
        </p>
      </DialogBody>
      <DialogFooter>
        <DialogCancel />
        <SubmitButton>Add</SubmitButton>
      </DialogFooter>
    </form>
  );
}
