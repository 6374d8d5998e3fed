import { buttonClass } from '#components/ui/button-class.ts';
import { TextLink } from '#components/ui/text-link.tsx';
import { Unknown } from '#components/ui/unknown.tsx';
import type { TenantId } from '#lib/core/ids.ts';
import type { OpenChange } from '#lib/domain/access-changes/queries.ts';
import { ACCESS_LEVEL_LABEL } from '#lib/domain/tenants/model.ts';
import { isInUse, type SubscriptionView } from '#lib/domain/tenants/queries.ts';
import { changePath } from '../../paths.ts';
import { LEVEL_SHORT } from '../subscriptions/access/words.ts';

type RowProps = { readonly subscription: SubscriptionView };

/** What the dialog needs to know of a row; read by ChangeAccessArea. */
const dataOf = ({ subscriptionId, displayName, accessLevel }: SubscriptionView) => ({
  'data-subscription': subscriptionId,
  'data-name': displayName,
  'data-level': accessLevel,
});

/** Selects a subscription, where its access level can be changed. */
export function SelectSubscription({ subscription }: RowProps) {
  if (!isInUse(subscription)) return null;
  return (
    <input
      type="checkbox"
      {...dataOf(subscription)}
      aria-label={`Select ${subscription.displayName}`}
      className="mt-0.5 size-4 shrink-0 accent-accent"
    />
  );
}

/** The level, the change of it that is not over, and the button to change it. */
export function AccessLevelCell({
  tenantId,
  subscription,
  change,
  mayChange,
}: RowProps & {
  readonly tenantId: TenantId;
  readonly change: OpenChange | undefined;
  readonly mayChange: boolean;
}) {
  const { accessLevel, subscriptionId } = subscription;
  return (
    <div className="flex min-w-64 flex-wrap items-center justify-between gap-x-4 gap-y-2 xl:flex-nowrap">
      <div className="flex max-w-md flex-col items-start gap-1">
        {accessLevel ? (
          <span>{ACCESS_LEVEL_LABEL[accessLevel]}</span>
        ) : (
          <Unknown reason="The portal has no access to it" />
        )}
        {change ? (
          <span className="text-caption text-muted">
            {changeWords(change)}{' '}
            <TextLink href={changePath(tenantId, change.changeId)}>See the change</TextLink>
          </span>
        ) : null}
      </div>
      {mayChange && isInUse(subscription) ? (
        <button
          type="button"
          {...dataOf(subscription)}
          aria-haspopup="dialog"
          aria-describedby={`name-${subscriptionId}`}
          className={buttonClass('secondary', 'small', 'shrink-0')}
        >
          Change Access
        </button>
      ) : null}
    </div>
  );
}

function changeWords({ state, toLevel, leftOver }: OpenChange): string {
  const to = `“${LEVEL_SHORT[toLevel]}”`;
  if (state === 'working') return `Changing to ${to} right now.`;
  if (state === 'planned' && !leftOver) return `A change to ${to} waits for a sign-in.`;
  const roles =
    leftOver === 'both' ? ' It has both roles for now.' : leftOver ? ' It may have both roles for now.' : '';
  return `A change to ${to} is not finished.${roles}`;
}
