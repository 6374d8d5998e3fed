'use client';

import { type ReactNode, useEffect, useState } from 'react';
import { Callout } from '#components/ui/callout.tsx';
import { CodeValue } from '#components/ui/code-value.tsx';
import { TextLink } from '#components/ui/text-link.tsx';
import type { TenantKind } from '#lib/domain/tenants/model.ts';
import type { ResolvedTenant } from '#lib/domain/tenants/resolve.ts';

/** So long after the last key: shorter asks for half a domain, longer feels slow. */
const PAUSE_MS = 350;

/** What looks like a whole domain or a tenant ID; anything shorter is still being typed. */
const WHOLE = /^\S*[^\s.]\.[^\s.]{2,}\S*$|^\s*[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\s*$/i;

type Lookup =
  | { readonly state: 'idle' }
  | { readonly state: 'busy' }
  | { readonly state: 'found'; readonly tenant: ResolvedTenant }
  | { readonly state: 'failed'; readonly title: string; readonly detail: string };

const IDLE: Lookup = { state: 'idle' };

/** Finds out about the tenant as one types, and shows it below the field. The form works without it. */
export function TenantLookup({
  reference,
  kind,
  isLeft,
  isAnswered,
}: {
  readonly reference: string;
  readonly kind: TenantKind;
  /** The field has been left, so what was typed is meant. */
  readonly isLeft: boolean;
  /** The page says already why this tenant cannot be added. */
  readonly isAnswered: boolean;
}) {
  const lookup = useLookup(reference);
  return (
    <div aria-live="polite" aria-busy={lookup.state === 'busy'} className="flex flex-col gap-3 empty:hidden">
      {lookup.state === 'busy' ? <p className="text-muted text-small">Looking the tenant up…</p> : null}
      {lookup.state === 'found' ? (
        <FoundTenant tenant={lookup.tenant} kind={kind} isAnswered={isAnswered} />
      ) : null}
      {lookup.state === 'failed' && !isAnswered ? (
        <Callout tone="danger" role={isLeft ? 'alert' : 'none'} title={lookup.title}>
          <p>{lookup.detail}</p>
        </Callout>
      ) : null}
    </div>
  );
}

function useLookup(reference: string): Lookup {
  const [lookup, setLookup] = useState(IDLE);
  useEffect(() => {
    if (!WHOLE.test(reference)) {
      setLookup(IDLE);
      return;
    }
    const controller = new AbortController();
    const timer = setTimeout(async () => {
      setLookup({ state: 'busy' });
      const found = await resolve(reference, controller.signal);
      if (!controller.signal.aborted) setLookup(found);
    }, PAUSE_MS);
    return () => {
      clearTimeout(timer);
      controller.abort();
    };
  }, [reference]);
  return lookup;
}

/** The answers are our own route's. A lost connection is no news here: the button will say it. */
async function resolve(reference: string, signal: AbortSignal): Promise<Lookup> {
  try {
    const query = new URLSearchParams({ tenant: reference });
    const response = await fetch(`/api/consent/resolve?${query}`, { signal });
    const body = await response.json();
    if (body.tenant) return { state: 'found', tenant: body.tenant };
    return { state: 'failed', title: String(body.title), detail: String(body.detail) };
  } catch {
    return IDLE;
  }
}

function FoundTenant({
  tenant,
  kind,
  isAnswered,
}: {
  readonly tenant: ResolvedTenant;
  readonly kind: TenantKind;
  readonly isAnswered: boolean;
}) {
  const { directoryId, domain, region, cloud, connected } = tenant;
  const same = connected.find((other) => other.kind === kind);
  return (
    <>
      <div className="flex flex-col gap-1 rounded-card border border-success-line bg-success-soft p-3">
        <p className="font-medium text-success">
          {domain ? `${domain} is a Microsoft tenant` : 'Tenant found'}
        </p>
        <dl className="flex flex-wrap gap-x-6 gap-y-1 text-small">
          <Fact term="Tenant ID" value={<CodeValue value={directoryId} name="tenant ID" />} />
          {region ? <Fact term="Region" value={region} /> : null}
          {cloud ? <Fact term="Cloud" value={cloud} /> : null}
        </dl>
      </div>
      {same && !isAnswered ? (
        <Callout tone="warning" role="status" title={`Already connected as “${same.name}”`}>
          <p>
            It cannot be added a second time.{' '}
            <TextLink href={`/setup/cloud-tenants/${same.tenantId}`}>Open {same.name}</TextLink>
          </p>
        </Callout>
      ) : null}
    </>
  );
}

function Fact({ term, value }: { readonly term: string; readonly value: ReactNode }) {
  return (
    <div className="flex items-center gap-1.5">
      <dt className="font-normal text-muted">{term}</dt>
      <dd>{value}</dd>
    </div>
  );
}
