import type { Metadata } from 'next';
import { Button } from '#components/ui/button.tsx';
import { Callout } from '#components/ui/callout.tsx';
import { RadioCard, RadioGroup } from '#components/ui/choice.tsx';
import { CommandBlock } from '#components/ui/command-block.tsx';
import { Section } from '#components/ui/section.tsx';
import { TextField } from '#components/ui/text-field.tsx';
import { type GivenTarget, roleCommands, shownTarget } from '#lib/domain/subscription-additions/commands.ts';
import { roleOf } from '#lib/domain/subscription-additions/model.ts';
import { ACCESS_LEVEL_LABEL, type AccessLevel } from '#lib/domain/tenants/model.ts';
import { signedInContext } from '#lib/web/signed-in-context.ts';
import { loadAzureTenant, type TenantPageProps, tabTitle } from '../../tenant.ts';

type Props = TenantPageProps & {
  readonly searchParams: Promise<Record<string, string | string[] | undefined>>;
};

export const generateMetadata = ({ params }: Props): Promise<Metadata> =>
  tabTitle({ params }, 'Add subscriptions by command');

const LEVELS: readonly AccessLevel[] = ['resources', 'tags_in', 'tags_in_out'];

/** The commands for those who cannot sign in, with this tenant's values. */
export default async function CommandsPage({ params, searchParams }: Props) {
  const tenant = await loadAzureTenant((await params).id);
  const target = shownTarget(await searchParams);
  const commands = roleCommands(await signedInContext(), tenant, target);
  return (
    <>
      <Section
        title="Add subscriptions by command"
        description="For an Owner or User Access Administrator who does not want to sign in here, or cannot approve the application. The next import finds what was given and adds it; “Import now” on the Imports tab does it at once."
      >
        <TargetForm target={target} />
      </Section>
      {commands ? (
        <Section title="Commands" description={commands.what}>
          <CommandBlock label="Azure CLI" text={commands.azureCli} />
          <CommandBlock label="REST request" text={commands.rest} />
        </Section>
      ) : null}
      {tenant.servicePrincipalId ? null : (
        <Callout tone="warning" title="There are no commands yet.">
          <p>
            The portal does not know its service principal in this tenant. Check the connection on the
            Permissions tab first.
          </p>
        </Callout>
      )}
      <ElevateSteps />
    </>
  );
}

function TargetForm({ target }: { readonly target: GivenTarget }) {
  return (
    <form method="get" className="flex flex-col gap-5">
      <div className="grid max-w-3xl gap-4 sm:grid-cols-2">
        <TextField
          label="Subscription ID"
          name="subscription"
          defaultValue={target.subscription}
          error={target.errors.subscription}
          hint="For one subscription"
        />
        <TextField
          label="Management group ID"
          name="group"
          defaultValue={target.group}
          error={target.errors.group}
          hint="For all subscriptions in it, also later ones"
        />
      </div>
      <RadioGroup legend="Access level">
        {LEVELS.map((level) => (
          <RadioCard
            key={level}
            name="level"
            value={level}
            label={ACCESS_LEVEL_LABEL[level]}
            description={`Role ${roleOf(level).name} in Azure`}
            defaultChecked={level === target.accessLevel}
          />
        ))}
      </RadioGroup>
      <div>
        <Button type="submit" variant="secondary">
          Show the commands
        </Button>
      </div>
    </form>
  );
}

function ElevateSteps() {
  return (
    <Section
      title="Nobody owns the subscriptions?"
      description="A Global Administrator can take the right to give roles everywhere, for a while."
    >
      <ol className="flex list-decimal flex-col gap-3 pl-5">
        <li>
          Elevate: in the properties of Microsoft Entra ID set “Access management for Azure resources” to Yes,
          or run the first command. Sign out and in again.
        </li>
        <li>Give the role with the commands above, or sign in here and choose.</li>
        <li>
          <strong>Remove the elevation.</strong> Nothing does it by itself, and it reaches every subscription
          of the tenant. Set the switch back to No, or run the second command.
        </li>
      </ol>
      <CommandBlock
        label="Elevate access"
        text={
          'az rest --method post --url "/providers/Microsoft.Authorization/elevateAccess?api-version=2016-07-01"'
        }
      />
      <CommandBlock
        label="Remove the elevation"
        text={
          'az role assignment delete --assignee "$(az ad signed-in-user show --query id -o tsv)" --role "User Access Administrator" --scope "/"'
        }
      />
    </Section>
  );
}
