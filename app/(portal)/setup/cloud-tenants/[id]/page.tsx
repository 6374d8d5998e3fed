import { ReceiptText, SearchX } from 'lucide-react';
import type { Metadata } from 'next';
import { FigureProvenance } from '#app/(portal)/_components/figure-provenance.tsx';
import { originsOf } from '#app/(portal)/_components/origins.ts';
import { formatCount } from '#components/format.ts';
import { ProblemDetails, traceOf } from '#components/problem-words.tsx';
import { ButtonLink } from '#components/ui/button.tsx';
import { CodeValue } from '#components/ui/code-value.tsx';
import {
  Cell,
  ColumnHeader,
  DataTable,
  RowHeader,
  TableBody,
  TableHead,
  TableRow,
} from '#components/ui/data-table.tsx';
import { EmptyState } from '#components/ui/empty-state.tsx';
import { TextLink } from '#components/ui/text-link.tsx';
import { AbsoluteTime } from '#components/ui/time.tsx';
import { Unknown } from '#components/ui/unknown.tsx';
import type { TenantId } from '#lib/core/ids.ts';
import { listOpenChanges, type OpenChange } from '#lib/domain/access-changes/queries.ts';
import { isInUse, type SubscriptionView } from '#lib/domain/tenants/queries.ts';
import { signedInContext } from '#lib/web/signed-in-context.ts';
import { SubscriptionStatusBadge } from '../_components/subscription-status.tsx';
import { reasonWords } from '../_components/subscription-words.ts';
import { purposePath, receiptsPath } from '../paths.ts';
import { AccessLevelCell, SelectSubscription } from './_components/access-level-cell.tsx';
import { ChangeAccessArea } from './_components/change-access-area.tsx';
import { AddExisting } from './subscriptions/_components/add-existing.tsx';
import { loadTenant, type TenantPageProps, tabTitle } from './tenant.ts';

export const generateMetadata = (props: TenantPageProps): Promise<Metadata> =>
  tabTitle(props, 'Subscriptions');

export default async function SubscriptionsPage({ params }: TenantPageProps) {
  const { tenantId, kind, name, subscriptions, mayChange } = await loadTenant((await params).id);
  if (kind === 'office365') {
    return (
      <EmptyState
        icon={ReceiptText}
        title="An Office 365 account has no Azure subscriptions"
        actions={
          <>
            {mayChange ? <AddExisting tenantId={tenantId} tenantName={name} /> : null}
            <ButtonLink href="/licenses">See licences</ButtonLink>
          </>
        }
      >
        <p>
          What this tenant has bought are products with seats. To see its Azure subscriptions, add the tenant
          once more as an Azure account.
        </p>
      </EmptyState>
    );
  }
  if (subscriptions.length === 0) {
    return (
      <EmptyState
        icon={SearchX}
        title="No subscription was found"
        actions={mayChange ? <AddExisting tenantId={tenantId} tenantName={name} /> : null}
      >
        <p>The account that connected this tenant sees no Azure subscription.</p>
      </EmptyState>
    );
  }
  const added = subscriptions.filter(isInUse).length;
  const listed = await listOpenChanges(await signedInContext(), { tenantId });
  const changes: ReadonlyMap<string, OpenChange> = listed.ok ? listed.value : new Map();
  return (
    <>
      <div className="flex flex-wrap items-center justify-between gap-3">
        <p className="text-muted">
          {formatCount(added)} of the {formatCount(subscriptions.length)} subscriptions that were found are
          part of this portal.{' '}
          <TextLink href={purposePath(tenantId, 'change-access')}>Changes of access levels</TextLink>
          {' · '}
          <TextLink href={receiptsPath(tenantId)}>Consent receipts</TextLink>
        </p>
        {mayChange ? <AddExisting tenantId={tenantId} tenantName={name} /> : null}
      </div>
      <FigureProvenance
        phase="azure-subscriptions"
        origins={await originsOf('azure-subscriptions', [tenantId])}
        computed="the subscriptions that were added to this portal and still exist, of all that Azure lists for it"
      />
      <ChangeAccessArea tenantId={tenantId}>
        <DataTable label={`Subscriptions of ${name}`}>
          <TableHead>
            <ColumnHeader sticky>
              <span className="flex items-center gap-3">
                {mayChange && added > 0 ? (
                  <input
                    type="checkbox"
                    data-all
                    aria-label="Select all subscriptions"
                    className="size-4 shrink-0 accent-accent"
                  />
                ) : null}
                Name and subscription ID
              </span>
            </ColumnHeader>
            <ColumnHeader>State in Azure</ColumnHeader>
            <ColumnHeader>In this portal</ColumnHeader>
            <ColumnHeader>Access level</ColumnHeader>
          </TableHead>
          <TableBody>
            {subscriptions.map((subscription) => (
              <SubscriptionRow
                key={subscription.subscriptionId}
                tenantId={tenantId}
                subscription={subscription}
                change={changes.get(subscription.subscriptionId)}
                mayChange={mayChange}
              />
            ))}
          </TableBody>
        </DataTable>
      </ChangeAccessArea>
    </>
  );
}

type RowProps = {
  readonly tenantId: TenantId;
  readonly subscription: SubscriptionView;
  readonly change: OpenChange | undefined;
  readonly mayChange: boolean;
};

function SubscriptionRow({ tenantId, subscription, change, mayChange }: RowProps) {
  const { subscriptionId, displayName, state, status, problem, goneSince } = subscription;
  return (
    <TableRow muted={status === 'found' || goneSince !== undefined}>
      <RowHeader>
        <div className="flex gap-3">
          {mayChange ? <SelectSubscription subscription={subscription} /> : null}
          <div className="flex min-w-0 flex-col items-start">
            <span id={`name-${subscriptionId}`} className="break-words font-medium">
              {displayName}
            </span>
            <CodeValue value={subscriptionId} name="subscription ID" />
          </div>
        </div>
      </RowHeader>
      <Cell>{goneSince ? <Unknown reason="Azure does not have it any more" /> : state}</Cell>
      <Cell>
        <div className="flex max-w-md flex-col items-start gap-1">
          <SubscriptionStatusBadge subscription={subscription} />
          {goneSince ? (
            <span className="text-caption text-muted">
              Microsoft says that it does not exist any more, since <AbsoluteTime value={goneSince} />. It
              comes back here by itself if it reappears.
            </span>
          ) : null}
          {problem ? <span className="text-caption text-muted">{reasonWords(problem)}</span> : null}
          {problem && status === 'failed' ? (
            <ProblemDetails code={problem.code} trace={traceOf(problem)} />
          ) : null}
        </div>
      </Cell>
      <Cell>
        <AccessLevelCell
          tenantId={tenantId}
          subscription={subscription}
          change={change}
          mayChange={mayChange}
        />
      </Cell>
    </TableRow>
  );
}
