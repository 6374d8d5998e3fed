import type { Metadata } from 'next';
import { formatCount, formatQuantity } from '#components/format.ts';
import { ProblemPanel } from '#components/problem-panel.tsx';
import { Callout } from '#components/ui/callout.tsx';
import { Section } from '#components/ui/section.tsx';
import { AbsoluteTime } from '#components/ui/time.tsx';
import { isLeft, isOwnRole } from '#lib/domain/lifecycle/microsoft-side.ts';
import { RESTORABLE_DAYS } from '#lib/domain/lifecycle/model.ts';
import { previewRemoval, type RemovalPreview } from '#lib/domain/lifecycle/queries.ts';
import type { TenantDetails } from '#lib/domain/tenants/queries.ts';
import { signedInContext } from '#lib/web/signed-in-context.ts';
import { ActionForm } from '../../../_components/action-form.tsx';
import { MicrosoftSideTable, Remedies } from '../../../_components/microsoft-side.tsx';
import { takeBackRolesAction } from '../../../lifecycle-actions.ts';
import { revokeNowAction } from '../../receipts/actions.ts';
import { loadTenant, type TenantPageProps, tabTitle } from '../../tenant.ts';
import { RemoveForm } from './_components/remove-form.tsx';

export const generateMetadata = (props: TenantPageProps): Promise<Metadata> => tabTitle(props, 'Remove');

/** What follows from the removal of a tenant, what is left at Microsoft, and the removal itself. */
export default async function RemovePage({ params }: TenantPageProps) {
  const tenant = await loadTenant((await params).id);
  const { tenantId, name } = tenant;
  const preview = await previewRemoval(await signedInContext(), { tenantId });
  if (!preview.ok) return <ProblemPanel problem={preview.problem} />;
  return (
    <>
      <Section title="What the removal does">
        <ul className="flex max-w-3xl list-disc flex-col gap-1 pl-5">
          <li>Imports and checks stop at once, and a running import is cancelled.</li>
          <li>
            Access tokens and everything else that is kept encrypted is deleted at once, also if the tenant is
            restored later.
          </li>
          <li>{dataWords(tenant, preview.value)}</li>
          <li>
            For {RESTORABLE_DAYS} days an owner or admin can restore the tenant. Then every row of it is
            erased. A receipt stays.
          </li>
        </ul>
      </Section>
      <AtMicrosoft tenant={tenant} preview={preview.value} />
      <Section title={`Remove ${name}`}>
        <RemoveForm tenantId={tenantId} name={name} mayErase={preview.value.mayErase} />
      </Section>
    </>
  );
}

function dataWords({ kind }: TenantDetails, { data }: RemovalPreview): string {
  if (kind === 'azure') {
    return `${formatQuantity(data.subscriptions, 'subscription')} of the tenant ${data.subscriptions === 1 ? 'leaves' : 'leave'} the pages.`;
  }
  return `${formatQuantity(data.users, 'user')} and ${formatQuantity(data.products, 'product')} of the tenant leave the pages Licenses and Users.`;
}

/** What exists there, the way to take roles back by a sign-in, and the commands for the rest. */
function AtMicrosoft({
  tenant: { tenantId, name, kind },
  preview,
}: {
  readonly tenant: TenantDetails;
  readonly preview: RemovalPreview;
}) {
  const { microsoftSide, remedies, signIn, sharedWith } = preview;
  const roles = microsoftSide.filter(isOwnRole).filter(isLeft).length;
  const fields = { tenantId };
  return (
    <>
      <Section
        title="At Microsoft"
        description="What this portal made there for the tenant. It stays when the tenant is removed here, unless it is taken back."
      >
        <MicrosoftSideTable label={`What exists at Microsoft for ${name}`} things={microsoftSide} />
        {kind === 'azure' && (roles > 0 || signIn) ? (
          <Callout
            tone="info"
            title={
              signIn
                ? `${signIn.name ?? 'Somebody'} is signed in for this`
                : 'Roles can be taken back from here'
            }
            actions={
              <>
                {roles > 0 ? (
                  <ActionForm
                    action={takeBackRolesAction}
                    fields={fields}
                    label={
                      signIn ? `Take back ${formatQuantity(roles, 'role')}` : 'Sign in to take them back'
                    }
                    variant={signIn ? 'primary' : 'secondary'}
                  />
                ) : null}
                {signIn ? (
                  <ActionForm
                    action={revokeNowAction}
                    fields={{ flowId: signIn.flowId }}
                    label="Revoke now"
                  />
                ) : null}
              </>
            }
          >
            {signIn ? (
              <p>
                The portal may act for this account until{' '}
                {signIn.expiresAt ? <AbsoluteTime value={signIn.expiresAt} /> : 'its hour is over'}, and uses
                it to take back the roles above and for nothing else.
              </p>
            ) : (
              <p>
                An Owner or User Access Administrator of the subscriptions signs in at Microsoft; for roles on
                an enrollment, its Enterprise Administrator. Only roles that were given through this portal
                are taken back; others stay.
              </p>
            )}
          </Callout>
        ) : null}
      </Section>
      {remedies.length > 0 ? (
        <Section
          title="Take back by hand"
          description="For whoever cannot sign in here, and for what this portal asks no rights for. Before or after the removal; the receipt repeats it."
        >
          {sharedWith ? (
            <Callout tone="warning" title={`${sharedWith} stands on the same enterprise application`}>
              <p>
                Deleting the application also ends the access of that account. Leave it as long as you need
                both.
              </p>
            </Callout>
          ) : null}
          <Remedies remedies={remedies} />
          <p className="text-muted text-small">
            {formatCount(microsoftSide.filter(isLeft).length)} of {formatCount(microsoftSide.length)} things
            are left at Microsoft.
          </p>
        </Section>
      ) : null}
    </>
  );
}
