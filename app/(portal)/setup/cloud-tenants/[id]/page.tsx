import { ReceiptText, SearchX } from 'lucide-react';
import type { Metadata } from 'next';
import { formatCount } from '#components/format.ts';
import { ProblemDetails, traceOf } from '#components/problem-panel.tsx';
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
import { AbsoluteTime } from '#components/ui/time.tsx';
import { Unknown } from '#components/ui/unknown.tsx';
import { ACCESS_LEVEL_LABEL } from '#lib/domain/tenants/model.ts';
import { isInUse, type SubscriptionView } from '#lib/domain/tenants/queries.ts';
import { SubscriptionStatusBadge } from '../_components/subscription-status.tsx';
import { reasonWords } from '../_components/subscription-words.ts';
import { loadTenant, type TenantPageProps, tabTitle } from './tenant.ts';

export const generateMetadata = (props: TenantPageProps): Promise<Metadata> =>
  tabTitle(props, 'Subscriptions');

export default async function SubscriptionsPage({ params }: TenantPageProps) {
  const { kind, name, subscriptions } = await loadTenant((await params).id);
  if (kind === 'office365') {
    return (
      <EmptyState
        icon={ReceiptText}
        title="An Office 365 account has no Azure subscriptions"
        actions={<ButtonLink href="/licenses">See licences</ButtonLink>}
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
      <EmptyState icon={SearchX} title="No subscription was found">
        <p>The account that connected this tenant sees no Azure subscription.</p>
      </EmptyState>
    );
  }
  const added = subscriptions.filter(isInUse).length;
  return (
    <>
      <p className="text-muted">
        {formatCount(added)} of the {formatCount(subscriptions.length)} subscriptions that the connecting
        account sees are part of this portal.
      </p>
      <DataTable label={`Subscriptions of ${name}`}>
        <TableHead>
          <ColumnHeader sticky>Name and subscription ID</ColumnHeader>
          <ColumnHeader>State in Azure</ColumnHeader>
          <ColumnHeader>In this portal</ColumnHeader>
          <ColumnHeader>Access level</ColumnHeader>
        </TableHead>
        <TableBody>
          {subscriptions.map((subscription) => (
            <SubscriptionRow key={subscription.subscriptionId} subscription={subscription} />
          ))}
        </TableBody>
      </DataTable>
    </>
  );
}

function SubscriptionRow({ subscription }: { readonly subscription: SubscriptionView }) {
  const { subscriptionId, displayName, state, status, accessLevel, problem, goneSince } = subscription;
  return (
    <TableRow muted={status === 'found' || goneSince !== undefined}>
      <RowHeader>
        <div className="flex flex-col items-start">
          <span className="break-words font-medium">{displayName}</span>
          <CodeValue value={subscriptionId} name="subscription ID" />
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
        {accessLevel ? ACCESS_LEVEL_LABEL[accessLevel] : <Unknown reason="The portal has no access to it" />}
      </Cell>
    </TableRow>
  );
}
