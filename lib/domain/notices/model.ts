/** How many days ahead people are told of an end, the earliest first. */
export const DAYS_BEFORE = [60, 30, 14, 7, 1] as const;

const DAY_MS = 86_400_000;

/** Whole days that are left, rounded up; 0 or less once it has happened. */
export const daysLeft = (happensAt: Date, now: Date): number =>
  Math.ceil((happensAt.getTime() - now.getTime()) / DAY_MS);

/**
 * Which of the notices is due: the latest whose day has come. Undefined before the first one. Who hears of something
 * late, or after it has happened, gets the latest notice and none of those before it.
 */
export const dueNotice = (happensAt: Date, now: Date): (typeof DAYS_BEFORE)[number] | undefined =>
  DAYS_BEFORE.findLast((days) => happensAt.getTime() - now.getTime() <= days * DAY_MS);
