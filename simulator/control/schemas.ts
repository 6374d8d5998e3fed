import { z } from 'zod';
import { CHANGE_KINDS } from '../directory/random-changes.ts';
import { FAULT_DEFAULTS, FAULT_KINDS, RETRY_AFTER_FORMS } from '../scenarios/faults.ts';
import { CLOUD_NAMES } from '../state/clouds.ts';
import { type DeltaManners as DeltaMannersOf, DIRECTORY_ROLES } from '../state/tenants.ts';

const DAY_MS = 86_400_000;
const ms = z
  .number()
  .int()
  .min(0)
  .max(365 * DAY_MS);
const guid = z.guid().transform((text) => text.toLowerCase());
const mail = z.email().transform((text) => text.toLowerCase());

export const SettingsChange = z
  .strictObject({
    servicePrincipalLagMs: ms,
    grantLagMs: ms,
    principalLagMs: ms,
    principalLagWithoutTypeMs: ms,
    roleAssignmentLagMs: ms,
    roleAssignmentListLagMs: ms,
    billingRoleLagMs: ms,
    pageLinkLifeMs: ms,
    deltaLinkLifeMs: ms,
    codeLifeMs: ms,
    throttling: z.boolean(),
    quotaScale: z.number().positive().max(1000),
    pageSizeMax: z.number().int().min(1).max(999),
    latencyMs: ms.max(60_000),
    declineConsent: z.boolean(),
    consentTenantId: guid.nullable(),
  })
  .partial();

export const Clock = z.strictObject({ advanceMs: z.number().int() });

export const Expire = z.strictObject({
  tenantId: guid.optional(),
  pageLinks: z.boolean().default(false),
  deltaLinks: z.boolean().default(false),
  tokens: z.boolean().default(false),
});

/** A fault rule; `throttle` names its wait by seconds unless told otherwise, other errors have no `Retry-After`. */
export const Fault = z
  .strictObject({
    kind: z.enum(FAULT_KINDS),
    label: z.string().optional(),
    service: z.enum(['login', 'graph', 'arm', 'ea']).optional(),
    tenantId: guid.optional(),
    method: z.string().optional(),
    path: z.string().optional(),
    after: z.number().int().min(0).default(FAULT_DEFAULTS.after),
    every: z.number().int().min(1).default(FAULT_DEFAULTS.every),
    times: z.number().int().min(1).optional(),
    status: z.number().int().min(400).max(599).default(FAULT_DEFAULTS.status),
    code: z.string().optional(),
    error: z.string().optional(),
    message: z.string().optional(),
    delayMs: ms.max(600_000).default(FAULT_DEFAULTS.delayMs),
    retryAfter: z.enum(RETRY_AFTER_FORMS).optional(),
    retryAfterSeconds: z.number().min(0).default(FAULT_DEFAULTS.retryAfterSeconds),
    foreignOrigin: z.url().default(FAULT_DEFAULTS.foreignOrigin),
  })
  .transform((fault) => ({
    ...fault,
    label: fault.label,
    service: fault.service,
    tenantId: fault.tenantId,
    method: fault.method,
    path: fault.path,
    times: fault.times,
    code: fault.code,
    error: fault.error,
    message: fault.message,
    retryAfter: fault.retryAfter ?? (fault.kind === 'throttle' ? ('seconds' as const) : ('none' as const)),
  }));

const enrollmentNumber = z.string().regex(/^\d{5,10}$/);

export const NewEaKey = z.strictObject({
  enrollmentNumber,
  slot: z.enum(['primary', 'secondary']).default('primary'),
  /** Negative: it has ended already. */
  livesMs: z
    .number()
    .int()
    .default(182 * DAY_MS),
  claims: z.boolean().default(true),
});

export const EaKeyRevocation = z.strictObject({ enrollmentNumber });

