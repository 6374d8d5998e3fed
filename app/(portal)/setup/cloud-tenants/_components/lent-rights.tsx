import { Callout } from '#components/ui/callout.tsx';
import { TextLink } from '#components/ui/text-link.tsx';
import { AbsoluteTime } from '#components/ui/time.tsx';
import { mayEndDelegation } from '#lib/domain/delegation/end.ts';
import { type Delegation, ONBOARDING } from '#lib/domain/delegation/model.ts';
import { signedInContext } from '#lib/web/signed-in-context.ts';
import { revokeNowAction } from '../[id]/receipts/actions.ts';
import { receiptPath } from '../paths.ts';
import { ActionForm } from './action-form.tsx';
import { Countdown } from './countdown.tsx';

/** Whose rights the portal has for now and until when, with the way to end it and to everything done with them. */
export async function LentRights({ delegation }: { readonly delegation: Delegation }) {
  const { state, purpose, signedIn, expiresAt, tenantId, flowId } = delegation;
  // The token of an onboarding is not kept: there is nothing to revoke.
  if (state !== 'active' || !expiresAt || purpose === ONBOARDING) return null;
  const { actor } = await signedInContext();
  return (
    <Callout
      title={
        <>
          This portal acts for {signedIn?.name ?? delegation.person.name} for{' '}
          <Countdown remainingMs={expiresAt.getTime() - Date.now()} /> more.
        </>
      }
      actions={
        mayEndDelegation(actor, delegation.person.personId) ? (
          <ActionForm action={revokeNowAction} fields={{ flowId }} label="Revoke now" />
        ) : null
      }
    >
      <p>
        Until <AbsoluteTime value={expiresAt} /> at most, and only for this purpose. Each call is in the{' '}
        <TextLink href={receiptPath(tenantId, flowId)}>receipt</TextLink>.
      </p>
    </Callout>
  );
}
