import { useEffect, useState } from 'react';
import type { ProblemText } from '#lib/core/problem-text.ts';
import type { TenantKind } from '#lib/domain/tenants/model.ts';
import type { ResolvedTenant } from '#lib/domain/tenants/resolve.ts';

/** So long after the last key: shorter asks for half a domain, longer feels slow. */
const PAUSE_MS = 350;

/** Longer than Microsoft usually takes: then the page says that nobody has to wait. */
const SLOW_MS = 2_000;

/** What looks like a whole domain or a tenant ID; anything shorter is still being typed. */
const WHOLE = /^\S*[^\s.]\.[^\s.]{2,}\S*$|^\s*[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\s*$/i;

/** Why the tenant cannot be added, in words. */
export type Refusals = Readonly<Partial<Record<TenantKind, ProblemText>>>;

export type Lookup =
  | { readonly state: 'idle' }
  | { readonly state: 'busy'; readonly isSlow: boolean }
  | { readonly state: 'found'; readonly tenant: ResolvedTenant; readonly refusals: Refusals }
  /** There is no such tenant; the suggestions exist. */
  | {
      readonly state: 'unknown';
      readonly title: string;
      readonly detail: string;
      readonly suggestions: readonly string[];
    }
  /** Microsoft, or the portal, could not be asked. */
  | { readonly state: 'unavailable'; readonly title: string; readonly detail: string };

const IDLE: Lookup = { state: 'idle' };

/** What is known about the tenant that is being typed; `isMeant` once the field has been left, whatever is in it. */
export function useTenantLookup(reference: string, isMeant: boolean): Lookup {
  const [lookup, setLookup] = useState(IDLE);
  const isWhole = WHOLE.test(reference) || (isMeant && reference.trim() !== '');
  useEffect(() => {
    if (!isWhole) {
      setLookup(IDLE);
      return;
    }
    const controller = new AbortController();
    const timers = [
      setTimeout(async () => {
        setLookup({ state: 'busy', isSlow: false });
        const found = await resolve(reference, controller.signal);
        if (!controller.signal.aborted) setLookup(found);
      }, PAUSE_MS),
      setTimeout(
        () => setLookup((now) => (now.state === 'busy' ? { state: 'busy', isSlow: true } : now)),
        PAUSE_MS + SLOW_MS,
      ),
    ];
    return () => {
      timers.forEach(clearTimeout);
      controller.abort();
    };
  }, [reference, isWhole]);
  return lookup;
}

/** The answers are our own route's. A lost connection is no news here: the button will say it. */
async function resolve(reference: string, signal: AbortSignal): Promise<Lookup> {
  try {
    const query = new URLSearchParams({ tenant: reference });
    const response = await fetch(`/api/consent/resolve?${query}`, { signal });
    const body = await response.json();
    if (body.tenant) return { state: 'found', tenant: body.tenant, refusals: body.refusals };
    const { title, detail } = body;
    if (body.suggestions) return { state: 'unknown', title, detail, suggestions: body.suggestions };
    return { state: 'unavailable', title, detail };
  } catch {
    return IDLE;
  }
}
