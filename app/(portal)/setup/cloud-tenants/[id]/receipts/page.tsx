import { ReceiptText } from 'lucide-react';
import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { formatCount, formatDuration } from '#components/format.ts';
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
import { Section } from '#components/ui/section.tsx';
import { TextLink } from '#components/ui/text-link.tsx';
import { AbsoluteTime } from '#components/ui/time.tsx';
import { Unknown } from '#components/ui/unknown.tsx';
import type { TenantId } from '#lib/core/ids.ts';
import type { Delegation } from '#lib/domain/delegation/model.ts';
import { listReceipts, type Onboarding, type ReceiptSummary } from '#lib/domain/delegation/receipts.ts';
import { signedInContext } from '#lib/web/signed-in-context.ts';
import { flowPath, receiptPath } from '../../paths.ts';
import { loadAzureTenant, type TenantPageProps, tabTitle } from '../tenant.ts';
import { END_WORDS, PURPOSE_WORDS, STATE_WORDS } from './words.ts';

export const generateMetadata = (props: TenantPageProps): Promise<Metadata> =>
  tabTitle(props, 'Consent receipts');

/** Every use of people's rights in the tenant: who, for what, when, and what came of it. */
export default async function ReceiptsPage({ params }: TenantPageProps) {
  const { tenantId, name } = await loadAzureTenant((await params).id);
  const listed = await listReceipts(await signedInContext(), { tenantId });
  if (!listed.ok) notFound();
  const { uses, onboardings } = listed.value;
  return (
    <Section
      title="Consent receipts"
      description="Each time somebody signed in so that this portal could act with their rights: who, for how long, and what was done."
    >
      {uses.length + onboardings.length === 0 ? (
        <EmptyState icon={ReceiptText} headingLevel={3} title="Nobody has lent their rights">
          <p>The portal has used nobody’s own rights in this tenant so far.</p>
        </EmptyState>
      ) : (
        <DataTable label={`Consent receipts of ${name}`}>
          <TableHead>
            <ColumnHeader sticky>For what</ColumnHeader>
            <ColumnHeader>Signed in as</ColumnHeader>
            <ColumnHeader>From</ColumnHeader>
            <ColumnHeader>For how long</ColumnHeader>
            <ColumnHeader numeric>Calls</ColumnHeader>
            <ColumnHeader numeric>Failed</ColumnHeader>
            <ColumnHeader numeric>Roles given</ColumnHeader>
            <ColumnHeader numeric>Roles removed</ColumnHeader>
          </TableHead>
          <TableBody>
            {uses.map((use) => (
              <UseRow key={use.delegation.flowId} tenantId={tenantId} use={use} />
            ))}
            {onboardings.map((onboarding) => (
              <OnboardingRow key={onboarding.flowId} onboarding={onboarding} />
            ))}
          </TableBody>
        </DataTable>
      )}
    </Section>
  );
}

function UseRow({ tenantId, use }: { readonly tenantId: TenantId; readonly use: ReceiptSummary }) {
  const { delegation, calls, failed, made, removed } = use;
  const { flowId, purpose, signedIn, createdAt, startedAt } = delegation;
  return (
    <TableRow>
      <RowHeader>
        <TextLink href={receiptPath(tenantId, flowId)}>{PURPOSE_WORDS[purpose]}</TextLink>
      </RowHeader>
      <Cell>{signedIn?.name ?? <Unknown reason="Nobody has signed in" />}</Cell>
      <Cell>
        <AbsoluteTime value={startedAt ?? createdAt} />
      </Cell>
      <Cell>{durationWords(delegation)}</Cell>
      <Cell numeric>{formatCount(calls)}</Cell>
      <Cell numeric>{formatCount(failed)}</Cell>
      <Cell numeric>{formatCount(made)}</Cell>
      <Cell numeric>{formatCount(removed)}</Cell>
    </TableRow>
  );
}

function durationWords({ state, startedAt, endedAt, endedWhy }: Delegation): string {
  if (!startedAt || !endedAt) return STATE_WORDS[state];
  const duration = formatDuration(endedAt.getTime() - startedAt.getTime());
  return endedWhy ? `${duration}. ${END_WORDS[endedWhy]}` : duration;
}

/** The rights of who connected the tenant were used there and then: the token was never kept. */
function OnboardingRow({ onboarding }: { readonly onboarding: Onboarding }) {
  const { flowId, person, at, until, steps } = onboarding;
  const grants = steps.filter(({ step }) => step === 'assign-role');
  const given = grants.filter(({ state }) => state === 'ok').length;
  return (
    <TableRow>
      <RowHeader>
        <TextLink href={flowPath(flowId)}>Connect the tenant</TextLink>
      </RowHeader>
      <Cell>{person}</Cell>
      <Cell>
        <AbsoluteTime value={at} />
      </Cell>
      <Cell>{formatDuration(until.getTime() - at.getTime())}. The token was not kept.</Cell>
      <Cell numeric>{formatCount(steps.length)}</Cell>
      <Cell numeric>{formatCount(steps.filter(({ problem }) => problem).length)}</Cell>
      <Cell numeric>{formatCount(given)}</Cell>
      <Cell numeric>{formatCount(0)}</Cell>
    </TableRow>
  );
}
