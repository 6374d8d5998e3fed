import {
  CircleAlert,
  CircleCheck,
  CircleDashed,
  CircleHelp,
  LoaderCircle,
  type LucideIcon,
} from 'lucide-react';
import type { ReactNode } from 'react';
import { formatDuration } from '../format.ts';
import { classNames } from './class-names.ts';
import { Elapsed } from './elapsed.tsx';

export type CheckState = 'waiting' | 'checking' | 'ok' | 'needs-you' | 'could-not-check';

export type CheckItem = {
  readonly id: string;
  /** What is checked, as a short statement: "Approval recorded at Microsoft". */
  readonly label: string;
  readonly state: CheckState;
  /** What was found, or what is awaited. */
  readonly detail?: ReactNode;
  /** How long it took, or has been taking until now. */
  readonly elapsedMs?: number;
  /** How long it usually takes, shown while it is checked: "usually 20 s". */
  readonly usually?: string;
};

const LOOK: Readonly<
  Record<CheckState, { readonly word: string; readonly icon: LucideIcon; readonly ink: string }>
> = {
  waiting: { word: 'Waiting', icon: CircleDashed, ink: 'text-muted' },
  checking: { word: 'Checking', icon: LoaderCircle, ink: 'text-info' },
  ok: { word: 'OK', icon: CircleCheck, ink: 'text-success' },
  'needs-you': { word: 'Needs you', icon: CircleAlert, ink: 'text-danger' },
  'could-not-check': { word: 'Could not check', icon: CircleHelp, ink: 'text-warning' },
};

/** The steps of something that goes on at the server, each with its state in words, its time and what was found. */
export function Checklist({
  label,
  items,
}: {
  readonly label: string;
  readonly items: readonly CheckItem[];
}) {
  return (
    <ol aria-label={label} className="flex flex-col rounded-card border border-line">
      {items.map(({ id, label: text, state, detail, elapsedMs, usually }) => {
        const { word, icon: Icon, ink } = LOOK[state];
        return (
          <li
            key={id}
            aria-current={state === 'checking' ? 'step' : undefined}
            className="flex gap-3 border-line border-b px-4 py-3 last:border-b-0"
          >
            <Icon
              aria-hidden
              className={classNames('mt-0.5 size-4 shrink-0', ink, state === 'checking' && 'animate-spin')}
            />
            <div className="flex min-w-0 flex-1 flex-col gap-1">
              <div className="flex flex-wrap items-baseline justify-between gap-x-4">
                <span className={state === 'waiting' ? 'text-muted' : 'font-medium'}>{text}</span>
                <span className="text-small">
                  <span className={ink}>{word}</span>
                  <span className="text-muted tabular-nums">
                    <Time state={state} elapsedMs={elapsedMs} />
                    {state === 'checking' && usually ? ` · ${usually}` : ''}
                  </span>
                </span>
              </div>
              {detail ? <div className="text-muted">{detail}</div> : null}
            </div>
          </li>
        );
      })}
    </ol>
  );
}

/** Goes on while the step is checked, and stands still when it is over. */
function Time({ state, elapsedMs }: Pick<CheckItem, 'state' | 'elapsedMs'>) {
  if (elapsedMs === undefined || state === 'waiting') return null;
  return (
    <>
      {' · '}
      {state === 'checking' ? <Elapsed elapsedMs={elapsedMs} /> : formatDuration(elapsedMs)}
    </>
  );
}
