'use client';

import { useEffect, useState } from 'react';

/** What `/api/health` says about the portal; `unreachable` when it says nothing. */
export type PortalState = 'working' | 'database-unavailable' | 'unreachable';

const ASK_EVERY_MS = 5_000;
/** Longer than the portal itself waits for its database. */
const ANSWER_MS = 8_000;

/**
 * Reads the answer of `/api/health`. A worker that is missing makes it 503, too, but no page fails because of that;
 * what is no such answer comes from something in between.
 */
export function portalStateOf(health: unknown): PortalState {
  if (typeof health !== 'object' || health === null || !('database' in health)) return 'unreachable';
  return health.database === 'ok' ? 'working' : 'database-unavailable';
}

async function askHealth(): Promise<PortalState> {
  try {
    const answer = await fetch('/api/health', { cache: 'no-store', signal: AbortSignal.timeout(ANSWER_MS) });
    return portalStateOf(await answer.json());
  } catch {
    return 'unreachable';
  }
}

/**
 * Why a page may have failed, for as long as it stands there: asked at once and, while the portal does not work, again
 * and again. Once it works after it had not, the page is loaded anew. Undefined until the first answer.
 */
export function usePortalState(): PortalState | undefined {
  const [state, setState] = useState<PortalState>();
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    let isGone = false;
    let hasFailed = false;
    const ask = async () => {
      const answer = await askHealth();
      if (isGone) return;
      if (answer === 'working' && hasFailed) return location.reload();
      setState(answer);
      if (answer === 'working') return;
      hasFailed = true;
      timer = setTimeout(ask, ASK_EVERY_MS);
    };
    void ask();
    return () => {
      isGone = true;
      clearTimeout(timer);
    };
  }, []);
  return state;
}
