import { Callout } from '#components/ui/callout.tsx';
import { TextLink } from '#components/ui/text-link.tsx';
import type { FlowView } from '#lib/domain/consent/queries.ts';
import { ActionForm } from '../../../_components/action-form.tsx';
import { restartFlowAction } from '../../../actions.ts';

/**
 * Nobody has come back from Microsoft yet. Some of its pages never lead back, so whoever left them by the back button
 * reads here what they meant.
 */
export function StillAtMicrosoft({ flow: { flowId, kind } }: { readonly flow: FlowView }) {
  const administrator =
    kind === 'office365'
      ? 'a Global Administrator or Privileged Role Administrator of the tenant'
      : 'an administrator of the tenant';
  return (
    <Callout
      tone="info"
      title="Not back from Microsoft yet"
      actions={
        <ActionForm
          action={restartFlowAction}
          fields={{ flowId }}
          label="Go to Microsoft again"
          variant="primary"
        />
      }
    >
      <p>Nothing is stored here before you are back. If Microsoft’s page did not lead back, it said why:</p>
      <ul className="list-disc pl-5">
        <li>
          “Need admin approval”: your account may not approve this. Go there again with {administrator}.
        </li>
        <li>
          “… does not exist in tenant” (AADSTS50020): it was an account of another tenant. Go there again and
          pick another account.
        </li>
        <li>
          “You cannot access this right now” (AADSTS53003): a Conditional Access rule stopped it. A security
          administrator of the tenant finds it in the sign-in log by the correlation ID on that page.
        </li>
        <li>
          Anything else: <TextLink href="/help/errors">look its AADSTS code up</TextLink>.
        </li>
      </ul>
    </Callout>
  );
}
