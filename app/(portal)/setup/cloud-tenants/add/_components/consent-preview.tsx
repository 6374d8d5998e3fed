import type { ReactNode } from 'react';
import { CodeValue } from '#components/ui/code-value.tsx';
import type { AskedPermission, ConsentPreview } from '#lib/domain/consent/preview.ts';
import type { TenantKind } from '#lib/domain/tenants/model.ts';

type Words = {
  readonly who: ReactNode;
  readonly never: readonly string[];
  /** What happens between the button and the return, in order. */
  readonly next: readonly string[];
};

const WORDS: Readonly<Record<TenantKind, Words>> = {
  office365: {
    who: 'A Global Administrator or Privileged Role Administrator of the tenant. Other administrators cannot approve these permissions.',
    never: [
      'mail, calendars, files, chats or sites',
      'passwords, or any right to change users or licences',
      'a password or secret of yours',
    ],
    next: [
      'Microsoft asks for an account and shows the permissions above.',
      'You approve, and sign in once more, so that we know it was an administrator of this tenant.',
      'You come back here, and the first import starts by itself.',
    ],
  },
  azure: {
    who: 'An Owner or User Access Administrator of the subscriptions. All subscriptions on which your account has such a role are added; the others are listed with the reason.',
    never: [
      'the contents of storage accounts, databases or key vaults',
      'any right to change resources',
      'a password or secret of yours',
    ],
    next: [
      'Microsoft asks for an account of the tenant and, the first time, shows the permission above.',
      'You come back here. In your name we give our application the role Reader on your subscriptions.',
      'The first import starts by itself.',
    ],
  },
};

/** What will be asked for, by whom it can be approved, and what Microsoft shows next: said before one leaves. */
export function ConsentPreviewPanel({
  kind,
  preview,
  isShared,
}: {
  readonly kind: TenantKind;
  readonly preview: ConsentPreview;
  readonly isShared: boolean;
}) {
  const { who, never, next } = WORDS[kind];
  const { applicationPermissions, delegatedPermissions, appId } = preview;
  return (
    <div className="flex flex-col gap-5">
      <Part title="What Microsoft will ask for">
        <PermissionList permissions={applicationPermissions} />
        <PermissionList permissions={delegatedPermissions} />
        {kind === 'azure' ? (
          <p className="text-muted">
            Afterwards the portal works with one Azure role, <strong className="text-ink">Reader</strong>, on
            each subscription that is added.
          </p>
        ) : null}
        {isShared ? (
          <p className="text-muted">
            This portal uses one application for Azure and Office 365, so Microsoft’s page lists the
            permissions of both.
          </p>
        ) : null}
      </Part>
      <Part title="What is never asked for">
        <ul className="flex list-disc flex-col gap-1 pl-5 text-muted">
          {never.map((line) => (
            <li key={line}>{line}</li>
          ))}
        </ul>
      </Part>
      <Part title="Who can approve it">
        <p className="text-muted">{who}</p>
      </Part>
      <Part title="What comes next">
        <ol className="flex list-decimal flex-col gap-1 pl-5 text-muted">
          {next.map((line) => (
            <li key={line}>{line}</li>
          ))}
        </ol>
        <p className="flex flex-wrap items-center gap-x-2 text-muted">
          Microsoft’s page names the application with this ID:{' '}
          <CodeValue value={appId} name="application ID" />
        </p>
      </Part>
    </div>
  );
}

function Part({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <section className="flex flex-col gap-2">
      <h2 className="font-semibold">{title}</h2>
      {children}
    </section>
  );
}

function PermissionList({ permissions }: { readonly permissions: readonly AskedPermission[] }) {
  if (permissions.length === 0) return null;
  return (
    <ul className="flex flex-col gap-2">
      {permissions.map(({ scope, title, meaning }) => (
        <li key={scope} className="flex flex-col">
          <span className="font-medium">{title}</span>
          <span className="text-muted">{meaning}</span>
          <code className="font-mono text-caption text-muted">{scope}</code>
        </li>
      ))}
    </ul>
  );
}
