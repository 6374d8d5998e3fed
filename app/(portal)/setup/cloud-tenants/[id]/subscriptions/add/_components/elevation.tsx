import { Callout } from '#components/ui/callout.tsx';
import { CommandBlock } from '#components/ui/command-block.tsx';

/** Reminds a Global Administrator who has elevated their access that nothing takes it back by itself. */
export function Elevation({ name, person }: { readonly name: string; readonly person: string }) {
  return (
    <Callout tone="warning" title={`${person} has elevated access to everything in this tenant.`}>
      <p>
        “Access management for Azure resources” gave the role User Access Administrator at the root scope. It
        stays until somebody removes it. When the subscriptions are added, set the switch in the properties of
        Microsoft Entra ID to No, or run:
      </p>
      <CommandBlock
        label="Remove the elevation"
        text={`az role assignment delete --ids "/providers/Microsoft.Authorization/roleAssignments/${name}"`}
      />
    </Callout>
  );
}
