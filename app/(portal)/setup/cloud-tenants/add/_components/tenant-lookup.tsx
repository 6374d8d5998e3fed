'use client';

import { Button } from '#components/ui/button.tsx';
import { Callout } from '#components/ui/callout.tsx';
import { useUnmovedByPress } from '#components/ui/use-unmoved-by-press.ts';
import type { TenantKind } from '#lib/domain/tenants/model.ts';
import { FoundTenant } from './found-tenant.tsx';
import { useTenantLookup } from './use-tenant-lookup.ts';

/** Finds out about the tenant as one types, and shows it below the field. The form works without it. */
export function TenantLookup({
  reference,
  kind,
  isLeft,
  isAnswered,
  onTake,
}: {
  readonly reference: string;
  readonly kind: TenantKind;
  /** The field has been left, so what was typed is meant. */
  readonly isLeft: boolean;
  /** The page says already why this tenant cannot be added. */
  readonly isAnswered: boolean;
  /** A suggestion is what was meant. */
  readonly onTake: (reference: string) => void;
}) {
  const lookup = useUnmovedByPress(useTenantLookup(reference, isLeft));
  return (
    <div aria-live="polite" aria-busy={lookup.state === 'busy'} className="flex flex-col gap-3 empty:hidden">
      {lookup.state === 'busy' ? (
        <p className="text-muted text-small">
          Looking the tenant up…
          {lookup.isSlow ? ' This takes longer than usual; you can go on without it.' : ''}
        </p>
      ) : null}
      {lookup.state === 'found' ? (
        <FoundTenant
          tenant={lookup.tenant}
          refusalText={lookup.refusals[kind]}
          kind={kind}
          isAnswered={isAnswered}
        />
      ) : null}
      {lookup.state === 'unknown' && !isAnswered ? (
        <Callout
          tone="danger"
          role={isLeft ? 'alert' : 'none'}
          title={lookup.title}
          actions={<Suggestions references={lookup.suggestions} onTake={onTake} />}
        >
          {lookup.suggestions.length === 0 ? <p>{lookup.detail}</p> : null}
        </Callout>
      ) : null}
      {lookup.state === 'unknown' && isAnswered && lookup.suggestions.length > 0 ? (
        <Callout actions={<Suggestions references={lookup.suggestions} onTake={onTake} />} />
      ) : null}
      {lookup.state === 'unavailable' ? (
        <Callout tone="warning" title={lookup.title}>
          <p>{lookup.detail}</p>
        </Callout>
      ) : null}
    </div>
  );
}

function Suggestions({
  references,
  onTake,
}: {
  readonly references: readonly string[];
  readonly onTake: (reference: string) => void;
}) {
  if (references.length === 0) return null;
  return (
    <>
      <span>Did you mean</span>
      {references.map((reference) => (
        <Button key={reference} size="small" onClick={() => onTake(reference)}>
          <span className="sr-only">Use </span>
          {reference}
        </Button>
      ))}
    </>
  );
}
