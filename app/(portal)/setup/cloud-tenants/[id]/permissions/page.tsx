import type { Metadata } from 'next';
import { ButtonLink } from '#components/ui/button.tsx';
import { Callout } from '#components/ui/callout.tsx';
import { CodeValue } from '#components/ui/code-value.tsx';
import { DescriptionList } from '#components/ui/description-list.tsx';
import { Section } from '#components/ui/section.tsx';
import { AbsoluteTime } from '#components/ui/time.tsx';
import type { TenantDetails } from '#lib/domain/tenants/queries.ts';
import { ActionForm } from '../../_components/action-form.tsx';
import { checkAgainAction } from '../../actions.ts';
import { receiptsPath } from '../../paths.ts';
import { loadTenant, type TenantPageProps, tabTitle } from '../tenant.ts';
import { AzureRoles } from './_components/azure-roles.tsx';
import { CapabilityTable } from './_components/capability-table.tsx';
import { CheckState } from './_components/check-state.tsx';

export const generateMetadata = (props: TenantPageProps): Promise<Metadata> => tabTitle(props, 'Permissions');

export default async function PermissionsPage({ params }: TenantPageProps) {
  const tenant = await loadTenant((await params).id);
  const { boundByPerson, boundAt, servicePrincipalId, appId } = tenant;
  return (
    <>
      {tenant.kind === 'azure' ? <Roles tenant={tenant} /> : <Capabilities tenant={tenant} />}
      <Section
        title="Who connected this tenant"
        actions={
          tenant.kind === 'azure' ? (
            <ButtonLink href={receiptsPath(tenant.tenantId)} variant="secondary" size="small">
              Consent receipts
            </ButtonLink>
          ) : null
        }
      >
        <DescriptionList
          items={[
            { term: 'Person', value: boundByPerson },
            { term: 'Signed in to the tenant', value: <AbsoluteTime value={boundAt} /> },
            { term: 'Application ID', value: <CodeValue value={appId} name="application ID" /> },
            {
              term: 'Service principal ID',
              value: servicePrincipalId && (
                <CodeValue value={servicePrincipalId} name="service principal ID" />
              ),
            },
          ]}
        />
      </Section>
    </>
  );
}

function Capabilities({ tenant }: { readonly tenant: TenantDetails }) {
  const { capabilities, name, check } = tenant;
  return (
    <Section
      title="What the tenant has granted"
      description="Proven by a fresh token, by the directory’s own list where we may read it, and by one harmless read."
      actions={<CheckNow tenant={tenant} />}
    >
      <CheckState tenant={tenant} />
      <CapabilityTable
        label={`Permissions of ${name}`}
        checks={capabilities}
        isChecking={isChecking(tenant)}
      />
      {check && check.excess.length > 0 ? <Excess permissions={check.excess} /> : null}
    </Section>
  );
}

/** More than was asked for: somebody added it at Microsoft, or an earlier version needed it. */
function Excess({ permissions }: { readonly permissions: readonly string[] }) {
  return (
    <Callout tone="warning" title="The tenant grants more than the portal needs.">
      <ul aria-label="Permissions that nothing needs" className="flex flex-wrap gap-x-4">
        {permissions.map((permission) => (
          <li key={permission}>
            <code className="font-mono text-small">{permission}</code>
          </li>
        ))}
      </ul>
      <p>
        Nothing here uses these permissions. An administrator of the tenant can take them away in the Entra
        admin center, under Enterprise applications.
      </p>
    </Callout>
  );
}

function Roles({ tenant }: { readonly tenant: TenantDetails }) {
  const { name, subscriptions } = tenant;
  const added = subscriptions.filter(({ status }) => status === 'added');
  return (
    <Section
      title="Roles of the portal in Azure"
      description="Reader lists subscriptions and resources. It cannot change anything, and cannot read what is inside them. Proven by a fresh token, by the list that our application is shown, and by its rights on each subscription."
      actions={<CheckNow tenant={tenant} />}
    >
      {added.length === 0 ? (
        <p className="text-muted">The portal has no role on any subscription of this tenant.</p>
      ) : (
        <>
          <CheckState tenant={tenant} />
          <AzureRoles label={`Roles in ${name}`} subscriptions={added} isChecking={isChecking(tenant)} />
        </>
      )}
    </Section>
  );
}

const isChecking = ({ status, pulse }: TenantDetails): boolean =>
  status === 'verifying' || pulse === 'running';

/** With a problem, the button stands beside it. */
function CheckNow({ tenant: { tenantId, mayChange, problem } }: { readonly tenant: TenantDetails }) {
  if (!mayChange || problem) return null;
  return <ActionForm action={checkAgainAction} fields={{ tenantId }} label="Check now" />;
}
