import { type CheckItem, Checklist } from '#components/ui/checklist.tsx';
import { describeProblem } from '#lib/core/problem-text.ts';
import type { ChecklistLine } from '#lib/domain/consent/checklist.ts';

const WORTH_SAYING_MS = 1000;

/** The lines of a flow as the list that people see. */
export function FlowChecklist({
  label,
  lines,
}: {
  readonly label: string;
  readonly lines: readonly ChecklistLine[];
}) {
  const now = new Date();
  return <Checklist label={label} items={lines.map((line) => toItem(line, now))} />;
}

function toItem(
  { id, title, state, detail, problem, startedAt, endedAt, usually }: ChecklistLine,
  now: Date,
): CheckItem {
  const elapsedMs = startedAt ? (endedAt ?? now).getTime() - startedAt.getTime() : 0;
  return {
    id,
    label: title,
    state,
    detail: detail ?? (problem && describeProblem(problem).title),
    ...(elapsedMs >= WORTH_SAYING_MS && { elapsedMs }),
    ...(usually && { usually }),
  };
}
