import type { ReactNode } from 'react';
import { PageTitle } from './page-title.tsx';

/**
 * The head of a page: where one is, its title, a sentence or a status, and the primary action on the right.
 * The title takes the focus when one arrives by a link; `focusOnLoad` also after a redirect from elsewhere.
 */
export function PageHeader({
  title,
  breadcrumbs,
  status,
  description,
  actions,
  focusOnLoad = false,
}: {
  readonly title: string;
  readonly breadcrumbs?: ReactNode;
  /** A status badge beside the title. */
  readonly status?: ReactNode;
  readonly description?: ReactNode;
  readonly actions?: ReactNode;
  readonly focusOnLoad?: boolean;
}) {
  return (
    <header className="flex flex-col gap-2">
      {breadcrumbs}
      <div className="flex flex-wrap items-start justify-between gap-x-6 gap-y-3">
        <div className="flex min-w-0 flex-col gap-1">
          <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
            <PageTitle focusOnLoad={focusOnLoad}>{title}</PageTitle>
            {status}
          </div>
          {description ? <div className="max-w-3xl text-muted">{description}</div> : null}
        </div>
        {actions ? <div className="flex flex-wrap items-center gap-2">{actions}</div> : null}
      </div>
    </header>
  );
}
