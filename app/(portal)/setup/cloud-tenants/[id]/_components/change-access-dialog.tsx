'use client';

import { useRouter } from 'next/navigation';
import { useActionState } from 'react';
import { type FormOutcome, FormProblem } from '#components/form-outcome.tsx';
import { RadioCard, RadioGroup } from '#components/ui/choice.tsx';
import { Dialog, DialogBody, DialogCancel, DialogFooter } from '#components/ui/dialog.tsx';
import { SubmitButton } from '#components/ui/submit-button.tsx';
import type { TenantId } from '#lib/core/ids.ts';
import { changeAccessAction } from '../subscriptions/access/actions.ts';
import type { ChosenSubscription } from './change-access-area.tsx';

// The labels are those of ACCESS_LEVEL_LABEL; that module reads forms, and is too much for a browser.
const LEVELS = [
  {
    level: 'resources',
    label: 'Sync resources only, no tags – write back of tags disabled',
    consequence: 'Role Reader in Azure: this portal sees names, types and sizes, and shows no tags.',
  },
  {
    level: 'tags_in',
    label: 'Sync resources and tags – write back of tags disabled',
    consequence: 'Role Reader in Azure: this portal reads tags, too, and never changes them.',
  },
  {
    level: 'tags_in_out',
    label: 'Sync resources and tags – write back of tags enabled',
    consequence:
      'Role Tag Contributor in Azure: this portal may add and change tags, and nothing else. It sees no secrets and changes no resources.',
  },
] as const;

/** Which level one subscription or many shall have. */
export default function ChangeAccessDialog({
  tenantId,
  chosen,
  open,
  onOpenChange,
}: {
  readonly tenantId: TenantId;
  readonly chosen: readonly ChosenSubscription[];
  readonly open: boolean;
  readonly onOpenChange: (open: boolean) => void;
}) {
  const [first] = chosen;
  const what = chosen.length === 1 ? first?.name : `${chosen.length} subscriptions`;
  return (
    <Dialog title="Change Access Level" description={what} open={open} onOpenChange={onOpenChange}>
      <LevelForm tenantId={tenantId} chosen={chosen} />
    </Dialog>
  );
}

function LevelForm({
  tenantId,
  chosen,
}: {
  readonly tenantId: TenantId;
  readonly chosen: readonly ChosenSubscription[];
}) {
  const router = useRouter();
  const [outcome, submit] = useActionState<FormOutcome, FormData>(async (_previous, form) => {
    const answer = await changeAccessAction({}, form);
    if (answer.value) router.push(answer.value);
    return answer;
  }, {});
  const [first, ...others] = chosen;
  const common = others.every(({ level }) => level === first?.level) ? first?.level : undefined;
  return (
    <form action={submit} className="flex min-h-0 flex-col">
      <input type="hidden" name="tenantId" value={tenantId} />
      {chosen.map(({ subscriptionId }) => (
        <input key={subscriptionId} type="hidden" name="subscriptionId" value={subscriptionId} />
      ))}
      <DialogBody>
        <FormProblem outcome={outcome} />
        <RadioGroup legend="Access level" legendHidden>
          {LEVELS.map(({ level, label, consequence }) => (
            <RadioCard
              key={level}
              name="level"
              value={level}
              label={label}
              description={consequence}
              defaultChecked={level === common}
              required
            />
          ))}
        </RadioGroup>
        <p className="text-muted text-small">
          The first two use the same role in Azure; the difference is what this portal does. Where a role has
          to change, you see what first, and nothing is done before somebody signs in.
        </p>
      </DialogBody>
      <DialogFooter>
        <DialogCancel />
        <SubmitButton>Change</SubmitButton>
      </DialogFooter>
    </form>
  );
}
