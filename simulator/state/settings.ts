/** What can be turned at run time through the control API. Times in milliseconds. */
export type Settings = {
  /** After a service principal was created the token endpoint answers AADSTS700016 or 7000229 for this long. */
  servicePrincipalLagMs: number;
  /** After a grant app-only tokens do not carry the new roles for this long. */
  grantLagMs: number;
  /** ARM answers PrincipalNotFound for a new principal for this long, whatever the request says. */
  principalLagMs: number;
  /** … and for this long when the request does not say `principalType`. */
  principalLagWithoutTypeMs: number;
  /** A new role assignment has no effect for this long. */
  roleAssignmentLagMs: number;
  /** Lists of role assignments do not show a new one for this long. */
  roleAssignmentListLagMs: number;
  /** A new billing role has no effect for this long. */
  billingRoleLagMs: number;
  /** Life of a page link of Graph's. */
  pageLinkLifeMs: number;
  /** Life of a delta link of Graph's. */
  deltaLinkLifeMs: number;
  /** Life of an authorization code. */
  codeLifeMs: number;
  /** Whether the documented quotas of Graph and ARM are enforced. */
  throttling: boolean;
  /** The quotas times this: small values make a 429 come soon. */
  quotaScale: number;
  /** The most users on a page, whatever is asked for: small pages let a small directory have many. */
  pageSizeMax: number;
  /** Added to every answer. */
  latencyMs: number;
  /** Whether a person who accepts on a consent page is taken to have declined. */
  declineConsent: boolean;
  /** The tenant that the answer to an admin consent names in the place of the right one. */
  consentTenantId: string | null;
};

/** The lags that one tenant may have of its own, so that tests side by side do not share them. */
export const LAGS = [
  'servicePrincipalLagMs',
  'grantLagMs',
  'principalLagMs',
  'roleAssignmentLagMs',
  'roleAssignmentListLagMs',
  'billingRoleLagMs',
] as const;
export type Lags = Readonly<Partial<Pick<Settings, (typeof LAGS)[number]>>>;

const MINUTE = 60_000;

export const defaultSettings = (): Settings => ({
  servicePrincipalLagMs: 1500,
  grantLagMs: 2000,
  principalLagMs: 2000,
  principalLagWithoutTypeMs: 15_000,
  roleAssignmentLagMs: 1000,
  roleAssignmentListLagMs: 0,
  billingRoleLagMs: 1000,
  pageLinkLifeMs: 20 * MINUTE,
  deltaLinkLifeMs: 7 * 24 * 60 * MINUTE,
  codeLifeMs: 10 * MINUTE,
  throttling: true,
  quotaScale: 1,
  pageSizeMax: 999,
  latencyMs: 0,
  declineConsent: false,
  consentTenantId: null,
});
