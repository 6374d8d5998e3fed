import { filledWith, type Html, html } from './html.ts';

/** `good`, `some`, `bad`: how it went. `gap`: nothing happened though it should have. `busy`: it goes on. `off`: not yet. */
export type DayLook = 'good' | 'some' | 'bad' | 'gap' | 'busy' | 'off';

export type StripDay = {
  /** Such as 2026-11-21. */
  readonly day: string;
  readonly look: DayLook;
  /** The state in a word or two, as it follows the day. */
  readonly word: string;
  /** Where more is said about the day. */
  readonly href?: string;
};

const MONTH = new Intl.DateTimeFormat('en-GB', { month: 'short', timeZone: 'UTC' });
const DAY = new Intl.DateTimeFormat('en-GB', {
  day: 'numeric',
  month: 'short',
  year: 'numeric',
  timeZone: 'UTC',
});
const WEEKDAY = new Intl.DateTimeFormat('en-GB', { weekday: 'short', timeZone: 'UTC' });

/** A day in words: `21 Nov 2026`. */
export const dayWords = (day: string): string => DAY.format(new Date(day));

const DAYS_A_WEEK = 7;

/**
 * Days as small squares, a column a week, the newest at the right end, which is in sight first. A screen reader hears
 * a sentence for each week; whoever works by keyboard scrolls it, and finds what matters in words beside it.
 */
export function DayStrip({
  label,
  days,
}: {
  /** What the strip is about. */
  readonly label: string;
  /** Oldest first, beginning with a Monday. */
  readonly days: readonly StripDay[];
}) {
  const weeks = Array.from({ length: Math.ceil(days.length / DAYS_A_WEEK) }, (_, index) =>
    days.slice(index * DAYS_A_WEEK, (index + 1) * DAYS_A_WEEK),
  );
  return (
    <section
      aria-label={label}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard.
      tabIndex={0}
      // From right to left, so that it is scrolled to its end from the start, without a script.
      dir="rtl"
      className="overflow-x-auto rounded-small"
    >
      <ol dir="ltr" className="day-strip" {...filledWith(weeks.map(weekOf))} />
    </section>
  );
}

function weekOf(week: readonly StripDay[], index: number, weeks: readonly (readonly StripDay[])[]): Html {
  const month = monthOf(week);
  const isNew = index > 0 && month !== monthOf(weeks[index - 1]);
  return html`<li>${isNew && html`<b aria-hidden="true">${month}</b>`}<span class="sr-only">${sentenceOf(week)}</span>${week.map(cellOf)}</li>`;
}

const monthOf = (week: readonly StripDay[] | undefined): string =>
  week?.[0] ? MONTH.format(new Date(week[0].day)) : '';

/** The pointer's way to a day: by keyboard it is reached elsewhere, not in hundreds of steps. */
const cellOf = ({ day, look, word, href }: StripDay): Html =>
  href
    ? html`<a aria-hidden="true" tabindex="-1" href="${href}" class="day ${look}" title="${dayWords(day)}: ${word}"></a>`
    : html`<i aria-hidden="true" class="day ${look}" title="${dayWords(day)}: ${word}"></i>`;

/** "Week of 16 Nov 2026: completed; Fri failed." */
function sentenceOf(week: readonly StripDay[]): string {
  const [first] = week;
  if (!first) return '';
  const words = [...new Set(week.map(({ word }) => word))];
  const text =
    words.length === 1
      ? first.word
      : week.map(({ day, word }) => `${WEEKDAY.format(new Date(day))} ${word}`).join(', ');
  return `Week of ${dayWords(first.day)}: ${text}.`;
}
