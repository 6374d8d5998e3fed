import { billingAccountScope } from '#lib/microsoft/arm/billing-accounts.ts';
import {
  BILLING_ROLE,
  BILLING_ROLE_API_VERSION,
  enrollmentRoleCall,
} from '#lib/microsoft/arm/billing-roles.ts';

export type CommandValues = {
  /** The enrollment number or the name of the billing account. */
  readonly account: string;
  /** Object id of our service principal in the tenant. */
  readonly servicePrincipalId: string;
  readonly directoryId: string;
  /** The origin of Resource Manager in this cloud. */
  readonly armUrl: string;
};

export type Commands = {
  /** For a shell in which `az login` was run. */
  readonly azureCli: string;
  /** For any HTTP client, with a token of the person's own. */
  readonly rest: string;
};

/** For one shell line: single quotes, in which nothing is special but themselves. */
const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;

function commands(
  method: 'PUT' | 'POST',
  { armUrl, directoryId }: CommandValues,
  path: string,
  body: object,
): Commands {
  const url = armUrl + path;
  return {
    azureCli: [
      `az login --tenant ${directoryId} --allow-no-subscriptions`,
      [
        `az rest --method ${method.toLowerCase()}`,
        `--url ${quoted(url)}`,
        `--resource ${quoted(armUrl)}`,
        `--headers 'Content-Type=application/json'`,
        `--body ${quoted(JSON.stringify(body))}`,
      ].join(' \\\n  '),
    ].join('\n'),
    rest: [
      `${method} ${url}`,
      'Authorization: Bearer {token of the person}',
      'Content-Type: application/json',
      '',
      JSON.stringify(body, null, 2),
    ].join('\n'),
  };
}

/**
 * What an Enterprise Administrator runs to give our service principal EnrollmentReader: the very call that the portal
 * makes. @see https://learn.microsoft.com/azure/cost-management-billing/manage/assign-roles-azure-service-principals
 */
export function enrollmentCommands(values: CommandValues): Commands {
  const { path, body } = enrollmentRoleCall({
    enrollment: values.account,
    principalId: values.servicePrincipalId,
    principalTenantId: values.directoryId,
  });
  return commands('PUT', values, path, body);
}

/**
 * What an owner of a billing account runs to give our service principal Billing account reader.
 * @see https://learn.microsoft.com/rest/api/billing/billing-role-assignments/create-by-billing-account
 */
export function readerCommands(values: CommandValues): Commands {
  const scope = billingAccountScope(values.account);
  return commands(
    'POST',
    values,
    `${scope}/createBillingRoleAssignment?api-version=${BILLING_ROLE_API_VERSION}`,
    {
      principalId: values.servicePrincipalId,
      principalTenantId: values.directoryId,
      roleDefinitionId: `${scope}/billingRoleDefinitions/${BILLING_ROLE.accountReader}`,
    },
  );
}
