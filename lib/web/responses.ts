import { PROBLEM_POLICY, type Problem } from '#lib/core/problem.ts';
import { describeProblem } from '#lib/core/problem-text.ts';

/** Nothing that is about a member is kept by a browser or anything between. */
const NO_STORE = { 'cache-control': 'no-store' };

/**
 * A Problem for a machine: `application/problem+json` (RFC 9457) with the status of its policy. A Problem about
 * something that does not exist says no more than that.
 */
export function problemResponse(problem: Problem): Response {
  const { title, action } = describeProblem(problem);
  const status = PROBLEM_POLICY[problem.code].httpStatus;
  const retryAfter = 'retryAfterSeconds' in problem && { 'retry-after': String(problem.retryAfterSeconds) };
  return problemJson(status, { title, detail: action, ...problem }, retryAfter || {});
}

/** The answer to a request without a session that holds. */
export const signedOutResponse = (): Response =>
  problemJson(401, {
    code: 'signed-out',
    title: 'You are not signed in.',
    detail: 'Sign in to the portal, then try again.',
  });

/** The answer to a failure that the log has the details of. */
export const unexpectedResponse = (requestId: string): Response =>
  problemJson(500, {
    code: 'unexpected',
    title: 'Something went wrong on our side.',
    detail: `Try again. If it happens again, tell support the request ID ${requestId}.`,
    requestId,
  });

function problemJson(status: number, body: object, headers: Record<string, string> = {}): Response {
  return Response.json(
    { type: 'about:blank', status, ...body },
    { status, headers: { ...NO_STORE, ...headers, 'content-type': 'application/problem+json' } },
  );
}

/** A JSON answer that nobody keeps. */
export const jsonResponse = (body: unknown): Response => Response.json(body, { headers: NO_STORE });

/** A small file that the browser saves. */
export const fileResponse = (fileName: string, contentType: string, text: string): Response =>
  new Response(text, {
    headers: {
      ...NO_STORE,
      'content-type': `${contentType}; charset=utf-8`,
      'content-disposition': attachment(fileName),
    },
  });

const attachment = (fileName: string): string =>
  `attachment; filename="${fileName.replaceAll(/[^\w.-]+/g, '-')}"`;

/**
 * A CSV file (UTF-8) that is written as the rows come: the reader's pace is the pace of `chunks`, and leaving early
 * ends it. A failure in the middle breaks the download off, so that half a file never looks like a whole one.
 */
export function csvResponse(fileName: string, chunks: AsyncIterable<string>): Response {
  return new Response(byteStream(chunks), {
    headers: {
      ...NO_STORE,
      'content-type': 'text/csv; charset=utf-8',
      'content-disposition': attachment(fileName),
    },
  });
}

/** A JSON file to save. */
export const jsonFileResponse = (fileName: string, text: string): Response =>
  new Response(text, {
    headers: {
      ...NO_STORE,
      'content-type': 'application/json',
      'content-disposition': `attachment; filename="${fileName.replaceAll(/[^\w.-]+/g, '-')}"`,
    },
  });

function byteStream(chunks: AsyncIterable<string>): ReadableStream<Uint8Array<ArrayBuffer>> {
  const iterator = chunks[Symbol.asyncIterator]();
  const encoder = new TextEncoder();
  return new ReadableStream({
    async pull(controller) {
      const next = await iterator.next();
      if (next.done) controller.close();
      else controller.enqueue(encoder.encode(next.value));
    },
    async cancel() {
      await iterator.return?.();
    },
  });
}
