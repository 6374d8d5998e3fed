'use client';

import { ChevronRight } from 'lucide-react';
import { CommandBlock } from '#components/ui/command-block.tsx';
import {
  Cell,
  ColumnHeader,
  DataTable,
  RowHeader,
  TableBody,
  TableHead,
  TableRow,
} from '#components/ui/data-table.tsx';
import { Section } from '#components/ui/section.tsx';
import { azScript, type RoleToGive, restScript } from '#lib/core/role-script.ts';

/** An access level as the form needs it: the module of its labels reads forms, and is too much for a browser. */
export type Level = {
  readonly value: string;
  readonly label: string;
  readonly roleId: string;
  readonly roleName: string;
};

/** Where a role would be given. */
export type PreviewScope = {
  readonly roleScope: string;
  readonly name: string;
  /** The roles that are there already: the role's GUID, and where it comes from where that is above. */
  readonly has: readonly { readonly roleId: string; readonly from?: string }[];
  /** The name of the assignment by level. */
  readonly assignmentNames: Readonly<Record<string, string>>;
};

export type Preview = {
  readonly principalName: string;
  readonly principalId: string;
  readonly armUrl: string;
  /** By subscription ID, and by the group's name. */
  readonly subscriptions: Readonly<Record<string, PreviewScope>>;
  readonly groups: Readonly<Record<string, PreviewScope>>;
};

const SHOWN_MAX = 20;

/** Which role assignments would be made for what is chosen, and the commands that do the same. */
export function PreviewOfRoles({
  preview,
  level,
  scopes,
}: {
  readonly preview: Preview;
  readonly level: Level;
  readonly scopes: readonly PreviewScope[];
}) {
  const { principalName, principalId, armUrl } = preview;
  const isThere = ({ has }: PreviewScope) => has.find(({ roleId }) => roleId === level.roleId);
  const toGive = scopes.flatMap((scope): RoleToGive[] => {
    const name = scope.assignmentNames[level.value];
    return isThere(scope) || !name
      ? []
      : [{ roleScope: scope.roleScope, roleDefinitionId: level.roleId, name }];
  });
  const count = toGive.length === 1 ? '1 role assignment' : `${toGive.length} role assignments`;
  return (
    <Section
      title="What changes in Azure"
      description={
        scopes.length === 0
          ? 'Nothing, as long as nothing is chosen.'
          : `${count} will be made. Nothing else is changed, and nothing is removed.`
      }
    >
      {scopes.length > 0 ? (
        <DataTable label="Role assignments to be made">
          <TableHead>
            <ColumnHeader sticky>Scope</ColumnHeader>
            <ColumnHeader>Role</ColumnHeader>
            <ColumnHeader>Principal</ColumnHeader>
          </TableHead>
          <TableBody>
            {scopes.slice(0, SHOWN_MAX).map((scope) => {
              const there = isThere(scope);
              return (
                <TableRow key={scope.roleScope} muted={there !== undefined}>
                  <RowHeader>
                    <span className="flex flex-col">
                      <span className="break-words font-medium">{scope.name}</span>
                      <span className="break-all font-mono text-caption text-muted">{scope.roleScope}</span>
                    </span>
                  </RowHeader>
                  <Cell>
                    {level.roleName}
                    {there ? (
                      <span className="block text-caption">
                        {there.from
                          ? `Is inherited from ${there.from}: none is made`
                          : 'Is there: none is made'}
                      </span>
                    ) : null}
                  </Cell>
                  <Cell>
                    <span className="flex flex-col">
                      <span>{principalName}</span>
                      <span className="font-mono text-caption text-muted">{principalId}</span>
                    </span>
                  </Cell>
                </TableRow>
              );
            })}
          </TableBody>
        </DataTable>
      ) : null}
      {scopes.length > SHOWN_MAX ? (
        <p className="text-muted">and {scopes.length - SHOWN_MAX} more of the same</p>
      ) : null}
      {toGive.length > 0 ? (
        <details className="group/script rounded-card border border-line">
          <summary className="flex cursor-pointer list-none gap-1.5 rounded-card p-4 font-medium">
            <ChevronRight
              aria-hidden
              className="mt-0.5 size-4 shrink-0 text-muted transition-transform group-open/script:rotate-90"
            />
            The same as commands
          </summary>
          <div className="flex flex-col gap-5 px-4 pb-4">
            <CommandBlock label="Azure CLI" text={azScript(toGive, { principalId })} />
            <CommandBlock label="REST requests" text={restScript(toGive, { principalId, armUrl })} />
            <p className="text-muted text-small">
              Who runs these instead need not lend the portal any rights. The next import finds what was given
              and adds the subscriptions.
            </p>
          </div>
        </details>
      ) : null}
    </Section>
  );
}