export const NewTenant = z.strictObject({
  directoryId: guid.optional(),
  displayName: z.string().min(1).optional(),
  domain: z
    .string()
    .regex(/^([a-z0-9-]+\.)+[a-z0-9-]+$/i)
    .transform((text) => text.toLowerCase()),
  users: z.number().int().min(1).max(100_000_000),
  seed: z.number().int().min(0).max(0xffffffff).optional(),
  subscriptions: z.number().int().min(0).max(5000).default(1),
  premium: z.boolean().default(true),
  cloud: z.enum(CLOUD_NAMES).optional(),
});

/** How a tenant's delta queries differ from what is documented best. */
const DeltaManners = z
  .strictObject({
    withoutAssignmentStates: z.boolean(),
    changedManagersOnly: z.boolean(),
    keepsLinks: z.boolean(),
    removalReason: z.string(),
    replays: z.number().int().min(0),
  })
  .partial()
  .transform((manners): DeltaMannersOf => manners as DeltaMannersOf);

export const TenantChange = z
  .strictObject({
    userConsent: z.enum(['allowed', 'denied']),
    delta: DeltaManners,
    servicePrincipalLagMs: ms,
    grantLagMs: ms,
    principalLagMs: ms,
    roleAssignmentLagMs: ms,
    roleAssignmentListLagMs: ms,
    billingRoleLagMs: ms,
  })
  .partial();

const directoryRoles = z.array(z.enum(Object.keys(DIRECTORY_ROLES) as [string, ...string[]]));

export const NewPersona = z.strictObject({
  tenantId: guid,
  mail,
  displayName: z.string().min(1),
  directoryRoles: directoryRoles.default([]),
  userType: z.enum(['Member', 'Guest']).default('Member'),
});

export const MembershipChange = z.strictObject({ tenantId: guid, mail, directoryRoles });

export const Grant = z.strictObject({
  tenantId: guid,
  clientId: guid,
  /** Without it: all application permissions of the registration. */
  appRoles: z.array(z.string()).optional(),
});

export const Revocation = z.strictObject({
  tenantId: guid.optional(),
  clientId: guid.optional(),
  appRoles: z.array(z.string()).optional(),
  /** Removes the service principal too, as deleting the enterprise application does. */
  servicePrincipal: z.boolean().default(false),
  /** Also refuses the access tokens issued so far; without it they live on, as Microsoft's do. */
  tokens: z.boolean().default(false),
});

export const ServicePrincipalChange = z.strictObject({
  tenantId: guid,
  clientId: guid,
  enabled: z.boolean(),
});

export const RegistrationChange = z
  .strictObject({
    displayName: z.string().min(1),
    redirectUris: z.array(z.url()),
    secrets: z.array(z.strictObject({ value: z.string().min(1), expiresAt: z.iso.datetime() })),
    certificates: z.array(z.string().startsWith('-----BEGIN CERTIFICATE-----')),
    directoryRoleClaims: z.boolean(),
    required: z.array(
      z.strictObject({
        resource: z.enum(['graph', 'arm']),
        type: z.enum(['delegated', 'application']),
        value: z.string(),
      }),
    ),
  })
  .partial();

export const NewPolicy = z.strictObject({
  tenantId: guid.optional(),
  mail: mail.optional(),
  code: z.number().int().default(53003),
  message: z
    .string()
    .default(
      'Access has been blocked by Conditional Access policies. The access policy does not allow token issuance.',
    ),
  answer: z.enum(['page', 'redirect', 'mfa']).default('page'),
});

const values = z.record(z.string(), z.unknown());

export const NewUser = z.strictObject({ tenantId: guid, values: values.default({}) });
export const UserChange = z.strictObject({ tenantId: guid, values });

/** Random changes of a directory; the same seed makes the same ones. */
export const RandomChanges = z.strictObject({
  changes: z.number().int().min(1).max(1_000_000),
  seed: z.number().int().min(0).max(0xffffffff).default(1),
  kinds: z
    .array(z.enum(CHANGE_KINDS))
    .min(1)
    .default([...CHANGE_KINDS]),
});

/** Changes a group or a purchase of the directory; `isGone` takes it away. */
export const DirectoryObjectChange = z.strictObject({
  tenantId: guid,
  values: values.default({}),
  isGone: z.boolean().default(false),
});

