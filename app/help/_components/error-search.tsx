import { Button } from '#components/ui/button.tsx';
import { SearchField } from '#components/ui/search-field.tsx';
import { ERRORS_PATH } from '#lib/core/problem-help.ts';

/** Searches the errors. A plain form: it works before any script has run. */
export function ErrorSearch({ query = '' }: { readonly query?: string }) {
  return (
    <search>
      <form action={ERRORS_PATH} aria-label="Search errors" className="flex flex-wrap gap-2">
        <SearchField
          label="Code, number or words"
          defaultValue={query}
          placeholder="AADSTS50020, wrong-account, expired secret …"
          maxLength={2000}
          className="min-w-0 flex-1"
        />
        <Button type="submit" variant="primary">
          Search
        </Button>
      </form>
    </search>
  );
}
