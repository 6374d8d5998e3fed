/** What belongs to a line beside its message. Values of known secret keys are dropped before writing. */
export type LogFields = Readonly<Record<string, unknown>>;

/** The one way to write to the log; lines are JSON. */
export type Log = {
  debug(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
  /** A log whose every line also carries these fields. */
  child(fields: LogFields): Log;
};

export const LOG_LEVELS = ['debug', 'info', 'warn', 'error', 'silent'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

export type LogOptions = {
  readonly level?: LogLevel;
  /** Where lines go; standard output when absent. */
  readonly destination?: { write(line: string): void };
};

/** A log on pino that writes one JSON line per event and never the value of a secret. */
export function createLog(_options: LogOptions = {}): Log {
  throw new Error('not implemented');
}
