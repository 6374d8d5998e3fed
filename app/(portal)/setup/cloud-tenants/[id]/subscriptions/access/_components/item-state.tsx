import { CircleAlert, CircleCheck, CircleDashed, CirclePause, LoaderCircle, Replace } from 'lucide-react';
import { ProblemDetails, traceOf } from '#components/problem-words.tsx';
import { classNames } from '#components/ui/class-names.ts';
import { StatusBadge, type StatusBadgeProps } from '#components/ui/status-badge.tsx';
import { AbsoluteTime } from '#components/ui/time.tsx';
import { describeProblem } from '#lib/core/problem-text.ts';
import type { ChangeItemView, ItemState } from '#lib/domain/access-changes/queries.ts';
import { leftOverWords, STATE_WORD } from '../words.ts';

const LOOK: Readonly<Record<ItemState, Omit<StatusBadgeProps, 'word'>>> = {
  planned: { tone: 'neutral', icon: CircleDashed },
  working: { tone: 'info', icon: LoaderCircle, busy: true },
  interrupted: { tone: 'warning', icon: CirclePause },
  done: { tone: 'success', icon: CircleCheck },
  failed: { tone: 'danger', icon: CircleAlert },
  replaced: { tone: 'neutral', icon: Replace },
};

/** How far one subscription is, what went wrong in words, and what is left of it. */
export function ItemStateCell({ item }: { readonly item: ChangeItemView }) {
  const { state, problem, verifiedAt } = item;
  const words = problem && describeProblem(problem);
  const leftOver = leftOverWords(item);
  return (
    <div
      className={classNames(
        'flex max-w-md flex-col items-start gap-1 whitespace-normal',
        problem && 'min-w-64',
      )}
    >
      <StatusBadge {...LOOK[state]} word={STATE_WORD[state]} />
      {state === 'done' && verifiedAt ? (
        <span className="text-caption text-muted">
          Verified by reading its roles, <AbsoluteTime value={verifiedAt} />
        </span>
      ) : null}
      {state === 'replaced' ? (
        <span className="text-caption text-muted">A later change of this subscription took its place.</span>
      ) : null}
      {words ? (
        <>
          <span>{words.title}</span>
          <span className="text-muted text-small">
            {words.action} ({words.who})
          </span>
        </>
      ) : null}
      {leftOver && state !== 'working' ? <span className="font-medium text-small">{leftOver}</span> : null}
      {problem ? <ProblemDetails code={problem.code} trace={traceOf(problem)} /> : null}
    </div>
  );
}
