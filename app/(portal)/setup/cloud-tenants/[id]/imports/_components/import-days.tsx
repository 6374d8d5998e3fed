import { formatQuantity } from '#components/format.ts';
import { type DayLook, DayStrip, dayWords } from '#components/ui/day-strip.tsx';
import { TextLink } from '#components/ui/text-link.tsx';
import type { TenantId } from '#lib/core/ids.ts';
import type { ImportDay } from '#lib/domain/imports/days.ts';
import { importPath } from '../../../paths.ts';

const LOOK: Readonly<Record<ImportDay['state'], { readonly look: DayLook; readonly word: string }>> = {
  completed: { look: 'good', word: 'completed' },
  partial: { look: 'some', word: 'partial' },
  failed: { look: 'bad', word: 'failed' },
  cancelled: { look: 'gap', word: 'cancelled' },
  running: { look: 'busy', word: 'running' },
  none: { look: 'gap', word: 'no import' },
  before: { look: 'off', word: 'not connected yet' },
};

/** In words below the strip; all of them are in the history. */
const DAYS_NAMED = 5;

const isMissed = ({ state }: ImportDay): boolean => state === 'partial' || state === 'failed';

/** What became of the imports of each day, and which days somebody should look at. */
export function ImportDays({
  tenantId,
  days,
}: {
  readonly tenantId: TenantId;
  readonly days: readonly ImportDay[];
}) {
  const count = (...states: readonly ImportDay['state'][]) =>
    days.filter(({ state }) => states.includes(state)).length;
  const missed = days.filter(isMissed).toReversed();
  return (
    <div className="flex flex-col gap-2">
      <DayStrip
        label="Days of imports"
        days={days.map((day) => ({
          day: day.day,
          ...LOOK[day.state],
          ...(isMissed(day) && day.runId && { href: importPath(tenantId, day.runId) }),
        }))}
      />
      <ul aria-label="Days by result" className="flex flex-wrap gap-x-5 gap-y-1 text-muted text-small">
        <Legend look="good" text={`${formatQuantity(count('completed'), 'day')} completed`} />
        <Legend look="some" text={`${count('partial')} partial`} />
        <Legend look="bad" text={`${count('failed')} failed`} />
        <Legend look="gap" text={`${count('none', 'cancelled')} without an import`} />
      </ul>
      {missed.length > 0 ? (
        <p className="text-muted text-small">
          To look at:{' '}
          {missed.slice(0, DAYS_NAMED).map(({ day, state, runId }, index) => (
            <span key={day}>
              {index > 0 ? ', ' : ''}
              {runId ? (
                <TextLink href={importPath(tenantId, runId)}>{dayWords(day)}</TextLink>
              ) : (
                dayWords(day)
              )}{' '}
              ({LOOK[state].word})
            </span>
          ))}
          {missed.length > DAYS_NAMED ? ` and ${missed.length - DAYS_NAMED} more` : ''}. Days are in UTC.
        </p>
      ) : null}
    </div>
  );
}

function Legend({ look, text }: { readonly look: DayLook; readonly text: string }) {
  return (
    <li className="flex items-center gap-2">
      <i aria-hidden className={`day ${look}`} />
      {text}
    </li>
  );
}
