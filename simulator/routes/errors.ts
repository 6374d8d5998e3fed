import type { Context } from 'hono';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import type { Service } from '../scenarios/faults.ts';
import { newGuid } from '../state/hash.ts';

/** Entra's time: a blank between date and time, `Z` at the end. */
export const entraTime = (now: number): string =>
  `${new Date(now).toISOString().slice(0, 19).replace('T', ' ')}Z`;

/** The parts of an error of Entra's that the body, the pages and redirects share. */
export type EntraError = {
  readonly error: string;
  readonly code: number;
  readonly text: string;
  readonly suberror?: string;
  readonly claims?: string;
};

/** `AADSTS…: text` followed by trace id, correlation id and time, as Entra writes it. */
export function describeEntraError(problem: EntraError, now: number) {
  const traceId = newGuid();
  const correlationId = newGuid();
  const timestamp = entraTime(now);
  const description = `AADSTS${problem.code}: ${problem.text} Trace ID: ${traceId} Correlation ID: ${correlationId} Timestamp: ${timestamp}`;
  return { traceId, correlationId, timestamp, description };
}

/** The OAuth error body of Entra. */
export function entraErrorBody(problem: EntraError, now: number, origin: string) {
  const { traceId, correlationId, timestamp, description } = describeEntraError(problem, now);
  return {
    error: problem.error,
    error_description: description,
    error_codes: [problem.code],
    timestamp,
    trace_id: traceId,
    correlation_id: correlationId,
    error_uri: `${origin}/error?code=${problem.code}`,
    ...(problem.suberror ? { suberror: problem.suberror } : {}),
    ...(problem.claims ? { claims: problem.claims } : {}),
  };
}

/** Graph's error envelope; its date has no zone. */
export function graphErrorBody(
  code: string,
  message: string,
  ids: { readonly now: number; readonly requestId: string; readonly clientRequestId: string },
  inner: Readonly<Record<string, string>> = {},
) {
  return {
    error: {
      code,
      message,
      innerError: {
        ...inner,
        date: new Date(ids.now).toISOString().slice(0, 19),
        'request-id': ids.requestId,
        'client-request-id': ids.clientRequestId,
      },
    },
  };
}

/** Resource Manager's error envelope. */
export const armErrorBody = (code: string, message: string) => ({ error: { code, message } });

/** The error envelope of the EA reporting API: the status once more, as a text. */
export const eaErrorBody = (code: string, message: string) => ({ error: { code, message } });

/** An error body in the shape of the service that the request went to. */
export function serviceErrorBody(
  service: Service,
  { code, error, message }: { code: string; error: string | undefined; message: string },
  { now, origin }: { now: number; origin: string },
): object {
  if (service === 'arm') return armErrorBody(code, message);
  if (service === 'ea') return eaErrorBody(code, message);
  if (service === 'login') {
    const number = /^AADSTS(\d+)$/.exec(code)?.[1];
    const problem = number
      ? { error: error ?? 'invalid_request', code: Number(number), text: message }
      : { error: error ?? 'temporarily_unavailable', code: 90033, text: message };
    return entraErrorBody(problem, now, origin);
  }
  return graphErrorBody(code, message, { now, requestId: newGuid(), clientRequestId: newGuid() });
}

/** A status code that came as a plain number. */
export const statusOf = (status: number): ContentfulStatusCode => status as ContentfulStatusCode;

/** Answers that an operation is not simulated: in words, with the operation's name, and on standard error. */
export function notImplemented(
  c: Context,
  service: Service,
  what: string,
  log: (line: string) => void,
): Response {
  const operation = `${c.req.method} ${new URL(c.req.url).pathname}${what ? ` (${what})` : ''}`;
  log(operation);
  const message = `Not implemented by the simulator: ${operation}. The real service may know this operation; the simulator does not.`;
  c.header('x-simulator', 'not-implemented');
  if (service === 'arm') return c.json(armErrorBody('SimulatorNotImplemented', message), 501);
  if (service === 'ea') return c.json(eaErrorBody('SimulatorNotImplemented', message), 501);
  const ids = { now: Date.now(), requestId: newGuid(), clientRequestId: newGuid() };
  return c.json(graphErrorBody('SimulatorNotImplemented', message, ids), 501);
}
