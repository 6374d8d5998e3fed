import { guidOf } from './hash.ts';
import { ADATUM_ID, CONTOSO_ID, FABRIKAM_ID, type Membership, NORTHWIND_ID } from './tenants.ts';

export type AgreementType =
  | 'EnterpriseAgreement'
  | 'MicrosoftCustomerAgreement'
  | 'MicrosoftPartnerAgreement'
  | 'MicrosoftOnlineServicesProgram'
  | 'Other';

export type BillingAccount = {
  /** The enrollment number, or `{guid}:{guid}_2019-05-31`. */
  readonly name: string;
  /** The directory whose people administer it. */
  readonly tenantId: string;
  readonly displayName: string;
  readonly agreementType: AgreementType;
  readonly accountType: string;
  readonly billingRelationshipTypes: readonly string[];
  /** Whether it has had costs lately. */
  hasCosts: boolean;
};

export type BillingRoleAssignment = {
  readonly account: string;
  readonly name: string;
  readonly principalId: string;
  readonly principalTenantId: string;
  readonly roleId: string;
  readonly createdOn: number;
};

/** All billing accounts by name, and who may do what with them. */
export type Billing = {
  readonly accounts: Map<string, BillingAccount>;
  readonly roleAssignments: Map<string, BillingRoleAssignment>;
};

export type BillingRole = {
  readonly id: string;
  readonly name: string;
  readonly agreements: readonly AgreementType[];
  /** May give roles to others. */
  readonly assigns: boolean;
  /** May be given to a service principal. */
  readonly forServicePrincipals: boolean;
};

const EA = ['EnterpriseAgreement'] as const;
const MODERN = ['MicrosoftCustomerAgreement', 'MicrosoftPartnerAgreement'] as const;

/** @see https://learn.microsoft.com/azure/cost-management-billing/manage/assign-roles-azure-service-principals */
export const BILLING_ROLES: readonly BillingRole[] = [
  {
    id: '9f1983cb-2574-400c-87e9-34cf8e2280db',
    name: 'EnterpriseAdministrator',
    agreements: EA,
    assigns: true,
    forServicePrincipals: false,
  },
  {
    id: '24f8edb6-1668-4659-b5e2-40bb5f3a7d7e',
    name: 'EnrollmentReader',
    agreements: EA,
    assigns: false,
    forServicePrincipals: true,
  },
  {
    id: 'da6647fb-7651-49ee-be91-c43c4877f0c4',
    name: 'EA purchaser',
    agreements: EA,
    assigns: false,
    forServicePrincipals: true,
  },
  {
    id: '50000000-aaaa-bbbb-cccc-100000000000',
    name: 'Billing account owner',
    agreements: MODERN,
    assigns: true,
    forServicePrincipals: true,
  },
  {
    id: '50000000-aaaa-bbbb-cccc-100000000001',
    name: 'Billing account contributor',
    agreements: MODERN,
    assigns: false,
    forServicePrincipals: true,
  },
  {
    id: '50000000-aaaa-bbbb-cccc-100000000002',
    name: 'Billing account reader',
    agreements: MODERN,
    assigns: false,
    forServicePrincipals: true,
  },
  {
    id: 'account-administrator',
    name: 'Account administrator',
    agreements: ['MicrosoftOnlineServicesProgram', 'Other'],
    assigns: false,
    forServicePrincipals: false,
  },
];

/** The role of whoever administers an account of this kind. */
const ADMINISTRATOR: Readonly<Record<AgreementType, string>> = {
  EnterpriseAgreement: '9f1983cb-2574-400c-87e9-34cf8e2280db',
  MicrosoftCustomerAgreement: '50000000-aaaa-bbbb-cccc-100000000000',
  MicrosoftPartnerAgreement: '50000000-aaaa-bbbb-cccc-100000000000',
  MicrosoftOnlineServicesProgram: 'account-administrator',
  Other: 'account-administrator',
};

const assignmentKey = (account: string, name: string): string => `${account}/${name}`.toLowerCase();

