/** Who can fix a failure, as it follows "Who can fix this:". */
export const YOU = 'You';
export const OPERATOR = 'The operator of this portal';
export const CONSENTING_ADMIN = 'A Global Administrator or Privileged Role Administrator of the tenant';
export const SUBSCRIPTION_OWNER = 'An Owner or User Access Administrator of the subscription';
export const ENTERPRISE_ADMIN = 'An Enterprise Administrator of the enrollment';
export const BILLING_OWNER = 'An owner of the billing account';
export const SECURITY_ADMIN = 'A security administrator of the tenant';
export const TENANT_ADMIN = 'An administrator of the tenant';
export const NOBODY = 'Nobody, it passes by itself';
