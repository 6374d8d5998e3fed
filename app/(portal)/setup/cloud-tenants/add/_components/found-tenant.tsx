import { CircleAlert, CircleCheck } from 'lucide-react';
import type { ReactNode } from 'react';
import { ProblemDetails, traceOf, WhoCanFix } from '#components/problem-words.tsx';
import { tenantStatusWord } from '#components/status/tenant-status.tsx';
import { Callout } from '#components/ui/callout.tsx';
import { CodeValue } from '#components/ui/code-value.tsx';
import { TextLink } from '#components/ui/text-link.tsx';
import type { ProblemText } from '#lib/core/problem-text.ts';
import type { TenantKind } from '#lib/domain/tenants/model.ts';
import type { ConnectedTenant, RemovedTenant, ResolvedTenant } from '#lib/domain/tenants/resolve.ts';

const KIND: Readonly<Record<TenantKind, string>> = { azure: 'Azure', office365: 'Office 365' };

/** The tenant behind what was typed, what the organization has of it, and what speaks against adding it. */
export function FoundTenant({
  tenant,
  refusalText,
  kind,
  isAnswered,
}: {
  readonly tenant: ResolvedTenant;
  /** Why it cannot be added as this kind of account. */
  readonly refusalText: ProblemText | undefined;
  readonly kind: TenantKind;
  readonly isAnswered: boolean;
}) {
  const refusal = tenant.refused[kind];
  const same = tenant.connected.find((other) => other.kind === kind);
  const gone = tenant.removed.find((other) => other.kind === kind);
  return (
    <>
      <TenantCard tenant={tenant} kind={kind} />
      {refusal && refusalText && !isAnswered ? (
        <Callout tone="danger" role="none" title={refusalText.title}>
          <p>{refusalText.action}</p>
          <WhoCanFix who={refusalText.who} />
          <ProblemDetails code={refusal.code} trace={traceOf(refusal)} />
        </Callout>
      ) : null}
      {same && !isAnswered ? <AlreadyConnected tenant={same} /> : null}
      {gone && !same && !isAnswered ? <Removed tenant={gone} /> : null}
    </>
  );
}

function TenantCard({ tenant, kind }: { readonly tenant: ResolvedTenant; readonly kind: TenantKind }) {
  const { directoryId, domain, name, region, cloud, isHome, refused, connected } = tenant;
  const Icon = refused[kind] ? CircleAlert : CircleCheck;
  const others = connected.filter((other) => other.kind !== kind);
  return (
    <div className="flex flex-col gap-2 rounded-card border border-line bg-sunken p-4">
      <p className="flex items-center gap-2 font-medium">
        <Icon aria-hidden className={`size-4 shrink-0 ${refused[kind] ? 'text-danger' : 'text-success'}`} />
        <span className="min-w-0 break-words">
          {domain ? `${domain} is a Microsoft tenant` : 'This ID is a Microsoft tenant’s'}
        </span>
      </p>
      <dl className="grid gap-x-6 gap-y-1 text-small sm:grid-cols-[auto_minmax(0,1fr)]">
        <Fact
          term="Name"
          value={
            name ? (
              `${name}, as your organization calls it`
            ) : (
              <span className="text-muted">Microsoft tells it after the sign-in only</span>
            )
          }
        />
        <Fact term="Tenant ID" value={<CodeValue value={directoryId} name="tenant ID" />} />
        <Fact term="Cloud" value={cloud} />
        <Fact term="Region" value={region} />
        <Fact term="Your account" value={isHome ? 'You are signed in with an account of this tenant' : ''} />
        {others.map((other) => (
          <Fact
            key={other.tenantId}
            term="Connected"
            value={
              <>
                for {KIND[other.kind]} as{' '}
                <TextLink href={`/setup/cloud-tenants/${other.tenantId}`}>{other.name}</TextLink>
              </>
            }
          />
        ))}
      </dl>
    </div>
  );
}

function Fact({ term, value }: { readonly term: string; readonly value: ReactNode }) {
  if (!value) return null;
  return (
    <div className="sm:contents">
      <dt className="font-normal text-muted">{term}</dt>
      <dd className="min-w-0 break-words">{value}</dd>
    </div>
  );
}

function Removed({ tenant }: { readonly tenant: RemovedTenant }) {
  return (
    <Callout tone="warning" title={`Removed, and can be restored: “${tenant.name}”`}>
      <p>
        Restore it with all that was imported instead of adding it again.{' '}
        <TextLink href="/setup/cloud-tenants">Go to the removed tenants</TextLink>
      </p>
    </Callout>
  );
}

function AlreadyConnected({ tenant }: { readonly tenant: ConnectedTenant }) {
  const isComplete = tenant.status === 'connected' || tenant.status === 'verifying';
  return (
    <Callout tone="warning" title={`Already connected as “${tenant.name}”`}>
      <p>
        {isComplete
          ? 'It cannot be added a second time. '
          : `Its status is ${tenantStatusWord(tenant.status)}. Complete that connection instead of adding it again. `}
        <TextLink href={`/setup/cloud-tenants/${tenant.tenantId}`}>
          {isComplete ? 'Open' : 'Complete'} {tenant.name}
        </TextLink>
      </p>
    </Callout>
  );
}
