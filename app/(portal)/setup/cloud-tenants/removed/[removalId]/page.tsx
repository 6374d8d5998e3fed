import { Download } from 'lucide-react';
import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { cache } from 'react';
import { formatCount } from '#components/format.ts';
import { Breadcrumbs } from '#components/ui/breadcrumbs.tsx';
import { buttonClass } from '#components/ui/button-class.ts';
import { Callout } from '#components/ui/callout.tsx';
import { CodeValue } from '#components/ui/code-value.tsx';
import { DescriptionList } from '#components/ui/description-list.tsx';
import { LiveRefresh } from '#components/ui/live-refresh.tsx';
import { PageHeader } from '#components/ui/page-header.tsx';
import { Section } from '#components/ui/section.tsx';
import { TextLink } from '#components/ui/text-link.tsx';
import { AbsoluteTime } from '#components/ui/time.tsx';
import { RemovalReference } from '#lib/domain/lifecycle/model.ts';
import { getRemoval, type RemovalReceipt } from '#lib/domain/lifecycle/queries.ts';
import { KIND_LABEL } from '#lib/domain/tenants/model.ts';
import { signedInContext } from '#lib/web/signed-in-context.ts';
import { MicrosoftSideTable, Remedies } from '../../_components/microsoft-side.tsx';
import { RemovalStateBadge } from '../../_components/removal-state.tsx';
import { RemovalButtons } from '../../_components/removed-tenants.tsx';
import { LIST_PATH, REMOVED_PATH, removalPath, tenantPath } from '../../paths.ts';
import { wordsOfTable } from './table-words.ts';

type Props = { readonly params: Promise<{ readonly removalId: string }> };

/** An id that does not exist and one of another organization are the same: no such page. */
const loadRemoval = cache(async (removalId: string): Promise<RemovalReceipt> => {
  const reference = RemovalReference.safeParse({ removalId });
  if (!reference.success) notFound();
  const removal = await getRemoval(await signedInContext(), reference.data);
  if (!removal.ok) notFound();
  return removal.value;
});

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: `${(await loadRemoval((await params).removalId)).name}: removal receipt` };
}

/** What was removed, and what is left: stays when the tenant is erased. */
export default async function RemovalReceiptPage({ params }: Props) {
  const removal = await loadRemoval((await params).removalId);
  const { removalId, name, state, microsoftSide, remedies } = removal;
  return (
    <>
      <PageHeader
        title={`${name}: removal receipt`}
        focusOnLoad
        breadcrumbs={
          <Breadcrumbs
            crumbs={[
              { label: 'Cloud Tenant Setup', href: LIST_PATH },
              { label: 'Removed tenants', href: REMOVED_PATH },
            ]}
          />
        }
        status={<RemovalStateBadge state={state} />}
        actions={
          <>
            <a href={`${removalPath(removalId)}/file`} download className={buttonClass('secondary')}>
              <Download aria-hidden className="size-4" />
              Download JSON
            </a>
            {removal.mayRestore ? <RemovalButtons removal={removal} mayErase={removal.mayErase} /> : null}
          </>
        }
      />
      <StateWords removal={removal} />
      <Section title="Removal">
        <DescriptionList items={factsOf(removal)} />
      </Section>
      <Section
        title="At Microsoft"
        description="What this portal had made there, when the tenant was removed."
      >
        <MicrosoftSideTable label={`What existed at Microsoft for ${name}`} things={microsoftSide} />
      </Section>
      {remedies.length > 0 && state !== 'restored' ? (
        <Section
          title="What is left to take back"
          description="This portal cannot see whether it was done meanwhile."
        >
          <Remedies remedies={remedies} />
        </Section>
      ) : null}
      <ErasedRows removal={removal} />
      <LiveRefresh active={state === 'erasing'} intervalMs={2000} />
    </>
  );
}

function StateWords({ removal: { state, eraseAt, tenantId } }: { readonly removal: RemovalReceipt }) {
  switch (state) {
    case 'restorable':
      return (
        <Callout tone="info" title="Imports and checks have stopped, and secrets are deleted">
          <p>
            The tenant can be restored until <AbsoluteTime value={eraseAt} />. Then every row of it is erased.
          </p>
        </Callout>
      );
    case 'erasing':
      return (
        <Callout tone="info" role="status" title="Every row of the tenant is being erased">
          <p>It cannot be restored any more. This page says so once it is done.</p>
        </Callout>
      );
    case 'erased':
      return (
        <Callout tone="success" title="Every row of the tenant is erased">
          <p>This receipt and the audit stay, without names of the tenant’s people.</p>
        </Callout>
      );
    case 'restored':
      return (
        <Callout tone="success" title="The tenant was restored">
          <p>
            <TextLink href={tenantPath(tenantId)}>Open the tenant</TextLink>
          </p>
        </Callout>
      );
  }
}

function factsOf(removal: RemovalReceipt) {
  const { kind, directoryId, domain, removedAt, removedBy, eraseAt, restoredAt, restoredBy, erasedAt } =
    removal;
  return [
    { term: 'Kind', value: KIND_LABEL[kind] },
    { term: 'Tenant ID', value: <CodeValue value={directoryId} name="tenant ID" /> },
    { term: 'Domain', value: domain },
    { term: 'Removed', value: <AbsoluteTime value={removedAt} /> },
    { term: 'Removed by', value: removedBy },
    ...(restoredAt
      ? [
          { term: 'Restored', value: <AbsoluteTime value={restoredAt} /> },
          { term: 'Restored by', value: restoredBy },
        ]
      : erasedAt
        ? [{ term: 'Erased', value: <AbsoluteTime value={erasedAt} /> }]
        : [{ term: 'Erasure from', value: <AbsoluteTime value={eraseAt} /> }]),
  ];
}

function ErasedRows({ removal: { erased } }: { readonly removal: RemovalReceipt }) {
  const rows = Object.entries(erased).toSorted(([, a], [, b]) => b - a);
  if (rows.length === 0) return null;
  return (
    <Section title="Erased here" description="Rows, counted as they were erased.">
      <DescriptionList
        items={rows.map(([table, count]) => ({
          term: wordsOfTable(table),
          value: <span className="tabular-nums">{formatCount(count)}</span>,
        }))}
      />
    </Section>
  );
}
