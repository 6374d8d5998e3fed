import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { cache } from 'react';
import { Breadcrumbs } from '#components/ui/breadcrumbs.tsx';
import { Chip } from '#components/ui/chip.tsx';
import { CodeValue } from '#components/ui/code-value.tsx';
import { DescriptionList } from '#components/ui/description-list.tsx';
import { PageHeader } from '#components/ui/page-header.tsx';
import { Section } from '#components/ui/section.tsx';
import { TextLink } from '#components/ui/text-link.tsx';
import { AbsoluteTime, Freshness } from '#components/ui/time.tsx';
import { Guid, TenantId } from '#lib/core/ids.ts';
import { getUser, type User } from '#lib/domain/users/get.ts';
import { signedInContext } from '#lib/web/signed-in-context.ts';
import { AccountBadge } from '../../_components/account-badge.tsx';
import { USERS_PATH, userPath, usersAddress } from '../../address.ts';
import { LicenseTable } from './_components/license-table.tsx';
import { UserChanges } from './_components/user-changes.tsx';

type PageProps = { readonly params: Promise<{ readonly tenantId: string; readonly userId: string }> };

/** The user of the address, read once in a request. One of another organization is no user. */
const load = cache(async (tenant: string, user: string): Promise<User> => {
  const tenantId = TenantId.safeParse(tenant);
  const userId = Guid.safeParse(user);
  if (!tenantId.success || !userId.success) notFound();
  const found = await getUser(await signedInContext(), { tenantId: tenantId.data, userId: userId.data });
  return found.ok ? found.value : notFound();
});

const loadUser = async ({ params }: PageProps): Promise<User> => {
  const { tenantId, userId } = await params;
  return load(tenantId, userId);
};

const nameOf = (user: User): string =>
  user.displayName?.trim() || user.userPrincipalName || 'User without a name';

export async function generateMetadata(props: PageProps): Promise<Metadata> {
  const user = await loadUser(props);
  return { title: `${nameOf(user)}: ${user.source.name}` };
}

export default async function UserDetailPage(props: PageProps) {
  const user = await loadUser(props);
  const { source } = user;
  return (
    <>
      <PageHeader
        title={nameOf(user)}
        breadcrumbs={
          <Breadcrumbs
            crumbs={[
              { label: 'Users', href: USERS_PATH },
              { label: source.name, href: usersAddress({ tenant: source.tenantId }) },
            ]}
          />
        }
        status={
          <>
            <AccountBadge isEnabled={user.accountEnabled} />
            {user.userType ? <Chip>{user.userType}</Chip> : null}
          </>
        }
        description={
          <span className="flex flex-wrap items-baseline gap-x-3">
            <span className="break-all">{user.userPrincipalName}</span>
            {source.usersReadAt ? <Freshness label="Read" value={source.usersReadAt} /> : null}
            <Freshness label="Last found changed" value={user.changedAt} />
          </span>
        }
      />
      <Section title="Licences">
        <LicenseTable licenses={user.licenses} />
      </Section>
      <div className="grid items-start gap-8 lg:grid-cols-2">
        <Section title="Work">
          <DescriptionList items={workFacts(user)} />
        </Section>
        <Section title="Person and address">
          <DescriptionList items={personFacts(user)} />
        </Section>
        <Section title="Account">
          <DescriptionList items={accountFacts(user)} />
        </Section>
        <Section title="Extension attributes">
          {user.extensionAttributes.length > 0 ? (
            <DescriptionList items={user.extensionAttributes.map(([term, value]) => ({ term, value }))} />
          ) : (
            <p className="text-muted">None has a value.</p>
          )}
        </Section>
      </div>
      <UserChanges tenantId={source.tenantId} id={user.id} />
    </>
  );
}

const workFacts = (user: User) => [
  { term: 'Job title', value: user.jobTitle },
  { term: 'Department', value: user.department },
  { term: 'Company', value: user.companyName },
  { term: 'Office', value: user.officeLocation },
  { term: 'Manager', value: <ManagerLink user={user} /> },
  { term: 'Direct reports', value: String(user.directReports) },
];

function ManagerLink({ user: { manager, source } }: { readonly user: User }) {
  if (!manager) return 'None';
  if (manager.isListed) {
    return (
      <TextLink href={userPath({ tenantId: source.tenantId, id: manager.id })}>
        {manager.displayName?.trim() || 'User without a name'}
      </TextLink>
    );
  }
  return (
    <span className="flex flex-wrap items-center gap-x-2">
      Not a user of this directory <CodeValue value={manager.id} name="manager's ID" />
    </span>
  );
}

const personFacts = (user: User) => [
  { term: 'Given name', value: user.givenName },
  { term: 'Surname', value: user.surname },
  { term: 'Mail', value: user.mail },
  { term: 'Street', value: user.streetAddress },
  { term: 'Postal code', value: user.postalCode },
  { term: 'City', value: user.city },
  { term: 'State or province', value: user.state },
  { term: 'Country', value: user.country },
  { term: 'Preferred language', value: user.preferredLanguage },
];

const accountFacts = (user: User) => [
  { term: 'User principal name', value: user.userPrincipalName },
  { term: 'Object ID', value: <CodeValue value={user.id} name="object ID" /> },
  { term: 'User type', value: user.userType },
  { term: 'Account', value: <AccountBadge isEnabled={user.accountEnabled} /> },
  { term: 'Usage location', value: user.usageLocation },
  { term: 'Created', value: user.createdDateTime ? <AbsoluteTime value={user.createdDateTime} /> : null },
  { term: 'Tenant', value: user.source.name },
  { term: 'Tenant ID', value: <CodeValue value={user.source.directoryId} name="tenant ID" /> },
];
