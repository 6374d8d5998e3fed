import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { LiveRefresh } from '#components/ui/live-refresh.tsx';
import { Section } from '#components/ui/section.tsx';
import { AbsoluteTime } from '#components/ui/time.tsx';
import { delegationFor } from '#lib/domain/access-changes/begin.ts';
import { ChangeReference } from '#lib/domain/access-changes/model.ts';
import { type AccessChangeView, getAccessChange, needsSignIn } from '#lib/domain/access-changes/queries.ts';
import { azureCliScript } from '#lib/domain/access-changes/script.ts';
import { signedInContext } from '#lib/web/signed-in-context.ts';
import { LentRights } from '../../../../_components/lent-rights.tsx';
import { loadAzureTenant, tabTitle } from '../../../tenant.ts';
import { ChangeStatus } from '../_components/change-status.tsx';
import { ChangeTable } from '../_components/change-table.tsx';
import { Script } from '../_components/script.tsx';

type Props = { readonly params: Promise<{ readonly id: string; readonly changeId: string }> };

export const generateMetadata = ({ params }: Props): Promise<Metadata> =>
  tabTitle({ params }, 'Change access level');

const REFRESH_MS = 1_500;

/** What a change of access levels does in Azure, how far it is, and what to do next. */
export default async function ChangePage({ params }: Props) {
  const { id, changeId } = await params;
  const { tenantId } = await loadAzureTenant(id);
  const reference = ChangeReference.safeParse({ tenantId, changeId });
  if (!reference.success) notFound();
  const ctx = await signedInContext();
  const found = await getAccessChange(ctx, reference.data);
  if (!found.ok) notFound();
  const change = found.value;
  const delegation = await delegationFor(ctx, reference.data);
  const fields = { tenantId, changeId: change.changeId };
  const script = azureCliScript(change.items.filter(needsSignIn), change.principalId);
  return (
    <Section
      title={change.undoes ? 'Undo a change of access level' : 'Change access level'}
      description={<Origin change={change} />}
    >
      {delegation ? <LentRights delegation={delegation} /> : null}
      <ChangeStatus change={change} fields={fields} delegation={delegation} />
      <ChangeTable items={change.items} />
      {endsWriteBack(change) ? (
        <p className="text-muted">No tag changes are waiting to be written back, so none is lost.</p>
      ) : null}
      {script && change.mayChange && change.pulse === 'idle' ? (
        <Script script={script} fields={fields} />
      ) : null}
      <LiveRefresh active={change.pulse !== 'idle'} intervalMs={REFRESH_MS} />
    </Section>
  );
}

function Origin({ change: { personName, createdAt } }: { readonly change: AccessChangeView }) {
  return (
    <>
      Planned by {personName}, <AbsoluteTime value={createdAt} />
    </>
  );
}

const endsWriteBack = ({ items }: AccessChangeView): boolean =>
  items.some(({ fromLevel, toLevel }) => fromLevel === 'tags_in_out' && toLevel !== 'tags_in_out');