const subscriptionState = z.enum(['Enabled', 'Warned', 'PastDue', 'Disabled', 'Deleted']);

export const SubscriptionChange = z
  .strictObject({
    state: subscriptionState,
    /** The name of the group that it moves to. */
    managementGroup: z.string().min(1),
    isDeleted: z.boolean(),
    isHidden: z.boolean(),
  })
  .partial();

export const NewSubscription = z.strictObject({
  tenantId: guid,
  displayName: z.string().min(1),
  state: subscriptionState.default('Enabled'),
  /** The name of the group directly above; without it the tenant's root group. */
  managementGroup: z.string().min(1).optional(),
});

export const NewManagementGroup = z.strictObject({
  tenantId: guid,
  name: z.string().regex(/^[\w().-]{1,90}$/),
  displayName: z.string().min(1).optional(),
  /** The name of the group above; without it the tenant's root group. */
  parent: z.string().min(1).optional(),
});

export const NewRoleAssignment = z.strictObject({
  scope: z.string().startsWith('/'),
  /** Whose, where the scope is the root. */
  tenantId: guid.optional(),
  role: z.string(),
  mail: mail.optional(),
  principalId: guid.optional(),
  name: guid.optional(),
});

export const RoleAssignmentRemoval = z.strictObject({
  scope: z.string().optional(),
  principalId: guid.optional(),
});

const armScope = z
  .string()
  .startsWith('/')
  .transform((text) => text.toLowerCase());

export const NewLock = z.strictObject({
  scope: armScope,
  level: z.enum(['CanNotDelete', 'ReadOnly']),
  name: z.string().min(1).default('Do not touch'),
});

export const NewDenyAssignment = z.strictObject({
  scope: armScope,
  actions: z.array(z.string()).min(1).default(['Microsoft.Authorization/roleAssignments/*']),
  /** Whom it concerns; without any, everybody. */
  principalIds: z.array(guid).optional(),
  excludedPrincipalIds: z.array(guid).default([]),
  name: z.string().min(1).default('Deny assignment of a deployment stack'),
});

export const NewDenyPolicy = z.strictObject({
  scope: armScope,
  /** Names or ids of the roles that must not be assigned; without any, all of them. */
  roles: z.array(z.string()).optional(),
  name: z.string().min(1).default('Restrict role assignments'),
});

/** Takes away what stands in the way at a scope, of one kind or of all. */
export const ObstacleRemoval = z.strictObject({
  scope: armScope,
  kind: z.enum(['locks', 'denyAssignments', 'policies']).optional(),
});

export const NewBillingAccount = z
  .strictObject({
    tenantId: guid,
    agreementType: z.enum([
      'EnterpriseAgreement',
      'MicrosoftCustomerAgreement',
      'MicrosoftPartnerAgreement',
      'MicrosoftOnlineServicesProgram',
      'Other',
    ]),
    name: z.string().min(1).optional(),
    displayName: z.string().min(1).optional(),
    accountType: z.string().min(1).optional(),
    billingRelationshipTypes: z.array(z.string()).optional(),
    hasCosts: z.boolean().optional(),
    /** Their accounts in the tenant: Enterprise Administrators, or owners of the billing account. */
    administrators: z.array(mail).default([]),
  })
  .transform(({ name, displayName, accountType, billingRelationshipTypes, hasCosts, ...rest }) => ({
    ...rest,
    ...(name && { name }),
    ...(displayName && { displayName }),
    ...(accountType && { accountType }),
    ...(billingRelationshipTypes && { billingRelationshipTypes }),
    ...(hasCosts !== undefined && { hasCosts }),
  }));

export const BillingAccountChange = z.strictObject({ hasCosts: z.boolean() });

export const NewBillingRole = z.strictObject({
  account: z.string().min(1),
  role: z.string().min(1),
  principalId: guid,
  principalTenantId: guid.optional(),
});

export const BillingRoleRemoval = z.strictObject({
  account: z.string().min(1),
  principalId: guid.optional(),
});
