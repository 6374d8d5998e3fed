const COUNT = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });
const PERCENT = new Intl.NumberFormat('en-US', { style: 'percent', maximumFractionDigits: 1 });

/** A whole number with thousands separators: `84,310`. */
export const formatCount = (count: number): string => COUNT.format(count);

/** A count with its noun: `1 user`, `1,204 users`. */
export const formatQuantity = (count: number, one: string, many = `${one}s`): string =>
  `${formatCount(count)} ${count === 1 ? one : many}`;

/**
 * A share in percent with at most one decimal: `87.5%`. Undefined for a whole of 0, which has no shares. Never
 * rounds to 100% what is not whole, nor to 0% what is not nothing.
 */
export function formatShare(part: number, whole: number): string | undefined {
  if (whole <= 0) return undefined;
  const share = part / whole;
  if (share < 1 && share >= 0.9995) return '>99.9%';
  if (share > 0 && share < 0.0005) return '<0.1%';
  return PERCENT.format(share);
}

/** A span of time with its two largest units: `4 s`, `1 min 12 s`, `2 h 5 min`, `3 d 4 h`. */
export function formatDuration(durationMs: number): string {
  const seconds = Math.max(0, Math.round(durationMs / 1000));
  const units = [
    ['d', Math.floor(seconds / 86_400)],
    ['h', Math.floor(seconds / 3600) % 24],
    ['min', Math.floor(seconds / 60) % 60],
    ['s', seconds % 60],
  ] as const;
  const largest = units.findIndex(([, amount]) => amount > 0);
  if (largest < 0) return '0 s';
  return units
    .slice(largest, largest + 2)
    .filter(([, amount]) => amount > 0)
    .map(([unit, amount]) => `${amount} ${unit}`)
    .join(' ');
}

const instantFormat = (timeZone?: string) =>
  new Intl.DateTimeFormat('en-GB', {
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    timeZone,
    timeZoneName: 'short',
  });

const dayFormat = (timeZone?: string) =>
  new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', year: 'numeric', timeZone });

// Made once for what the server writes: to make one costs a hundred times as much as to use it.
const INSTANT_UTC = instantFormat('UTC');
const DAY_UTC = dayFormat('UTC');

/** An instant with date, time and zone: `21 Nov 2026, 05:17 UTC`. Without `timeZone` in that of the device. */
export const formatInstant = (instant: Date, timeZone?: string): string =>
  (timeZone === 'UTC' ? INSTANT_UTC : instantFormat(timeZone)).format(instant);

/** A day: `21 Nov 2026`. Without `timeZone` in that of the device. */
export const formatDay = (instant: Date, timeZone?: string): string =>
  (timeZone === 'UTC' ? DAY_UTC : dayFormat(timeZone)).format(instant);

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** How long ago, or ahead, in one unit: `just now`, `3 min ago`, `in 2 h`; from 30 days on the day itself. */
export function formatRelative(instant: Date, now: Date, timeZone?: string): string {
  const ageMs = now.getTime() - instant.getTime();
  const distance = Math.abs(ageMs);
  if (distance < 45 * SECOND) return 'just now';
  if (distance >= 30 * DAY) return formatDay(instant, timeZone);
  const amount =
    distance < HOUR - 30 * SECOND
      ? `${Math.max(1, Math.round(distance / MINUTE))} min`
      : distance < DAY - HOUR / 2
        ? `${Math.max(1, Math.round(distance / HOUR))} h`
        : formatDays(Math.max(1, Math.round(distance / DAY)));
  return ageMs >= 0 ? `${amount} ago` : `in ${amount}`;
}

const formatDays = (days: number): string => (days === 1 ? '1 day' : `${days} days`);
