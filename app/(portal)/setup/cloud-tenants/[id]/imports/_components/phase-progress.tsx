import { Circle, CircleAlert, CircleCheck, CircleDashed, CircleSlash, LoaderCircle } from 'lucide-react';
import { classNames } from '#components/ui/class-names.ts';
import { ProgressBar } from '#components/ui/progress-bar.tsx';
import type { PhaseRecord, RunProgress } from '#lib/domain/imports/model.ts';
import {
  countOfPhase,
  METHOD_LABEL,
  PHASE_LABEL,
  paceOf,
  STATE_LABEL,
  timesThrottled,
} from './phase-words.ts';

const ICON = {
  waiting: { icon: Circle, ink: 'text-muted' },
  running: { icon: LoaderCircle, ink: 'text-info animate-spin' },
  completed: { icon: CircleCheck, ink: 'text-success' },
  partial: { icon: CircleDashed, ink: 'text-warning' },
  failed: { icon: CircleAlert, ink: 'text-danger' },
  skipped: { icon: CircleSlash, ink: 'text-muted' },
} as const;

/** Each part of a running import: what is done, how fast, and what is still to come. */
export function PhaseProgress({
  phases,
  progress,
}: {
  readonly phases: readonly PhaseRecord[];
  readonly progress: RunProgress;
}) {
  return (
    <ul aria-label="Parts of the import" className="flex flex-col gap-3">
      {phases.map((phase) => (
        <PhaseRow
          key={phase.phase}
          phase={phase}
          pace={phase.state === 'running' && phase.phase === progress.phase ? paceOf(progress) : ''}
          isCurrent={phase.phase === progress.phase}
        />
      ))}
    </ul>
  );
}

function PhaseRow({
  phase,
  pace,
  isCurrent,
}: {
  readonly phase: PhaseRecord;
  readonly pace: string;
  /** Its bar is the one that says how far the import is. */
  readonly isCurrent: boolean;
}) {
  const { state, received, expected, method, throttled } = phase;
  const { icon: Icon, ink } = ICON[state];
  const name = PHASE_LABEL[phase.phase];
  const isBegun = state !== 'waiting';
  const isDone = state === 'completed';
  const words = isBegun
    ? [
        isDone || received > 0 || state === 'running' ? countOfPhase(phase) : undefined,
        pace,
        method && `${METHOD_LABEL[method].toLowerCase()} read`,
        timesThrottled(throttled),
      ]
    : [];
  const whole = isDone ? received : (expected ?? undefined);
  return (
    <li className="flex flex-col gap-1.5">
      <div className="flex flex-wrap items-baseline justify-between gap-x-6 gap-y-0.5">
        <p className={classNames('flex items-center gap-2', isBegun ? 'font-medium' : 'text-muted')}>
          <Icon aria-hidden className={classNames('size-4 shrink-0', ink)} />
          {name}
          {state === 'running' ? null : (
            <span className="font-normal text-caption text-muted">{STATE_LABEL[state]}</span>
          )}
        </p>
        <p className="text-muted text-small tabular-nums">{words.filter(Boolean).join(' · ')}</p>
      </div>
      {phase.methodReason ? <p className="text-caption text-muted">{phase.methodReason}</p> : null}
      {isBegun ? (
        <ProgressBar
          label={isCurrent ? 'Import in progress' : name}
          value={whole ? received : isDone ? 1 : undefined}
          max={whole || 1}
          valueText={`${name}: ${countOfPhase(phase)}`}
        />
      ) : null}
    </li>
  );
}
