'use client';

import { type ReactNode, useEffect, useState } from 'react';
import { ERRORS_PATH } from '#lib/core/problem-help.ts';
import { type PortalState, usePortalState } from './portal-state.ts';
import { buttonClass } from './ui/button-class.ts';
import { CopyButton } from './ui/copy-button.tsx';

/** The digest that Next gave the failure in the server's log. */
function digestOf(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null || !('digest' in error)) return undefined;
  return typeof error.digest === 'string' ? error.digest : undefined;
}

/** In the words of the help pages: what happened, and what somebody can do about it. */
const WORDS: Readonly<Record<PortalState, { title: string; action: ReactNode; help: string }>> = {
  working: {
    title: 'This page could not be shown',
    action:
      'Something failed on our side. Try again in a moment; if it happens again, tell the operator of this portal and give the details below.',
    help: 'unexpected',
  },
  'database-unavailable': {
    title: 'The portal’s database does not answer',
    action:
      'Nothing that was stored is lost by that. This page comes back by itself as soon as the database answers. If it takes longer than a few minutes, tell the operator of this portal.',
    help: 'database-unavailable',
  },
  unreachable: {
    title: 'The portal does not answer',
    action:
      'Your connection is interrupted, or the portal is being started again. This page comes back by itself as soon as the portal answers. If it takes longer than a few minutes, tell the operator of this portal.',
    help: 'unexpected',
  },
};

/**
 * What stands in the place of a page that failed unexpectedly: whether the database is to blame, the code of the log
 * entry, never the error's text. Every page loads it, so it is made of little.
 */
export function UnexpectedError({ error, retry }: { readonly error: unknown; readonly retry: () => void }) {
  const digest = digestOf(error);
  const state = usePortalState() ?? 'working';
  const [failure, setFailure] = useState<{ time: string; path: string }>();
  useEffect(() => {
    setFailure({ time: new Date().toISOString(), path: location.pathname });
    // The server has logged its own failures; one of the browser is known here alone.
    if (!digest) console.error(error);
  }, [error, digest]);
  const { title, action, help } = WORDS[state];
  const lines = [
    ['Code', digest],
    ['Time', failure?.time],
    ['Page', failure?.path],
  ].filter(([, value]) => value);
  return (
    <div role="alert" className="flex max-w-2xl flex-col items-start gap-4">
      <div className="flex flex-col gap-1">
        <h1 className="font-semibold text-title">{title}</h1>
        <p className="text-muted">{action}</p>
        <p className="text-muted">
          Who can fix this: <span className="text-ink">The operator of this portal</span>
        </p>
      </div>
      <dl className="flex flex-wrap gap-x-6 gap-y-1 text-caption text-muted">
        {lines.map(([label, value]) => (
          <div key={label} className="flex gap-1.5">
            <dt>{label}</dt>
            <dd className="select-all break-all font-mono text-ink">{value}</dd>
          </div>
        ))}
      </dl>
      <div className="flex flex-wrap items-center gap-3">
        <button type="button" onClick={() => retry()} className={buttonClass('primary')}>
          Try again
        </button>
        <CopyButton
          value={[['Error', help], ...lines].map(([label, value]) => `${label}: ${value}`).join('\n')}
          label="Copy details"
          variant="secondary"
          size="medium"
        >
          Copy details
        </CopyButton>
        {/* A whole new page: what runs here has failed. */}
        <a href={`${ERRORS_PATH}/${help}`} className="link">
          About this error
        </a>
      </div>
    </div>
  );
}
