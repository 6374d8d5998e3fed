import { type CheckItem, Checklist } from '#components/ui/checklist.tsx';
import { CodeValue } from '#components/ui/code-value.tsx';
import type { BillingAccountView } from '#lib/domain/billing/queries.ts';

/** The way of a Microsoft Customer Agreement, step by step, with how far its most advanced account is. */
export function CustomerAgreementSteps({
  accounts,
  appId,
  servicePrincipalId,
}: {
  readonly accounts: readonly BillingAccountView[];
  readonly appId: string;
  readonly servicePrincipalId: string | undefined;
}) {
  const best = accounts.find(({ state }) => state === 'connected' || state === 'waiting_for_data');
  const account = best ?? accounts.find(({ isSupported }) => isSupported) ?? accounts[0];
  return (
    <Checklist
      label="Steps of a Microsoft Customer Agreement"
      items={[
        {
          id: 'type',
          label: 'The account type is right',
          state: typeState(account),
          detail:
            'Azure portal, Cost Management + Billing, Properties: the billing account type is Microsoft Customer Agreement, for an organization, and not managed by a partner. “Find billing accounts” looks it up with your sign-in.',
        },
        {
          id: 'role',
          label: 'The portal has Billing account reader',
          state: roleState(account),
          detail: (
            <div className="flex flex-col gap-2">
              <p>
                Azure portal, Cost Management + Billing, Billing scopes: choose the billing account. Then
                Access control (IAM), Add, role “Billing account reader”, and as member the application below.
                Save, then check here. Or have the commands of the account run.
              </p>
              <p className="flex flex-wrap gap-x-6 gap-y-1">
                <span>
                  Application ID <CodeValue value={appId} name="application ID" />
                </span>
                {servicePrincipalId ? (
                  <span>
                    Service principal <CodeValue value={servicePrincipalId} name="service principal ID" />
                  </span>
                ) : null}
              </p>
            </div>
          ),
        },
        {
          id: 'data',
          label: 'Billing data has arrived',
          state: account?.state === 'connected' ? 'ok' : 'waiting',
          detail: 'Billing data appears within about 24 hours after the role was given.',
        },
      ]}
    />
  );
}

function typeState(account: BillingAccountView | undefined): CheckItem['state'] {
  if (!account) return 'waiting';
  if (account.isEnrollment) return 'needs-you';
  return account.isSupported ? 'ok' : 'needs-you';
}

function roleState(account: BillingAccountView | undefined): CheckItem['state'] {
  switch (account?.state) {
    case 'connected':
    case 'waiting_for_data':
      return 'ok';
    case 'could_not_check':
      return 'could-not-check';
    case 'cannot_connect':
    case 'activation_required':
      return 'needs-you';
    default:
      return 'waiting';
  }
}
