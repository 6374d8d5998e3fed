import { SearchX } from 'lucide-react';
import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { formatCount } from '#components/format.ts';
import { ProblemPanel } from '#components/problem-panel.tsx';
import { ButtonLink } from '#components/ui/button.tsx';
import { Callout } from '#components/ui/callout.tsx';
import { EmptyState } from '#components/ui/empty-state.tsx';
import { LiveRefresh } from '#components/ui/live-refresh.tsx';
import { ProgressBar } from '#components/ui/progress-bar.tsx';
import { Section } from '#components/ui/section.tsx';
import { TextLink } from '#components/ui/text-link.tsx';
import { FlowId } from '#lib/core/ids.ts';
import { type AdditionView, getAddition } from '#lib/domain/subscription-additions/queries.ts';
import type { TenantDetails } from '#lib/domain/tenants/queries.ts';
import { signedInContext } from '#lib/web/signed-in-context.ts';
import { ActionForm } from '../../../_components/action-form.tsx';
import { LentRights } from '../../../_components/lent-rights.tsx';
import { commandsPath, receiptPath } from '../../../paths.ts';
import { signInAgainAction } from '../../receipts/actions.ts';
import { loadAzureTenant, tabTitle } from '../../tenant.ts';
import { AddExisting } from '../_components/add-existing.tsx';
import { ChooseForm } from './_components/choose-form.tsx';
import { Elevation } from './_components/elevation.tsx';
import { formProps } from './_components/form-props.ts';
import { Results } from './_components/results.tsx';

type Props = {
  readonly params: Promise<{ readonly id: string }>;
  readonly searchParams: Promise<{ readonly flow?: string | string[] }>;
};

export const generateMetadata = ({ params }: Props): Promise<Metadata> =>
  tabTitle({ params }, 'Choose subscriptions');

/** What a person who has signed in may add, the choice, and what comes of it. */
export default async function ChooseSubscriptionsPage({ params, searchParams }: Props) {
  const tenant = await loadAzureTenant((await params).id);
  const { tenantId } = tenant;
  const ctx = await signedInContext();
  const { flow } = await searchParams;
  if (flow === undefined) return <NobodySignedIn tenant={tenant} />;
  const flowId = FlowId.safeParse(flow);
  if (!flowId.success) notFound();
  const found = await getAddition(ctx, flowId.data);
  if (!found.ok || found.value.tenantId !== tenantId) notFound();
  const addition = found.value;
  const { delegation, isOwn, state, elevation } = addition;
  const isActive = delegation.state === 'active';
  const isWorking = state === 'looking' || state === 'adding';
  return (
    <Section title={HEADINGS[state]} description={descriptionOf(addition)}>
      <LentRights delegation={delegation} />
      {elevation ? <Elevation name={elevation} person={delegation.signedIn?.name ?? ''} /> : null}
      {addition.problem || (!isActive && state === 'interrupted') ? (
        <ProblemPanel
          problem={addition.problem ?? { code: isActive ? 'flow-interrupted' : 'delegation-ended' }}
          tone="warning"
          actions={isOwn && state !== 'choosing' ? <SignInAgain flowId={delegation.flowId} /> : null}
        />
      ) : null}
      {!isActive && state === 'choosing' && !addition.problem ? <EndedWhileChoosing isOwn={isOwn} /> : null}
      {state === 'looking' ? <Looking addition={addition} /> : null}
      {state === 'choosing' && addition.subscriptions.length > 0 && isOwn ? (
        <ChooseForm {...formProps(ctx, addition)} isActive={isActive} />
      ) : null}
      {state === 'choosing' && addition.subscriptions.length === 0 ? <NoneSeen addition={addition} /> : null}
      {state === 'adding' || state === 'ended' || (state === 'interrupted' && hasResults(addition)) ? (
        <Results addition={addition} tenantName={tenant.name} />
      ) : null}
      <p className="text-muted text-small">
        Every call that is made with these rights is in the{' '}
        <TextLink href={receiptPath(tenantId, delegation.flowId)}>consent receipt</TextLink>.
      </p>
      <LiveRefresh active={isWorking} intervalMs={1000} />
    </Section>
  );
}

const HEADINGS: Readonly<Record<AdditionView['state'], string>> = {
  looking: 'Choose subscriptions',
  choosing: 'Choose subscriptions',
  adding: 'Adding subscriptions',
  interrupted: 'Add subscriptions',
  ended: 'Subscriptions added',
};

const hasResults = ({ subscriptions }: AdditionView): boolean =>
  subscriptions.some(({ result }) => result !== undefined);

function descriptionOf({ delegation, state }: AdditionView): string {
  const name = delegation.signedIn?.name ?? delegation.person.name;
  if (state === 'choosing')
    return `What ${name} sees in this tenant. Nothing has been changed in Azure so far.`;
  return `With the rights of ${name}.`;
}

/** The address by itself, without anybody who has come back from Microsoft. */
function NobodySignedIn({ tenant: { tenantId, name, mayChange } }: { readonly tenant: TenantDetails }) {
  return (
    <EmptyState
      icon={SearchX}
      title="Nobody has signed in for this"
      actions={mayChange ? <AddExisting tenantId={tenantId} tenantName={name} /> : null}
    >
      <p>Which subscriptions can be added depends on who signs in at Microsoft.</p>
    </EmptyState>
  );
}

function SignInAgain({ flowId }: { readonly flowId: FlowId }) {
  return (
    <ActionForm action={signInAgainAction} fields={{ flowId }} label="Sign in again" variant="primary" />
  );
}

function EndedWhileChoosing({ isOwn }: { readonly isOwn: boolean }) {
  return (
    <Callout tone="warning" role="alert" title="The sign-in has ended, and nothing was added.">
      <p>
        {isOwn
          ? 'What is chosen below is kept. Sign in again to add it.'
          : 'The person who began this can sign in again.'}
      </p>
    </Callout>
  );
}

function Looking({ addition: { looked, seen } }: { readonly addition: AdditionView }) {
  const words =
    seen === undefined ? 'Asking Azure' : `${formatCount(looked)} of ${formatCount(seen)} subscriptions`;
  return (
    <div className="flex max-w-xl flex-col gap-2" role="status">
      <p>Looking at what this account may add. {words}</p>
      <ProgressBar
        label="Subscriptions looked at"
        value={seen === undefined ? undefined : looked}
        max={seen}
        valueText={words}
      />
    </div>
  );
}

function NoneSeen({ addition }: { readonly addition: AdditionView }) {
  const { delegation, tenantId, isOwn } = addition;
  return (
    <EmptyState
      icon={SearchX}
      headingLevel={3}
      title="You own no subscription here"
      actions={
        <>
          {isOwn ? <SignInAgain flowId={delegation.flowId} /> : null}
          <ButtonLink href={commandsPath(tenantId)}>Give the role by command</ButtonLink>
        </>
      }
    >
      <p>
        You own no subscription here; signed in as {delegation.signedIn?.name}. Sign in with the account of an
        Owner or User Access Administrator, or have that person give the role by command.
      </p>
    </EmptyState>
  );
}