/** The role that a principal would have once more is written over. */
export function addBillingRole(
  billing: Billing,
  assignment: Omit<BillingRoleAssignment, 'name'> & { readonly name?: string },
): BillingRoleAssignment {
  const { account, principalId, roleId } = assignment;
  const created = { ...assignment, name: assignment.name ?? guidOf('billing', account, principalId, roleId) };
  billing.roleAssignments.set(assignmentKey(account, created.name), created);
  return created;
}

export const removeBillingRole = (billing: Billing, account: string, name: string): boolean =>
  billing.roleAssignments.delete(assignmentKey(account, name));

export type NewBillingAccount = Pick<BillingAccount, 'tenantId' | 'agreementType'> &
  Partial<Omit<BillingAccount, 'tenantId' | 'agreementType'>>;

/** Adds an account with its administrators, by their object ids. */
export function addBillingAccount(
  billing: Billing,
  { tenantId, agreementType, ...more }: NewBillingAccount,
  administrators: readonly string[],
): BillingAccount {
  const number = String(billing.accounts.size + 1);
  const isEa = agreementType === 'EnterpriseAgreement';
  const guids = `${guidOf('ba', tenantId, number)}:${guidOf('organization', tenantId, number)}`;
  const account: BillingAccount = {
    name: more.name ?? (isEa ? String(7_000_000 + billing.accounts.size) : `${guids}_2019-05-31`),
    tenantId,
    agreementType,
    displayName: more.displayName ?? agreementType,
    accountType: more.accountType ?? (isEa ? 'EnterpriseAgreement' : 'Enterprise'),
    billingRelationshipTypes: more.billingRelationshipTypes ?? ['Direct'],
    hasCosts: more.hasCosts ?? true,
  };
  billing.accounts.set(account.name.toLowerCase(), account);
  for (const principalId of administrators)
    addBillingRole(billing, {
      account: account.name,
      principalId,
      principalTenantId: tenantId,
      roleId: ADMINISTRATOR[agreementType],
      createdOn: 0,
    });
  return account;
}

/**
 * Contoso buys by an Enterprise Agreement, Fabrikam by a Microsoft Customer Agreement, Northwind through a partner, and
 * Adatum with a credit card. Each one's administrator administers the billing too.
 */
export function defaultBilling(memberships: readonly Membership[]): Billing {
  const billing: Billing = { accounts: new Map(), roleAssignments: new Map() };
  const add = (mail: string, account: NewBillingAccount) => {
    const admin = memberships.find((m) => m.tenantId === account.tenantId && m.mail === mail);
    addBillingAccount(billing, account, admin ? [admin.objectId] : []);
  };
  add('alex.admin@contoso.com', {
    tenantId: CONTOSO_ID,
    agreementType: 'EnterpriseAgreement',
    name: '1234567',
    displayName: 'Contoso Enterprise Agreement',
  });
  add('fiona.admin@fabrikam.com', {
    tenantId: FABRIKAM_ID,
    agreementType: 'MicrosoftCustomerAgreement',
    displayName: 'Fabrikam',
    accountType: 'Business',
  });
  add('nora.admin@northwind.com', {
    tenantId: NORTHWIND_ID,
    agreementType: 'MicrosoftCustomerAgreement',
    displayName: 'Northwind through a partner',
    accountType: 'Business',
    billingRelationshipTypes: ['CSPCustomer'],
  });
  add('ada.admin@adatum.com', {
    tenantId: ADATUM_ID,
    agreementType: 'MicrosoftOnlineServicesProgram',
    displayName: 'Ada Adatum',
    accountType: 'Individual',
  });
  return billing;
}

/** The roles that count by now; a fresh one has no effect yet. */
export function billingRolesOf(
  billing: Billing,
  account: string,
  principal: { readonly oid: string; readonly tid: string },
  { now, lagMs }: { readonly now: number; readonly lagMs: number },
): BillingRole[] {
  return [...billing.roleAssignments.values()]
    .filter(
      (each) =>
        each.account.toLowerCase() === account.toLowerCase() &&
        each.principalId === principal.oid &&
        each.principalTenantId === principal.tid &&
        now >= each.createdOn + (each.createdOn === 0 ? 0 : lagMs),
    )
    .flatMap(({ roleId }) => BILLING_ROLES.find(({ id }) => id === roleId) ?? []);
}
