import { z } from 'zod';
import type { MicrosoftTrace } from '#lib/core/problem.ts';
import type { HttpAnswer } from './http.ts';

const Text = z.string().optional().catch(undefined);

/** Graph says `innerError`, its OData text `innererror`; both may be nested, the outermost id is the request's. */
const InnerError = z.object({ 'request-id': Text, requestId: Text, date: Text }).optional().catch(undefined);

const ServiceError = z.object({ code: Text, message: Text, innerError: InnerError, innererror: InnerError });

/** Some providers of ARM leave out the wrapper. */
const ServiceErrorBody = z
  .union([z.object({ error: ServiceError }).transform(({ error }) => error), ServiceError])
  .catch({});

export type ServiceError = {
  readonly code?: string;
  readonly message?: string;
  readonly date?: string;
  readonly requestId?: string;
};

/**
 * The error of Graph or ARM in an answer's body, as far as it can be read.
 * @see https://learn.microsoft.com/graph/errors
 */
export function readServiceError(json: unknown): ServiceError {
  const error = ServiceErrorBody.parse(json);
  const inner = error.innerError ?? error.innererror;
  return {
    code: error.code,
    message: error.message,
    date: inner?.date,
    requestId: inner?.['request-id'] ?? inner?.requestId,
  };
}

/** What support needs to find the request again: code, id, time and status. */
export function readTrace(answer: Pick<HttpAnswer, 'status' | 'headers' | 'json'>): MicrosoftTrace {
  const { status, headers, json } = answer;
  const error = status >= 400 ? readServiceError(json) : {};
  const headerId = headers.get('request-id') ?? headers.get('x-ms-request-id');
  return {
    code: error.code,
    correlationId: error.requestId ?? headerId ?? undefined,
    timestamp: error.date ?? headers.get('date') ?? undefined,
    status,
  };
}
