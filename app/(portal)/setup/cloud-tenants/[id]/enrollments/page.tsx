import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { LiveRefresh } from '#components/ui/live-refresh.tsx';
import { Section } from '#components/ui/section.tsx';
import { FlowId } from '#lib/core/ids.ts';
import { type BillingView, getBilling } from '#lib/domain/billing/queries.ts';
import { billingSignIn } from '#lib/domain/billing/sign-in.ts';
import type { TenantDetails } from '#lib/domain/tenants/queries.ts';
import { signedInContext } from '#lib/web/signed-in-context.ts';
import { ActionForm } from '../../_components/action-form.tsx';
import { loadAzureTenant, type TenantPageProps, tabTitle } from '../tenant.ts';
import { AccountCard } from './_components/account-card.tsx';
import { AddEnrollment } from './_components/add-enrollment.tsx';
import { CustomerAgreementSteps } from './_components/customer-agreement-steps.tsx';
import { MpsaFeatures } from './_components/mpsa-features.tsx';
import { RunSignIn } from './_components/run-sign-in.tsx';
import { findBillingAccountsAction } from './actions.ts';

type Props = TenantPageProps & {
  readonly searchParams: Promise<{ readonly flow?: string | string[] }>;
};

export const generateMetadata = (props: Props): Promise<Metadata> => tabTitle(props, 'Enrollments');

/** What the tenant's Azure is billed to, by its agreement, and whether the portal can read the costs. */
export default async function EnrollmentsPage({ params, searchParams }: Props) {
  const tenant = await loadAzureTenant((await params).id);
  const billing = await getBilling(await signedInContext(), { tenantId: tenant.tenantId });
  if (!billing.ok) notFound();
  return (
    <>
      <SignInAtWork tenant={tenant} flow={(await searchParams).flow} />
      {tenant.agreement === 'mpsa' ? (
        <Mpsa tenant={tenant} billing={billing.value} />
      ) : tenant.agreement === 'ea' ? (
        <Enrollments tenant={tenant} billing={billing.value} />
      ) : (
        <BillingAccounts tenant={tenant} billing={billing.value} />
      )}
      <LiveRefresh
        active={billing.value.accounts.some(({ state }) => state === 'verifying')}
        intervalMs={5000}
      />
    </>
  );
}

type PartProps = { readonly tenant: TenantDetails; readonly billing: BillingView };

/** What somebody who is just back from Microsoft has signed in for. */
async function SignInAtWork({
  tenant: { tenantId },
  flow,
}: {
  readonly tenant: TenantDetails;
  readonly flow: string | string[] | undefined;
}) {
  const flowId = FlowId.safeParse(flow);
  if (!flowId.success) return null;
  const signIn = await billingSignIn(await signedInContext(), { tenantId, flowId: flowId.data });
  if (!signIn) return null;
  const { signedInAs, account, isActive } = signIn;
  return (
    <RunSignIn
      tenantId={tenantId}
      flowId={flowId.data}
      isActive={isActive}
      title={account ? `Migrating enrollment ${account}` : 'Looking for billing accounts'}
    >
      {account
        ? `With the rights of ${signedInAs} the portal gives its service principal EnrollmentReader on the enrollment, then reads costs with its own token as proof. This takes some seconds; the sign-in ends with it.`
        : `With the rights of ${signedInAs} the portal lists billing accounts and their types. The sign-in ends with it.`}
    </RunSignIn>
  );
}

function Enrollments({ tenant: { tenantId }, billing }: PartProps) {
  const { accounts, mayChange } = billing;
  return (
    <>
      <Section
        title="Enrollments"
        description={
          <span className="block max-w-2xl">
            Costs of an Enterprise Agreement come from a role on the enrollment. “Migrate EA API” sends an
            Enterprise Administrator to Microsoft to sign in; the portal then gives its service principal the
            role EnrollmentReader, proves it by reading costs once, and ends the sign-in.
          </span>
        }
        actions={mayChange ? <FindAccounts tenantId={tenantId} label="Find enrollments" /> : null}
      >
        {accounts.length === 0 ? (
          <p className="text-muted">
            No enrollment is known. Add its number below, or find it with the sign-in of somebody who
            administers it.
          </p>
        ) : (
          <Accounts tenantId={tenantId} billing={billing} />
        )}
      </Section>
      {mayChange ? (
        <Section
          title="Add an enrollment"
          description="A tenant can have several. Each one is migrated by itself."
        >
          <AddEnrollment tenantId={tenantId} />
        </Section>
      ) : null}
    </>
  );
}

function BillingAccounts({ tenant: { tenantId, appId }, billing }: PartProps) {
  const { accounts, mayChange, servicePrincipalId } = billing;
  return (
    <>
      <Section
        title="Billing accounts"
        description={
          <span className="block max-w-2xl">
            “Find billing accounts” sends somebody who administers the billing to Microsoft to sign in; the
            portal then lists the accounts they see, with their types, and looks whether it can read the costs
            itself.
          </span>
        }
        actions={mayChange ? <FindAccounts tenantId={tenantId} label="Find billing accounts" /> : null}
      >
        {accounts.length === 0 ? (
          <p className="text-muted">No billing account is known yet.</p>
        ) : (
          <Accounts tenantId={tenantId} billing={billing} />
        )}
      </Section>
      <Section title="What it takes">
        <CustomerAgreementSteps accounts={accounts} appId={appId} servicePrincipalId={servicePrincipalId} />
      </Section>
    </>
  );
}

function Mpsa({ tenant: { tenantId }, billing }: PartProps) {
  return (
    <Section
      title="What works under an MPSA"
      description="A Microsoft Products and Services Agreement bills Azure without an enrollment. Nothing has to be set up here."
    >
      <MpsaFeatures />
      {billing.accounts.length > 0 ? <Accounts tenantId={tenantId} billing={billing} /> : null}
    </Section>
  );
}

function Accounts({
  tenantId,
  billing: { accounts, mayChange },
}: Pick<PartProps, 'billing'> & { readonly tenantId: TenantDetails['tenantId'] }) {
  return (
    <div className="flex flex-col gap-4">
      {accounts.map((account) => (
        <AccountCard key={account.name} tenantId={tenantId} account={account} mayChange={mayChange} />
      ))}
    </div>
  );
}

const FindAccounts = ({
  tenantId,
  label,
}: {
  readonly tenantId: TenantDetails['tenantId'];
  readonly label: string;
}) => <ActionForm action={findBillingAccountsAction} fields={{ tenantId }} label={label} />;
