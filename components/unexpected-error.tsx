'use client';

import { useEffect } from 'react';
import { buttonClass } from './ui/button-class.ts';

/** The digest that Next gave the failure in the server's log. */
function digestOf(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null || !('digest' in error)) return undefined;
  return typeof error.digest === 'string' ? error.digest : undefined;
}

/**
 * What stands in the place of a page that failed unexpectedly. Shows the code of the log entry, never the error's
 * text. Every page loads it, so it is made of little.
 */
export function UnexpectedError({ error, retry }: { readonly error: unknown; readonly retry: () => void }) {
  const digest = digestOf(error);
  useEffect(() => {
    // The server has logged its own failures; one of the browser is known here alone.
    if (!digest) console.error(error);
  }, [error, digest]);
  return (
    <div role="alert" className="flex max-w-2xl flex-col items-start gap-4">
      <div className="flex flex-col gap-1">
        <h1 className="font-semibold text-title">This page could not be shown</h1>
        <p className="text-muted">
          Something failed on our side. Try again in a moment; if it happens again, tell the operator of this
          portal{digest ? ' and give this code' : ''}.
        </p>
      </div>
      {digest ? (
        <p className="text-muted">
          Code <code className="select-all font-mono text-ink text-small">{digest}</code>
        </p>
      ) : null}
      <button type="button" onClick={() => retry()} className={buttonClass('primary')}>
        Try again
      </button>
    </div>
  );
}
