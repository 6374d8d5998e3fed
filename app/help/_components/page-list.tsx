import { TextLink } from '#components/ui/text-link.tsx';
import { ERRORS_PATH } from '#lib/core/problem-help.ts';
import type { HelpPage } from '#lib/help/catalogue.ts';
import { MarkedText } from './marked-text.tsx';

/** Codes with what they mean, each a link to its page. `text` says what stands beside a code: its heading. */
export function PageList({
  label,
  pages,
  text = ({ heading }) => heading,
}: {
  readonly label: string;
  readonly pages: readonly HelpPage[];
  readonly text?: (page: HelpPage) => string;
}) {
  return (
    <ul aria-label={label} className="flex flex-col divide-y divide-line border-line border-y">
      {pages.map((page) => (
        <li key={page.code} className="flex flex-col gap-x-4 py-2 sm:flex-row sm:items-baseline">
          <TextLink
            href={`${ERRORS_PATH}/${page.code}`}
            className="shrink-0 self-start break-all font-mono text-small sm:w-72"
          >
            {page.code}
          </TextLink>
          <span className="min-w-0">
            <MarkedText text={text(page)} />
          </span>
        </li>
      ))}
    </ul>
  );
}
