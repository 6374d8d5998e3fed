import { SearchX } from 'lucide-react';
import type { Metadata } from 'next';
import { formatQuantity } from '#components/format.ts';
import { EmptyState } from '#components/ui/empty-state.tsx';
import { PageHeader } from '#components/ui/page-header.tsx';
import { Section } from '#components/ui/section.tsx';
import { TextLink } from '#components/ui/text-link.tsx';
import { ERRORS_PATH } from '#lib/core/problem-help.ts';
import { HELP_PAGES, type Source } from '#lib/help/catalogue.ts';
import { searchHelp } from '#lib/help/search.ts';
import { ErrorSearch } from '../_components/error-search.tsx';
import { PageList } from '../_components/page-list.tsx';

type Props = {
  readonly searchParams: Promise<Readonly<Record<string, string | string[] | undefined>>>;
};

/** The search as a person typed it: a repeated parameter is none of ours. */
const queryOf = async ({ searchParams }: Props): Promise<string> => {
  const { q } = await searchParams;
  return typeof q === 'string' ? q.trim() : '';
};

export async function generateMetadata(props: Props): Promise<Metadata> {
  return { title: (await queryOf(props)) ? 'Errors found' : 'Errors' };
}

export default async function ErrorsPage(props: Props) {
  const query = await queryOf(props);
  return (
    <>
      <PageHeader
        title="Errors and what to do about them"
        description="Every code that this portal shows, its own and Microsoft’s: what it means, who can fix it, what to do, and how to see that it is fixed."
      />
      <ErrorSearch query={query} />
      {query === '' ? <AllErrors /> : <FoundErrors query={query} />}
    </>
  );
}

function FoundErrors({ query }: { readonly query: string }) {
  const pages = searchHelp(query);
  if (pages.length === 0) {
    return (
      <EmptyState icon={SearchX} title="No error matches">
        <p>
          Search for the code alone, or for one word of the message. Microsoft has more codes than are listed
          here; the portal explains those by their class. <TextLink href={ERRORS_PATH}>All errors</TextLink>
        </p>
      </EmptyState>
    );
  }
  return (
    <Section
      title={`${formatQuantity(pages.length, 'error')} found`}
      actions={<TextLink href={ERRORS_PATH}>All errors</TextLink>}
    >
      <PageList label="Errors found" pages={pages} text={({ heading, cause }) => `${heading}. ${cause}`} />
    </Section>
  );
}

const SOURCES: readonly Source[] = ['Microsoft Entra ID', 'Microsoft Graph', 'Azure', 'MSAL'];

function AllErrors() {
  return (
    <>
      <Section title="This portal’s codes" description="Each failure belongs to one of these classes.">
        <PageList label="This portal’s codes" pages={HELP_PAGES.filter(({ portalCode }) => !portalCode)} />
      </Section>
      {SOURCES.map((source) => (
        <Section key={source} title={`Codes of ${source}`}>
          <ul aria-label={`Codes of ${source}`} className="flex flex-wrap gap-x-5 gap-y-2">
            {HELP_PAGES.filter(({ sources }) => sources.includes(source)).map(({ code }) => (
              <li key={code}>
                <TextLink href={`${ERRORS_PATH}/${code}`} className="break-all font-mono text-small">
                  {code}
                </TextLink>
              </li>
            ))}
          </ul>
        </Section>
      ))}
    </>
  );
}
