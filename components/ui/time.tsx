import { formatInstant, formatRelative } from '../format.ts';
import { LocalTime } from './local-time.tsx';

type TimeProps = {
  readonly value: Date | string;
  /** The present instant; only tests give it. */
  readonly now?: Date;
};

/** How long ago something was, kept up to date; the exact instant appears on pointing, in the viewer's time zone. */
export function RelativeTime({ value, now = new Date() }: TimeProps) {
  const instant = new Date(value);
  return (
    <LocalTime
      iso={instant.toISOString()}
      show="relative"
      initialText={formatRelative(instant, now, 'UTC')}
      initialTitle={formatInstant(instant, 'UTC')}
    />
  );
}

/** An instant with date, time and zone: in UTC as the server sends it, in the viewer's zone once scripts run. */
export function AbsoluteTime({ value, now = new Date() }: TimeProps) {
  const instant = new Date(value);
  return (
    <LocalTime
      iso={instant.toISOString()}
      show="absolute"
      initialText={formatInstant(instant, 'UTC')}
      initialTitle={formatRelative(instant, now, 'UTC')}
    />
  );
}

/** The stamp under a figure: how old it is, in the colour of a warning once that is more than expected. */
export function Freshness({
  label,
  value,
  staleAfterMs,
  now = new Date(),
}: TimeProps & {
  /** What the stamp is about, such as "Users". */
  readonly label: string;
  readonly staleAfterMs?: number;
}) {
  const stale = staleAfterMs !== undefined && now.getTime() - new Date(value).getTime() > staleAfterMs;
  return (
    <span className={stale ? 'text-caption text-warning' : 'text-caption text-muted'}>
      {label} <RelativeTime value={value} now={now} />
      {stale ? ', older than expected' : ''}
    </span>
  );
}
