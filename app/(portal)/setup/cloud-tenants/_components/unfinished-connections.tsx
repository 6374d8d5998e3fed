import { CircleAlert, CircleDashed, LoaderCircle } from 'lucide-react';
import { Callout } from '#components/ui/callout.tsx';
import { Section } from '#components/ui/section.tsx';
import { StatusBadge, type StatusBadgeProps } from '#components/ui/status-badge.tsx';
import { TextLink } from '#components/ui/text-link.tsx';
import { RelativeTime } from '#components/ui/time.tsx';
import { describeProblem } from '#lib/core/problem-text.ts';
import type { UnfinishedFlow } from '#lib/domain/consent/unfinished.ts';
import { KIND_LABEL } from '#lib/domain/tenants/model.ts';
import { flowPath } from '../paths.ts';

type Flows = { readonly flows: readonly UnfinishedFlow[] };

const LOOK: Readonly<Record<UnfinishedFlow['state'], StatusBadgeProps>> = {
  redirected: { tone: 'info', icon: CircleDashed, word: 'At Microsoft' },
  working: { tone: 'info', icon: LoaderCircle, word: 'In progress', busy: true },
  failed: { tone: 'warning', icon: CircleAlert, word: 'Not connected' },
};

/** What was begun and has not become a tenant: each leads to its page, which says what is missing. */
export function UnfinishedConnections({ flows }: Flows) {
  if (flows.length === 0) return null;
  return (
    <Section title="Not finished" description="Begun in the last 24 hours and not connected.">
      <ul className="divide-y divide-line rounded-card border border-line">
        {flows.map(({ flowId, name, kind, state, problem, startedAt }) => (
          <li key={flowId} className="flex flex-wrap items-center gap-x-4 gap-y-1 px-4 py-3">
            <StatusBadge {...LOOK[state]} />
            <TextLink href={flowPath(flowId)} className="break-words font-medium">
              {name}
            </TextLink>
            <span className="text-muted text-small">
              {KIND_LABEL[kind]}, started <RelativeTime value={startedAt} />
            </span>
            {problem ? (
              <span className="basis-full text-muted text-small">{describeProblem(problem).title}</span>
            ) : null}
          </li>
        ))}
      </ul>
    </Section>
  );
}

/** For whoever came back from Microsoft's page by the back button: the form before it is not where to go on. */
export function NotBackYet({ flows }: Flows) {
  const away = flows.filter(({ state }) => state === 'redirected');
  if (away.length === 0) return null;
  return (
    <Callout tone="info" title="A connection waits for you">
      <ul className="flex flex-col gap-1">
        {away.map(({ flowId, name, kind, startedAt }) => (
          <li key={flowId}>
            <TextLink href={flowPath(flowId)}>Continue with {name}</TextLink>{' '}
            <span className="text-muted">
              ({KIND_LABEL[kind]}, left for Microsoft <RelativeTime value={startedAt} />)
            </span>
          </li>
        ))}
      </ul>
    </Callout>
  );
}
