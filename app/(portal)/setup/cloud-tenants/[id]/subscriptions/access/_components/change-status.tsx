import { Callout } from '#components/ui/callout.tsx';
import { ProgressBar } from '#components/ui/progress-bar.tsx';
import { Card } from '#components/ui/section.tsx';
import { AbsoluteTime } from '#components/ui/time.tsx';
import type { AccessChangeView, ChangeItemView } from '#lib/domain/access-changes/queries.ts';
import type { Delegation } from '#lib/domain/delegation/model.ts';
import { ActionForm } from '../../../../_components/action-form.tsx';
import { applyChangeAction } from '../actions.ts';
import { subscriptionsWord } from '../words.ts';
import { UndoForm } from './undo-form.tsx';

type Props = {
  readonly change: AccessChangeView;
  readonly fields: Readonly<Record<string, string>>;
  /** The sign-in that can be used now. */
  readonly delegation: Delegation | undefined;
};

const count = (items: readonly ChangeItemView[], ...states: readonly ChangeItemView['state'][]): number =>
  items.filter(({ state }) => states.includes(state)).length;

/** How far the change is as a whole, and the one thing to do next. */
export function ChangeStatus(props: Props) {
  const { pulse, items } = props.change;
  if (pulse !== 'idle') return <Progress items={items} isQueued={pulse === 'queued'} />;
  const open = count(items, 'planned', 'failed', 'interrupted');
  if (open === 0) return <Finished {...props} />;
  return open === count(items, 'planned') ? (
    <Planned {...props} open={open} />
  ) : (
    <Unfinished {...props} open={open} />
  );
}

function Progress({
  items,
  isQueued,
}: {
  readonly items: readonly ChangeItemView[];
  readonly isQueued: boolean;
}) {
  const over = count(items, 'done', 'failed', 'replaced');
  const words = `${over} of ${subscriptionsWord(items.length)}`;
  return (
    <Card>
      <div className="flex flex-wrap items-baseline justify-between gap-x-6 gap-y-1">
        <p className="font-medium">{isQueued ? 'Waiting for a worker' : 'Changing roles in Azure'}</p>
        <p className="text-muted text-small tabular-nums">{words}</p>
      </div>
      <ProgressBar label="Change in progress" value={over} max={items.length} valueText={words} />
      <p className="text-muted text-small">
        You can close this page and come back: the work goes on, and its state is kept.
      </p>
    </Card>
  );
}

function Planned({ change: { mayChange }, fields, delegation, open }: Props & { readonly open: number }) {
  return (
    <Callout
      title={`Nothing has changed in Azure yet. ${subscriptionsWord(open)} to change.`}
      actions={
        mayChange ? (
          <ActionForm
            action={applyChangeAction}
            fields={fields}
            label={delegation ? 'Apply' : 'Sign in and apply'}
            variant="primary"
          />
        ) : null
      }
    >
      <p>
        Somebody who is Owner or User Access Administrator of the subscriptions signs in at Microsoft. This
        portal then acts for that person for an hour at most, to change these roles and nothing else. The new
        role is added before the old one is removed.
      </p>
    </Callout>
  );
}

function Unfinished({ change, fields, delegation, open }: Props & { readonly open: number }) {
  const { items, mayChange } = change;
  const both = items.filter(({ leftOver }) => leftOver === 'both').length;
  const perhaps = items.filter(({ leftOver }) => leftOver === 'perhaps').length;
  const isInterrupted = count(items, 'interrupted') > 0;
  const done = count(items, 'done');
  const again = isInterrupted ? 'finish' : 'try again';
  return (
    <Callout
      tone="warning"
      role="alert"
      title={`${done} of ${subscriptionsWord(items.length)} changed, ${open} not finished.`}
      actions={
        mayChange ? (
          <>
            <ActionForm
              action={applyChangeAction}
              fields={fields}
              label={delegation ? (isInterrupted ? 'Finish' : 'Try again') : `Sign in and ${again}`}
              variant="primary"
            />
            {change.mayUndo ? <UndoForm fields={fields} /> : null}
          </>
        ) : null
      }
    >
      {isInterrupted ? (
        <p>The work was interrupted. Nothing is lost: whoever signs in next finishes it.</p>
      ) : null}
      {both > 0 ? (
        <p>
          {subscriptionsWord(both)} {both === 1 ? 'has' : 'have'} both the old and the new role for now.
        </p>
      ) : null}
      {perhaps > 0 ? (
        <p>
          {subscriptionsWord(perhaps)} may have both the old and the new role for now; Azure is asked first.
        </p>
      ) : null}
      <p>
        Each subscription below says what stands in its way. An old role goes only once the new one is there.
      </p>
    </Callout>
  );
}

function Finished({ change: { items, mayUndo }, fields }: Props) {
  const done = items.filter(({ state }) => state === 'done');
  const verified = done.flatMap(({ verifiedAt }) => (verifiedAt ? [verifiedAt] : []));
  const latest = verified.toSorted((a, b) => b.getTime() - a.getTime())[0];
  if (done.length === 0) {
    return <Callout title="A later change took the place of this one." />;
  }
  return (
    <Callout
      tone="success"
      role="status"
      title={`The access level of ${subscriptionsWord(done.length)} is changed.`}
      actions={mayUndo ? <UndoForm fields={fields} /> : null}
    >
      {latest ? (
        <p>
          Verified by reading role assignments, <AbsoluteTime value={latest} />.
        </p>
      ) : (
        <p>Only this portal’s own setting has changed, so nobody had to sign in.</p>
      )}
    </Callout>
  );
}
