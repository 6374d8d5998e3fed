const YEAR_1_MS = Date.parse('0001-01-01T00:00:00Z');
const YEAR_10000_MS = Date.parse('+010000-01-01T00:00:00Z');

/** Null for what is no instant of the years 1 to 9999: a broken date must not cost the whole row. */
export function mapInstant(text: string | null): string | null {
  if (text === null) return null;
  const ms = Date.parse(text);
  return ms >= YEAR_1_MS && ms < YEAR_10000_MS ? new Date(ms).toISOString() : null;
}
