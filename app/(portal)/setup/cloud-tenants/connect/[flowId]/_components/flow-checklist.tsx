import { type CheckItem, Checklist } from '#components/ui/checklist.tsx';
import { describeProblem } from '#lib/core/problem-text.ts';
import type { ChecklistLine } from '#lib/domain/consent/checklist.ts';

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
  return {
    id,
    label: title,
    state,
    detail: detail ?? (problem && describeProblem(problem).title),
    ...(startedAt && { elapsedMs: (endedAt ?? now).getTime() - startedAt.getTime() }),
    ...(usually && { usually }),
  };
}
