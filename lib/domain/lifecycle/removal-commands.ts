import type { Ctx } from '#lib/domain/context.ts';
import { isLeft, type MicrosoftThing, type RoleAssignmentThing } from './microsoft-side.ts';

/** How people take back at Microsoft what the portal cannot: in the portal of Microsoft, or by a command. */
export type Remedy = {
  readonly about: 'role-assignments' | 'application' | 'billing-roles';
  readonly title: string;
  /** Who may do it, as it follows "Who:". */
  readonly who: string;
  readonly steps: readonly string[];
  readonly commands: readonly { readonly label: string; readonly text: string }[];
};

/** What the Azure CLI calls the clouds that are not its default. */
const CLI_CLOUD: ReadonlyMap<string, string> = new Map([
  ['usgov', 'AzureUSGovernment'],
  ['usgovdod', 'AzureUSGovernment'],
  ['china', 'AzureChinaCloud'],
]);

/**
 * The ways to take back what is left, with the values of this tenant. Nothing where nothing is left.
 * @see https://learn.microsoft.com/cli/azure/role/assignment#az-role-assignment-delete
 * @see https://learn.microsoft.com/graph/api/serviceprincipal-delete
 */
export function remediesFor(
  ctx: Ctx,
  directoryId: string,
  things: readonly MicrosoftThing[],
): readonly Remedy[] {
  const left = things.filter(isLeft);
  const { cloud } = ctx.microsoft.entra.settings;
  const cliCloud = CLI_CLOUD.get(cloud.name);
  const login = [
    ...(cliCloud ? [`az cloud set --name ${cliCloud}`] : []),
    `az login --tenant ${directoryId}`,
  ];
  const script = (...lines: readonly string[]) => [...login, ...lines].join('\n');
  const assignments = left.filter((thing): thing is RoleAssignmentThing => thing.kind === 'role-assignment');
  const billing = left.flatMap((thing) => (thing.kind === 'billing-role' ? [thing] : []));
  const application = left.flatMap((thing) => (thing.kind === 'service-principal' ? [thing] : []))[0];
  const remedies: Remedy[] = [];
  if (assignments.length > 0) {
    remedies.push({
      about: 'role-assignments',
      title: 'Role assignments',
      who: 'an Owner or User Access Administrator of the subscriptions',
      steps: [
        'Open the Azure portal, then the subscription, then Access control (IAM), then Role assignments.',
        'Find the application of this portal, select it and choose Remove.',
      ],
      commands: [
        {
          label: 'Azure CLI',
          text: script(
            'az role assignment delete --ids \\',
            ...assignments.map((each, index) => {
              const isLast = index === assignments.length - 1;
              return `  "${assignmentPath(each)}"${isLast ? '' : ' \\'}`;
            }),
          ),
        },
        {
          label: 'REST',
          text: script(
            ...assignments.map(
              (each) =>
                `az rest --method delete --url "${cloud.armResource}${assignmentPath(each)}?api-version=2022-04-01"`,
            ),
          ),
        },
      ],
    });
  }
  if (billing.length > 0) {
    remedies.push({
      about: 'billing-roles',
      title: 'Billing roles',
      who: 'an Enterprise Administrator, or an owner of the billing account',
      steps: [
        'Open the Azure portal, then Cost Management + Billing, then the billing account, then Access control (IAM).',
        'Find the application of this portal and choose Remove. Roles on an enrollment are not shown there: use the command.',
      ],
      commands: billing.some(({ path }) => path)
        ? [
            {
              label: 'REST',
              text: script(
                ...billing.flatMap(({ path }) =>
                  path ? [`az rest --method delete --url "${cloud.armResource}${path}"`] : [],
                ),
              ),
            },
          ]
        : [],
    });
  }
  if (application) {
    remedies.push({
      about: 'application',
      title: 'Enterprise application, with all permissions it was granted',
      who: 'a Global Administrator, Cloud Application Administrator or Application Administrator of the tenant',
      steps: [
        'Open the Microsoft Entra admin center, then Enterprise applications, and search for the application ID.',
        'Open the application, then Properties, and choose Delete.',
      ],
      commands: [
        { label: 'Azure CLI', text: script(`az ad sp delete --id ${application.appId}`) },
        {
          label: 'REST',
          text: script(
            `az rest --method delete --url "${cloud.graphResource}/v1.0/servicePrincipals(appId='${application.appId}')"`,
          ),
        },
      ],
    });
  }
  return remedies;
}

const assignmentPath = ({ scope, name }: RoleAssignmentThing): string =>
  `${scope}/providers/Microsoft.Authorization/roleAssignments/${name}`;
