import { ChevronRight } from 'lucide-react';
import Link from 'next/link';

export type Crumb = { readonly label: string; readonly href: string };

/** The way from the top to this page; the page itself is its title, not a crumb. */
export function Breadcrumbs({ crumbs }: { readonly crumbs: readonly Crumb[] }) {
  return (
    <nav aria-label="Breadcrumb">
      <ol className="flex flex-wrap items-center gap-1 text-muted text-small">
        {crumbs.map(({ label, href }) => (
          <li key={href} className="flex items-center gap-1">
            <Link href={href} prefetch={false} className="rounded-small hover:text-ink hover:underline">
              {label}
            </Link>
            <ChevronRight aria-hidden className="size-3.5" />
          </li>
        ))}
      </ol>
    </nav>
  );
}
