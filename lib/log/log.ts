import { pino } from 'pino';
import { Redactor } from './redact.ts';
import { textRedactor } from './secret-texts.ts';

/** What belongs to a line beside its message. The values of known secret keys are replaced before writing. */
export type LogFields = Readonly<Record<string, unknown>>;

/** The one way to write to the log; each line is one JSON object. */
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
  /** Values that no line may hold, whatever they look like: the secrets of this installation. */
  readonly secrets?: readonly string[];
  /** Where lines go; standard output when absent. */
  readonly destination?: { write(line: string): void };
};

/**
 * A log that writes JSON lines through pino. No line holds the value of a key of `SECRET_KEYS`, one of `secrets`, or
 * what looks like a token or a password inside any text. An error is written with name, message, stack and causes.
 */
export function createLog({ level = 'info', destination, secrets }: LogOptions = {}): Log {
  const options = {
    level,
    base: undefined,
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }) },
  };
  return wrap(destination ? pino(options, destination) : pino(options), new Redactor(textRedactor(secrets)));
}

/** The part of pino that is used. */
type Sink = {
  debug(fields: LogFields, message: string): void;
  info(fields: LogFields, message: string): void;
  warn(fields: LogFields, message: string): void;
  error(fields: LogFields, message: string): void;
  child(fields: LogFields): Sink;
};

function wrap(sink: Sink, redactor: Redactor): Log {
  return {
    debug: (message, fields = {}) => sink.debug(redactor.fields(fields), redactor.text(message)),
    info: (message, fields = {}) => sink.info(redactor.fields(fields), redactor.text(message)),
    warn: (message, fields = {}) => sink.warn(redactor.fields(fields), redactor.text(message)),
    error: (message, fields = {}) => sink.error(redactor.fields(fields), redactor.text(message)),
    child: (fields) => wrap(sink.child(redactor.fields(fields)), redactor),
  };
}
