import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { Breadcrumbs } from '#components/ui/breadcrumbs.tsx';
import { PageHeader } from '#components/ui/page-header.tsx';
import { Section } from '#components/ui/section.tsx';
import { ERRORS_PATH } from '#lib/core/problem-help.ts';
import { findHelpPage, type HelpPage, type Source } from '#lib/help/catalogue.ts';
import { ErrorSearch } from '../../_components/error-search.tsx';
import { MarkedText } from '../../_components/marked-text.tsx';
import { PageList } from '../../_components/page-list.tsx';

type Props = {
  readonly params: Promise<{ readonly code: string }>;
  readonly searchParams: Promise<Readonly<Record<string, string | string[] | undefined>>>;
};

/**
 * The page of the code in the address, in any spelling. A failure is shown with a link that names its class, too, and
 * of a code that Microsoft made up later the class is all that is known.
 */
async function findPage({ params, searchParams }: Props) {
  const { code } = await params;
  const page = findHelpPage(code);
  if (page) return { page, unlisted: undefined };
  const { class: portalCode } = await searchParams;
  const standIn = typeof portalCode === 'string' && /^\w{3,80}$/.test(code) && findHelpPage(portalCode);
  return standIn ? { page: standIn, unlisted: code } : undefined;
}

export async function generateMetadata(props: Props): Promise<Metadata> {
  const found = await findPage(props);
  return { title: found ? `${found.page.code}: ${found.page.heading}` : 'Error not listed' };
}

export default async function ErrorPage(props: Props) {
  const found = await findPage(props);
  if (!found) notFound();
  const { page, unlisted } = found;
  const { code, heading, quote, where, cause, who, fix, test, sources } = page;
  const sections = [
    ['Sign', [quote && `“${quote}”`, where].filter(Boolean).join(' ')],
    ['Cause', cause],
    ['Who fixes it', who],
    ['What to do', fix],
    ['How to see that it is fixed', test],
  ] as const;
  return (
    <>
      <PageHeader
        title={heading}
        breadcrumbs={<Breadcrumbs crumbs={[{ label: 'Errors', href: ERRORS_PATH }]} />}
        description={
          <p>
            <code className="break-all font-mono text-ink text-small">{code}</code>
            {sources.length > 0 ? ` · a code of ${sources.join(' and ')}` : ' · a code of this portal'}
          </p>
        }
      />
      {unlisted ? (
        <p>
          Microsoft’s code <code className="break-all font-mono text-small">{unlisted}</code> has no page of
          its own. This is the class of failures that it belongs to.
        </p>
      ) : null}
      {sections.map(([title, text]) => (
        <Section key={title} title={title}>
          <p className="max-w-3xl">
            <MarkedText text={text} />
          </p>
        </Section>
      ))}
      <Related page={page} />
      <Section title="Another error">
        <ErrorSearch />
      </Section>
    </>
  );
}

/** From a class to Microsoft's codes in it, and from such a code to its class and to Microsoft's own page. */
function Related({ page: { portalCode, microsoftCodes, sources } }: { readonly page: HelpPage }) {
  const ofClass = portalCode && findHelpPage(portalCode);
  const members = microsoftCodes.flatMap((code) => findHelpPage(code) ?? []);
  return (
    <>
      {ofClass ? (
        <Section title="The class it belongs to" description="What it says holds for this code, too.">
          <PageList label="The class it belongs to" pages={[ofClass]} />
        </Section>
      ) : null}
      {members.length > 0 ? (
        <Section title="Microsoft’s codes of this class">
          <PageList label="Microsoft’s codes of this class" pages={members} text={({ cause }) => cause} />
        </Section>
      ) : null}
      {sources.length > 0 ? (
        <Section title="Microsoft’s documentation" description="These links leave the portal.">
          <ul className="flex flex-col gap-1">
            {sources.map((source) => (
              <li key={source}>
                <a href={LEARN[source]} rel="noreferrer" className="link">
                  Microsoft Learn: errors of {source}
                </a>
              </li>
            ))}
          </ul>
        </Section>
      ) : null}
    </>
  );
}

const LEARN: Readonly<Record<Source, string>> = {
  'Microsoft Entra ID': 'https://learn.microsoft.com/entra/identity-platform/reference-error-codes',
  'Microsoft Graph': 'https://learn.microsoft.com/graph/errors',
  Azure: 'https://learn.microsoft.com/azure/azure-resource-manager/troubleshooting/common-deployment-errors',
  MSAL: 'https://learn.microsoft.com/entra/msal/dotnet/advanced/exceptions/msal-error-handling',
};
