import type { Metadata } from 'next';
import { ButtonLink } from '#components/ui/button.tsx';
import { CodeValue } from '#components/ui/code-value.tsx';
import { DescriptionList } from '#components/ui/description-list.tsx';
import { Section } from '#components/ui/section.tsx';
import { AGREEMENT_LABEL, KIND_LABEL } from '#lib/domain/tenants/model.ts';
import type { TenantDetails } from '#lib/domain/tenants/queries.ts';
import { removePath } from '../../paths.ts';
import { loadTenant, type TenantPageProps, tabTitle } from '../tenant.ts';
import { DisableTenant } from './_components/disable-tenant.tsx';
import { RenameForm } from './_components/rename-form.tsx';

export const generateMetadata = (props: TenantPageProps): Promise<Metadata> => tabTitle(props, 'Settings');

export default async function SettingsPage({ params }: TenantPageProps) {
  const tenant = await loadTenant((await params).id);
  return (
    <>
      <Section
        title="Name"
        description="How your organization calls this tenant. Nothing changes at Microsoft."
      >
        {tenant.mayChange ? (
          <RenameForm tenantId={tenant.tenantId} name={tenant.name} />
        ) : (
          <p>{tenant.name}</p>
        )}
      </Section>
      <Section title="Tenant">
        <DescriptionList items={factsOf(tenant)} />
      </Section>
      <DisableTenant tenant={tenant} />
      {tenant.mayChange ? (
        <Section
          title="Remove"
          description="Ends the connection. What was imported can be restored for seven days, then it is erased."
        >
          <div>
            <ButtonLink href={removePath(tenant.tenantId)}>Remove tenant</ButtonLink>
          </div>
        </Section>
      ) : null}
    </>
  );
}

function factsOf({ kind, directoryId, domain, agreement, enrollmentNumber }: TenantDetails) {
  const facts = [
    { term: 'Kind', value: KIND_LABEL[kind] },
    { term: 'Tenant ID', value: <CodeValue value={directoryId} name="tenant ID" /> },
    { term: 'Domain', value: domain },
  ];
  if (!agreement) return facts;
  return [
    ...facts,
    { term: 'Agreement', value: AGREEMENT_LABEL[agreement] },
    ...(agreement === 'ea' ? [{ term: 'Enrollment number', value: enrollmentNumber }] : []),
  ];
}
