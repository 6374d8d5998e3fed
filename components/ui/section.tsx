import { type ReactNode, useId } from 'react';

/** A part of a page under a heading of its own, with its actions on the right. Named by its heading. */
export function Section({
  title,
  description,
  actions,
  children,
}: {
  readonly title: string;
  readonly description?: ReactNode;
  readonly actions?: ReactNode;
  readonly children: ReactNode;
}) {
  const id = useId();
  return (
    <section aria-labelledby={id} className="flex flex-col gap-3">
      <div className="flex flex-wrap items-end justify-between gap-x-4 gap-y-2">
        <div className="flex flex-col gap-0.5">
          <h2 id={id} className="font-semibold text-lead">
            {title}
          </h2>
          {description ? <div className="text-muted">{description}</div> : null}
        </div>
        {actions ? <div className="flex flex-wrap items-center gap-2">{actions}</div> : null}
      </div>
      {children}
    </section>
  );
}

/** A quiet box for what belongs together. Never inside another one. */
export function Card({ children }: { readonly children: ReactNode }) {
  return <div className="flex flex-col gap-3 rounded-card border border-line p-4 sm:p-5">{children}</div>;
}
