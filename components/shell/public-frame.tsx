import type { ReactNode } from 'react';
import { Wordmark } from './logo.tsx';

/**
 * The frame of pages for people who are not at work in the portal yet: the wordmark and one column, narrow for what
 * asks for one thing, `wide` for what is read.
 */
export function PublicFrame({
  wide = false,
  headerLink,
  children,
}: {
  readonly wide?: boolean;
  /** On the right of the header. */
  readonly headerLink?: ReactNode;
  readonly children: ReactNode;
}) {
  return (
    <div className="flex min-h-dvh flex-col bg-sunken">
      <header className="flex h-16 shrink-0 items-center justify-between gap-4 px-5 sm:px-8">
        <Wordmark />
        {headerLink}
      </header>
      <main className={wide ? WIDE.main : NARROW.main}>
        <div className={wide ? WIDE.column : NARROW.column}>{children}</div>
      </main>
    </div>
  );
}

const NARROW = {
  main: 'flex flex-1 flex-col items-center px-4 pt-[8vh] pb-16',
  column:
    'flex w-full max-w-md flex-col gap-6 rounded-dialog border border-line bg-canvas p-6 shadow-control sm:p-8',
};
const WIDE = {
  main: 'flex flex-1 flex-col items-center px-4 pt-2 pb-16 sm:pt-6',
  column:
    'flex w-full max-w-4xl flex-col gap-8 rounded-dialog border border-line bg-canvas p-5 shadow-control sm:p-8',
};
