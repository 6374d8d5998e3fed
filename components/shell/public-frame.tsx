import type { ReactNode } from 'react';
import { Wordmark } from './logo.tsx';

/** The frame of pages for people who are not at work in the portal yet: the wordmark and one narrow column. */
export function PublicFrame({ children }: { readonly children: ReactNode }) {
  return (
    <div className="flex min-h-dvh flex-col bg-sunken">
      <header className="flex h-16 shrink-0 items-center px-5 sm:px-8">
        <Wordmark />
      </header>
      <main className="flex flex-1 flex-col items-center px-4 pt-[8vh] pb-16">
        <div className="flex w-full max-w-md flex-col gap-6 rounded-dialog border border-line bg-canvas p-6 shadow-control sm:p-8">
          {children}
        </div>
      </main>
    </div>
  );
}
