import { z } from 'zod';
import { FlowId, TenantId } from '#lib/core/ids.ts';
import type { Problem } from '#lib/core/problem.ts';

/** Microsoft's words for the agreements of billing accounts, as far as they mean something to us. */
export const AGREEMENT_TYPE = {
  enterprise: 'EnterpriseAgreement',
  customer: 'MicrosoftCustomerAgreement',
  partner: 'MicrosoftPartnerAgreement',
  online: 'MicrosoftOnlineServicesProgram',
} as const;

const AGREEMENT_TYPE_LABEL: ReadonlyMap<string, string> = new Map([
  [AGREEMENT_TYPE.enterprise, 'Enterprise Agreement'],
  [AGREEMENT_TYPE.customer, 'Microsoft Customer Agreement'],
  [AGREEMENT_TYPE.partner, 'Microsoft Partner Agreement'],
  [AGREEMENT_TYPE.online, 'Microsoft Online Services Program (pay-as-you-go)'],
]);

/** An agreement in words; one that we do not know as Microsoft spells it. */
export const agreementLabel = (agreementType: string): string =>
  AGREEMENT_TYPE_LABEL.get(agreementType) ?? agreementType;

export const isEnrollment = ({ agreementType }: { readonly agreementType: string }): boolean =>
  agreementType === AGREEMENT_TYPE.enterprise;

/** A billing account as far as its kind goes. */
export type BillingKind = {
  readonly agreementType: string;
  readonly accountType: string | null;
  readonly relationships: readonly string[];
};

const PARTNER_RELATIONSHIPS: ReadonlySet<string> = new Set([
  'CSPPartner',
  'CSPCustomer',
  'IndirectCustomer',
  'IndirectPartner',
]);
const PARTNER_ACCOUNTS: ReadonlySet<string> = new Set(['Partner', 'ClassicPartner', 'Reseller']);

/**
 * Why no role can make the costs of an account readable for us; undefined where one can. That is no question of
 * rights, and is never called one.
 * @see https://learn.microsoft.com/azure/cost-management-billing/costs/understand-work-scopes
 */
export function unsupportedWhy(
  kind: BillingKind,
): Extract<Problem, { code: 'billing-unsupported' }>['why'] | undefined {
  const { agreementType, accountType, relationships } = kind;
  if (agreementType === AGREEMENT_TYPE.enterprise) return undefined;
  if (agreementType === AGREEMENT_TYPE.partner || PARTNER_ACCOUNTS.has(accountType ?? '')) return 'partner';
  if (relationships.some((word) => PARTNER_RELATIONSHIPS.has(word))) return 'partner';
  if (agreementType === AGREEMENT_TYPE.online || accountType === 'Individual') return 'personal';
  return agreementType === AGREEMENT_TYPE.customer ? undefined : 'agreement';
}

/** The role that makes the costs of an account readable. */
export const roleFor = (kind: Pick<BillingKind, 'agreementType'>) =>
  isEnrollment(kind) ? ('EnrollmentReader' as const) : ('Billing account reader' as const);

/** What a successful read with our own token returned. */
export type BillingProof = {
  /** An instant, ISO 8601. */
  readonly at: string;
  /** `yyyy-mm`. */
  readonly month: string;
  readonly hasCosts: boolean;
};

const StoredProof = z.object({
  at: z.iso.datetime(),
  month: z.string().regex(/^\d{4}-\d{2}$/),
  hasCosts: z.boolean(),
});

export const readBillingProof = (stored: unknown): BillingProof | undefined =>
  StoredProof.safeParse(stored).data;

/** The month before, by the clock of Microsoft's billing: the newest one that is complete. */
export function monthBefore(now: Date): string {
  return new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - 1, 1)).toISOString().slice(0, 7);
}

/** Such as "Oct 2026". */
export function monthLabel(month: string): string {
  const at = new Date(`${month}-01T00:00:00Z`);
  return at.toLocaleDateString('en-US', { month: 'short', year: 'numeric', timeZone: 'UTC' });
}

const ENROLLMENT_HINT = 'It is the billing account ID in the Azure portal, under Cost Management + Billing.';

/** The number of an enrollment as a person types it. */
export const EnrollmentNumber = z
  .string({ error: `Enter the enrollment number. ${ENROLLMENT_HINT}` })
  .transform((text) => text.replaceAll(/\s/g, ''))
  .superRefine((text, context) => {
    if (text === '') context.addIssue(`Enter the enrollment number. ${ENROLLMENT_HINT}`);
    else if (/_\d{4}-\d{2}-\d{2}$/.test(text))
      context.addIssue(
        'This is the ID of a billing account of a Microsoft Customer Agreement. An enrollment number has digits only.',
      );
    else if (!/^\d{4,12}$/.test(text))
      context.addIssue(`An enrollment number has 4 to 12 digits, such as 8608480. ${ENROLLMENT_HINT}`);
  });

export const NewEnrollment = z.object({ tenantId: TenantId, enrollment: EnrollmentNumber });
export type NewEnrollment = z.infer<typeof NewEnrollment>;

/** A billing account that the organization has; its name was given by Microsoft or at onboarding. */
export const BillingAccountReference = z.object({
  tenantId: TenantId,
  account: z
    .string()
    .min(1)
    .max(200)
    .regex(/^[\x21-\x7e]+$/),
});
export type BillingAccountReference = z.infer<typeof BillingAccountReference>;

export const BillingTenant = z.object({ tenantId: TenantId });
export type BillingTenant = z.infer<typeof BillingTenant>;

/** A sign-in that was begun on the Enrollments tab. */
export const BillingSignIn = z.object({ tenantId: TenantId, flowId: FlowId });
export type BillingSignIn = z.infer<typeof BillingSignIn>;

/** What a sign-in for a migration is about. */
export const MigrationSubject = z.object({ account: BillingAccountReference.shape.account });
export type MigrationSubject = z.infer<typeof MigrationSubject>;
