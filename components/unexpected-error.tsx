'use client';

import { useEffect } from 'react';
import { Button } from './ui/button.tsx';
import { Callout } from './ui/callout.tsx';
import { CopyButton } from './ui/copy-button.tsx';

/** The digest that Next gave the failure in the server's log. */
function digestOf(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null || !('digest' in error)) return undefined;
  return typeof error.digest === 'string' ? error.digest : undefined;
}

/** What stands in the place of a page that failed unexpectedly. Shows the code of the log entry, never the error's text. */
export function UnexpectedError({ error, retry }: { readonly error: unknown; readonly retry: () => void }) {
  const digest = digestOf(error);
  useEffect(() => {
    // The server has logged its own failures; one of the browser is known here alone.
    if (!digest) console.error(error);
  }, [error, digest]);
  return (
    <>
      <h1 className="font-semibold text-title">This page could not be shown</h1>
      <Callout
        tone="danger"
        className="max-w-2xl"
        title="Something failed on our side"
        actions={<Button onClick={() => retry()}>Try again</Button>}
      >
        <p>
          Your data is safe. Try again in a moment; if it happens again, tell the operator of this portal
          {digest ? ' and give this code' : ''}.
        </p>
        {digest ? (
          <p className="flex items-center gap-1 text-caption text-muted">
            Code <code className="font-mono text-ink">{digest}</code>
            <CopyButton value={digest} label="Copy code" />
          </p>
        ) : null}
      </Callout>
    </>
  );
}
