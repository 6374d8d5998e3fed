import { Check, Minus } from 'lucide-react';
import type { ReactNode } from 'react';
import { CodeValue } from '#components/ui/code-value.tsx';
import type { AskedPermission, ConsentPreview, MicrosoftPages } from '#lib/domain/consent/preview.ts';
import type { CapabilityInCloud } from '#lib/domain/tenants/cloud-capabilities.ts';
import { KIND_LABEL, type TenantKind } from '#lib/domain/tenants/model.ts';
import { PREVIEW_WORDS } from './preview-words.ts';

/** What will be asked for, who can approve it and why, and what Microsoft shows next: said before one leaves. */
export function ConsentPreviewPanel({
  kind,
  preview,
  pages,
  isShared,
}: {
  readonly kind: TenantKind;
  readonly preview: ConsentPreview;
  readonly pages: MicrosoftPages;
  readonly isShared: boolean;
}) {
  const { who, why, account, never, next } = PREVIEW_WORDS[kind];
  const { applicationPermissions, delegatedPermissions, capabilities } = preview;
  return (
    <aside aria-label={`About ${KIND_LABEL[kind]}`} className="flex flex-col gap-6">
      <Part title="Who can approve it">
        <p>{who}</p>
        <p className="text-muted">{why}</p>
      </Part>
      <Part title="What Microsoft will ask for">
        <Permissions
          title="For the portal itself"
          type="application permissions"
          permissions={applicationPermissions}
        />
        <Permissions
          title="For you, while you connect"
          type="delegated permissions"
          permissions={delegatedPermissions}
        />
        {kind === 'azure' ? (
          <p className="text-muted">
            Afterwards the portal works with one Azure role, <strong className="text-ink">Reader</strong>, on
            each subscription that is added.
          </p>
        ) : null}
        {isShared && kind === 'office365' ? (
          <p className="text-muted">
            This portal uses one application for Azure and Office 365, so Microsoft’s page lists the
            permissions of both.
          </p>
        ) : null}
        <p className="text-muted">
          As on every such page, Microsoft also lists “Maintain access to data you have given it access to” (
          <code className="font-mono text-caption">offline_access</code>). We do not ask for it and keep no
          token of yours.
        </p>
      </Part>
      <Part title="What is never asked for">
        <Lines items={never} />
      </Part>
      {capabilities.length > 0 ? (
        <Part title={`What works in the ${pages.cloud}`}>
          <Capabilities capabilities={capabilities} />
        </Part>
      ) : null}
      <Part title="What comes next">
        <ol className="flex list-decimal flex-col gap-1 pl-5 text-muted">
          {next.map((line) => (
            <li key={line}>{line}</li>
          ))}
        </ol>
      </Part>
      <Part title="How to recognise Microsoft’s page">
        <Recognition appId={preview.appId} account={account} pages={pages} />
      </Part>
    </aside>
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

function Lines({ items }: { readonly items: readonly string[] }) {
  return (
    <ul className="flex list-disc flex-col gap-1 pl-5 text-muted">
      {items.map((line) => (
        <li key={line}>{line}</li>
      ))}
    </ul>
  );
}

function Permissions({
  title,
  type,
  permissions,
}: {
  readonly title: string;
  /** As Microsoft calls them. */
  readonly type: string;
  readonly permissions: readonly AskedPermission[];
}) {
  if (permissions.length === 0) return null;
  return (
    <>
      <h3 className="text-muted text-small">
        {title} ({type})
      </h3>
      <ul className="flex flex-col gap-2.5 border-line border-l-2 pl-3">
        {permissions.map(({ scope, title: name, meaning }) => (
          <li key={scope} className="flex flex-col">
            <span className="flex flex-wrap items-baseline justify-between gap-x-3">
              <span className="font-medium">{name}</span>
              <code className="font-mono text-caption text-muted">{scope}</code>
            </span>
            <span className="text-muted">{meaning}</span>
          </li>
        ))}
      </ul>
    </>
  );
}

const ABSENCE = {
  missing: 'Microsoft does not offer it in this cloud.',
  'not-documented': 'Microsoft does not say whether this cloud has it.',
} as const;

function Capabilities({ capabilities }: { readonly capabilities: readonly CapabilityInCloud[] }) {
  return (
    <ul className="flex flex-col gap-1.5">
      {capabilities.map(({ title, availability }) => (
        <li key={title} className="flex gap-2">
          {availability === 'available' ? (
            <Check aria-hidden className="mt-0.5 size-4 shrink-0 text-success" />
          ) : (
            <Minus aria-hidden className="mt-0.5 size-4 shrink-0 text-muted" />
          )}
          {availability === 'available' ? (
            <span>{title}</span>
          ) : (
            <span className="text-muted">
              {title}
              <span className="block text-small">{ABSENCE[availability]}</span>
            </span>
          )}
        </li>
      ))}
    </ul>
  );
}

/** What one can compare: nothing here is known from Microsoft's page itself. */
function Recognition({
  appId,
  account,
  pages,
}: {
  readonly appId: string;
  readonly account: string;
  readonly pages: MicrosoftPages;
}) {
  const { signInHost, returnHost, verifiesPublishers } = pages;
  return (
    <dl className="flex flex-col gap-2.5">
      <Mark term="Address">
        The page is at <Name>{signInHost}</Name>. Enter your password nowhere else.
      </Mark>
      <Mark term="Account">{account}</Mark>
      <Mark term="Application ID">
        <CodeValue value={appId} name="application ID" />
        <br />
        The <Name>client_id</Name> in the address that the button opens. Afterwards the tenant lists it under
        Enterprise applications.
      </Mark>
      <Mark term="Publisher">
        Stands below the application’s name, with a blue badge where Microsoft has verified it, else as
        “unverified”.{' '}
        {verifiesPublishers
          ? 'Which of the two, only Microsoft’s page can tell.'
          : 'In this cloud Microsoft verifies none, so it is the latter.'}{' '}
        Select it to see where the answer goes: to <Name>{returnHost}</Name>.
      </Mark>
    </dl>
  );
}

function Mark({ term, children }: { readonly term: string; readonly children: ReactNode }) {
  return (
    <div>
      <dt className="font-medium">{term}</dt>
      <dd className="text-muted">{children}</dd>
    </div>
  );
}

const Name = ({ children }: { readonly children: string }) => (
  <code className="break-words font-mono text-caption text-ink">{children}</code>
);
