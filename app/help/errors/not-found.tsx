import { PageHeader } from '#components/ui/page-header.tsx';
import { TextLink } from '#components/ui/text-link.tsx';
import { ERRORS_PATH } from '#lib/core/problem-help.ts';
import { ErrorSearch } from '../_components/error-search.tsx';

/** No page has the code of the address. */
export default function ErrorNotFoundPage() {
  return (
    <>
      <PageHeader
        title="This error is not listed"
        description="No page has the code in this address. Microsoft has more codes than are listed here; search for the number or for a word of the message."
      />
      <ErrorSearch />
      <p>
        <TextLink href={ERRORS_PATH}>All errors</TextLink>
      </p>
    </>
  );
}
