import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { ProblemPanel } from '#components/problem-panel.tsx';
import { DescriptionList } from '#components/ui/description-list.tsx';
import { Section } from '#components/ui/section.tsx';
import { AbsoluteTime } from '#components/ui/time.tsx';
import { FlowId } from '#lib/core/ids.ts';
import type { Delegation } from '#lib/domain/delegation/model.ts';
import { getDelegation } from '#lib/domain/delegation/queries.ts';
import { signedInContext } from '#lib/web/signed-in-context.ts';
import { ActionForm } from '../../../_components/action-form.tsx';
import { problemNamed } from '../../../connect/state-problem.ts';
import { loadAzureTenant, tabTitle } from '../../tenant.ts';
import { revokeNowAction, signInAgainAction } from '../actions.ts';
import { END_WORDS, PURPOSE_WORDS, STATE_WORDS } from '../words.ts';

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
  const delegation = await loadDelegation(tenant.tenantId, flowId);
  const notice = problemNamed((await searchParams).problem);
  const problem = delegation.problem ?? notice;
  const { mayChange } = tenant;
  const fields = { flowId: delegation.flowId };
  return (
    <Section
      title={PURPOSE_WORDS[delegation.purpose]}
      description="What was done with the rights of the person who signed in."
      actions={
        mayChange && delegation.state === 'active' ? (
          <ActionForm action={revokeNowAction} fields={fields} label="Revoke now" />
        ) : null
      }
    >
      {problem ? (
        <ProblemPanel
          problem={problem}
          actions={
            mayChange ? (
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
      <DescriptionList items={factsOf(delegation)} />
    </Section>
  );
}

async function loadDelegation(tenantId: string, id: string): Promise<Delegation> {
  const flowId = FlowId.safeParse(id);
  if (!flowId.success) notFound();
  const delegation = await getDelegation(await signedInContext(), flowId.data);
  if (!delegation.ok || delegation.value.tenantId !== tenantId) notFound();
  return delegation.value;
}

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
