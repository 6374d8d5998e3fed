import { FigureProvenance } from '#app/(portal)/_components/figure-provenance.tsx';
import { formatQuantity } from '#components/format.ts';
import { RunStatusBadge } from '#components/status/run-status.tsx';
import { TenantStatusBadge } from '#components/status/tenant-status.tsx';
import { ButtonLink } from '#components/ui/button.tsx';
import { Cell, RowHeader } from '#components/ui/data-table.tsx';
import { ExpandableRow } from '#components/ui/expandable-row.tsx';
import { TextLink } from '#components/ui/text-link.tsx';
import { RelativeTime } from '#components/ui/time.tsx';
import { Unknown } from '#components/ui/unknown.tsx';
import { describeProblem } from '#lib/core/problem-text.ts';
import type { Origin } from '#lib/domain/imports/provenance.ts';
import { KIND_LABEL } from '#lib/domain/tenants/model.ts';
import { isInUse, type TenantSummary } from '#lib/domain/tenants/queries.ts';
import { accessTokensPath, tenantPath } from '../paths.ts';
import { SubscriptionStatusBadge } from './subscription-status.tsx';

/** Expand, name, domain and tenant ID, kind, status, subscriptions, last import, manage. */
const TENANT_COLUMNS = 8;

/** More are on the tenant's own page. */
const SUBSCRIPTIONS_SHOWN = 20;

export function TenantRow({
  tenant,
  origins,
}: {
  readonly tenant: TenantSummary;
  /** Where the number of its subscriptions comes from. */
  readonly origins: readonly Origin[];
}) {
  const { tenantId, name, directoryId, domain, kind, status, problem, lastImport } = tenant;
  const nameId = `tenant-${tenantId}`;
  return (
    <ExpandableRow
      label={`Subscriptions of ${name}`}
      columns={TENANT_COLUMNS}
      detail={<TenantRowDetail tenant={tenant} origins={origins} />}
    >
      <RowHeader>
        <div className="flex flex-col items-start">
          <TextLink id={nameId} href={tenantPath(tenantId)} className="break-words font-medium">
            {name}
          </TextLink>
          <span className="text-caption text-muted">{KIND_LABEL[kind]}</span>
        </div>
      </RowHeader>
      <Cell>
        <div className="flex flex-col">
          <span className="break-all">{domain ?? <Unknown reason="The domain is not known yet" />}</span>
          <code className="whitespace-nowrap font-mono text-caption text-muted">{directoryId}</code>
        </div>
      </Cell>
      <Cell>
        <div className="flex flex-col items-start gap-1">
          <TenantStatusBadge status={status} />
          {problem ? (
            <span className="line-clamp-2 max-w-64 text-caption text-muted">
              {describeProblem(problem).title}
            </span>
          ) : null}
        </div>
      </Cell>
      <Cell numeric>
        <SubscriptionCount tenant={tenant} />
      </Cell>
      <Cell>
        {lastImport ? (
          <div className="flex flex-wrap items-center gap-x-2 gap-y-1">
            <RunStatusBadge status={lastImport.status} />
            <span className="text-muted text-small">
              <RelativeTime value={lastImport.at} />
            </span>
          </div>
        ) : (
          <Unknown reason="No import yet" />
        )}
      </Cell>
      <Cell className="text-right">
        <ButtonLink href={tenantPath(tenantId)} size="small" prefetch={false} aria-describedby={nameId}>
          Manage
        </ButtonLink>
      </Cell>
    </ExpandableRow>
  );
}

function SubscriptionCount({ tenant: { kind, subscriptions } }: { readonly tenant: TenantSummary }) {
  if (kind !== 'azure') return <Unknown reason="An Office 365 account has no Azure subscriptions" />;
  const added = subscriptions.filter(isInUse).length;
  return added === subscriptions.length ? added : `${added} of ${subscriptions.length}`;
}

function TenantRowDetail({
  tenant,
  origins,
}: {
  readonly tenant: TenantSummary;
  readonly origins: readonly Origin[];
}) {
  const { tenantId, name, kind, subscriptions } = tenant;
  if (kind !== 'azure') {
    return (
      <p className="text-muted">
        An Office 365 account has no Azure subscriptions. Its products are on the page{' '}
        <TextLink href="/licenses">Licenses</TextLink>.
      </p>
    );
  }
  const shown = subscriptions.slice(0, SUBSCRIPTIONS_SHOWN);
  return (
    <div className="flex flex-col gap-3">
      {shown.length === 0 ? (
        <p className="text-muted">No subscription was found.</p>
      ) : (
        <ul aria-label={`Subscriptions of ${name}`} className="flex flex-col gap-2">
          {shown.map((subscription) => (
            <li key={subscription.subscriptionId} className="flex flex-wrap items-center gap-x-4 gap-y-1">
              <span className="min-w-48 font-medium">{subscription.displayName}</span>
              <code className="break-all font-mono text-caption text-muted">
                {subscription.subscriptionId}
              </code>
              <SubscriptionStatusBadge subscription={subscription} />
            </li>
          ))}
        </ul>
      )}
      <FigureProvenance
        phase="azure-subscriptions"
        origins={origins}
        computed="the subscriptions that were added to this portal and still exist"
      />
      <p className="flex flex-wrap gap-x-5 gap-y-1">
        {subscriptions.length > shown.length ? (
          <TextLink href={tenantPath(tenantId)}>
            All {formatQuantity(subscriptions.length, 'subscription')}
          </TextLink>
        ) : null}
        <TextLink href={accessTokensPath(tenantId)}>Access Tokens</TextLink>
      </p>
    </div>
  );
}
