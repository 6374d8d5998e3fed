import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { formatCount } from '#components/format.ts';
import { ProblemPanel } from '#components/problem-panel.tsx';
import { buttonClass } from '#components/ui/button-class.ts';
import { DescriptionList } from '#components/ui/description-list.tsx';
import { LiveRefresh } from '#components/ui/live-refresh.tsx';
import { Section } from '#components/ui/section.tsx';
import { TextLink } from '#components/ui/text-link.tsx';
import { AbsoluteTime } from '#components/ui/time.tsx';
import { FlowId, type TenantId } from '#lib/core/ids.ts';
import { type Delegation, ONBOARDING } from '#lib/domain/delegation/model.ts';
import { getReceipt, type Receipt } from '#lib/domain/delegation/receipts.ts';
import { signedInContext } from '#lib/web/signed-in-context.ts';
import { ActionForm } from '../../../_components/action-form.tsx';
import { LentRights } from '../../../_components/lent-rights.tsx';
import { problemNamed } from '../../../connect/state-problem.ts';
import { flowPath, purposePath, receiptFilePath, receiptsPath } from '../../../paths.ts';
import { loadAzureTenant, tabTitle } from '../../tenant.ts';
import { signInAgainAction } from '../actions.ts';
import { END_WORDS, PURPOSE_WORDS, STATE_WORDS } from '../words.ts';
import { CallTable, RoleChangeTable } from './_components/call-table.tsx';

type Props = {
  readonly params: Promise<{ readonly id: string; readonly flowId: string }>;
  readonly searchParams: Promise<{ readonly problem?: string | string[] }>;
};

export const generateMetadata = ({ params }: Props): Promise<Metadata> =>
  tabTitle({ params }, 'Consent receipt');

/** What was done with the rights of a person who signed in for a purpose, or why nothing was. */
export default async function ReceiptPage({ params, searchParams }: Props) {
  const { id, flowId } = await params;
  const tenant = await loadAzureTenant(id);
  const receipt = await loadReceipt(tenant.tenantId, flowId);
  const { delegation, calls, isComplete } = receipt;
  const { purpose } = delegation;
  const isActive = delegation.state === 'active';
  const problem = delegation.problem ?? problemNamed((await searchParams).problem);
  const fields = { flowId: delegation.flowId };
  const changes = calls.filter(({ roleChange }) => roleChange !== undefined);
  return (
    <>
      <Section
        title={PURPOSE_WORDS[purpose]}
        description={
          <>
            What was done with the rights of the person who signed in.{' '}
            <TextLink href={receiptsPath(tenant.tenantId)}>All consent receipts</TextLink>
          </>
        }
        actions={<Files receipt={receipt} />}
      >
        {problem ? (
          <ProblemPanel
            problem={problem}
            actions={
              tenant.mayChange && purpose !== ONBOARDING ? (
                <ActionForm
                  action={signInAgainAction}
                  fields={fields}
                  label="Sign in again"
                  variant="primary"
                />
              ) : null
            }
          />
        ) : null}
        <LentRights delegation={delegation} />
        <DescriptionList items={factsOf(delegation)} />
        <PurposeLink delegation={delegation} />
      </Section>
      <Section title="Role assignments" description={roleWords(changes.length)}>
        {changes.length > 0 ? <RoleChangeTable calls={changes} /> : null}
      </Section>
      <Section title="Calls" description={callWords(calls.length, isComplete)}>
        {calls.length > 0 ? <CallTable calls={calls} /> : null}
      </Section>
      <LiveRefresh active={isActive} intervalMs={5000} />
    </>
  );
}

/** To the page of the purpose while it can be gone on with; what an onboarding has come to is always of interest. */
function PurposeLink({
  delegation: { flowId, tenantId, purpose, state },
}: {
  readonly delegation: Delegation;
}) {
  if (purpose === ONBOARDING) {
    return (
      <p>
        <TextLink href={flowPath(flowId)}>How the tenant was connected, step by step</TextLink>
      </p>
    );
  }
  if (state !== 'active') return null;
  return (
    <p>
      <TextLink href={`${purposePath(tenantId, purpose)}?flow=${flowId}`}>Go on with it</TextLink>
    </p>
  );
}

/** An id that does not exist and one of another organization or tenant are the same: no such page. */
async function loadReceipt(tenantId: TenantId, id: string): Promise<Receipt> {
  const flowId = FlowId.safeParse(id);
  if (!flowId.success) notFound();
  const receipt = await getReceipt(await signedInContext(), flowId.data);
  if (!receipt.ok || receipt.value.delegation.tenantId !== tenantId) notFound();
  return receipt.value;
}

function Files({ receipt: { delegation } }: { readonly receipt: Receipt }) {
  const { tenantId, flowId } = delegation;
  return (['json', 'csv'] as const).map((format) => (
    // A file: no page that the router could draw.
    <a
      key={format}
      href={receiptFilePath(tenantId, flowId, format)}
      className={buttonClass('secondary')}
      download
    >
      Download {format.toUpperCase()}
    </a>
  ));
}

const roleWords = (count: number): string =>
  count === 0 ? 'None was made or removed.' : `${formatCount(count)} made, kept or removed.`;

const callWords = (count: number, isComplete: boolean): string => {
  if (count === 0) return 'None was made.';
  const words = `${formatCount(count)} to Azure, each with its result.`;
  return isComplete ? words : `The first ${words}`;
};

function factsOf({ state, person, signedIn, startedAt, expiresAt, endedAt, endedWhy }: Delegation) {
  return [
    { term: 'State', value: STATE_WORDS[state] },
    { term: 'Begun by', value: person.name },
    { term: 'Signed in as', value: signedIn?.name },
    { term: 'From', value: startedAt && <AbsoluteTime value={startedAt} /> },
    endedAt
      ? { term: 'Until', value: <AbsoluteTime value={endedAt} /> }
      : { term: 'At most until', value: expiresAt && <AbsoluteTime value={expiresAt} /> },
    ...(endedWhy ? [{ term: 'Why it ended', value: END_WORDS[endedWhy] }] : []),
  ];
}
