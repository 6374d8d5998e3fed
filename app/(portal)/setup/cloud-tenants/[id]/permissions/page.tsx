import type { Metadata } from 'next';
import { DescriptionList } from '#components/ui/description-list.tsx';
import { Section } from '#components/ui/section.tsx';
import { AbsoluteTime } from '#components/ui/time.tsx';
import type { TenantDetails } from '#lib/domain/tenants/queries.ts';
import { ActionForm } from '../../_components/action-form.tsx';
import { checkAgainAction } from '../../actions.ts';
import { loadTenant, type TenantPageProps, tabTitle } from '../tenant.ts';
import { AzureRoles } from './_components/azure-roles.tsx';
import { CapabilityTable } from './_components/capability-table.tsx';

export const generateMetadata = (props: TenantPageProps): Promise<Metadata> => tabTitle(props, 'Permissions');

export default async function PermissionsPage({ params }: TenantPageProps) {
  const tenant = await loadTenant((await params).id);
  return (
    <>
      {tenant.kind === 'azure' ? <AzureRoles tenant={tenant} /> : <Capabilities tenant={tenant} />}
      <Section title="Who connected this tenant">
        <DescriptionList
          items={[
            { term: 'Person', value: tenant.boundByPerson },
            { term: 'Signed in to the tenant', value: <AbsoluteTime value={tenant.boundAt} /> },
            { term: 'Service principal ID', value: tenant.servicePrincipalId },
          ]}
        />
      </Section>
    </>
  );
}

function Capabilities({ tenant }: { readonly tenant: TenantDetails }) {
  const { tenantId, status, problem, mayChange, capabilities, name } = tenant;
  return (
    <Section
      title="What the tenant has granted"
      description="Proven by a fresh token of the portal’s application and harmless reads with it."
      actions={
        // With a problem, the button stands beside it.
        mayChange && !problem ? (
          <ActionForm action={checkAgainAction} fields={{ tenantId }} label="Check again" />
        ) : null
      }
    >
      <CapabilityTable
        label={`Permissions of ${name}`}
        checks={capabilities}
        isVerifying={status === 'verifying'}
      />
    </Section>
  );
}
