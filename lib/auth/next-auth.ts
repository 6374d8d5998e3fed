import type { NextApiRequest, NextApiResponse } from 'next';
import NextAuth, { type AuthOptions } from 'next-auth';

export type NextAuthCall = {
  readonly method: 'GET' | 'POST';
  /** What follows `/api/auth/`. */
  readonly path: readonly string[];
  readonly query?: URLSearchParams;
  readonly body?: Readonly<Record<string, string>>;
  readonly cookies: Readonly<Record<string, string>>;
};

/**
 * Asks next-auth to handle a request that we describe, and returns its answer. Through its interface for Node's
 * requests, since the one for route handlers reads cookies from Next's request scope, where we could neither add the
 * form's token nor test it.
 */
export async function callNextAuth(call: NextAuthCall, options: AuthOptions): Promise<Response> {
  const request = {
    method: call.method,
    query: { ...Object.fromEntries(call.query ?? []), nextauth: call.path },
    body: call.body,
    cookies: call.cookies,
    headers: {},
  };
  const answer = createAnswer();
  // next-auth uses no other members of the two than these.
  await NextAuth(
    request as unknown as NextApiRequest,
    answer.recorder as unknown as NextApiResponse,
    options,
  );
  return answer.toResponse();
}

function createAnswer() {
  const headers = new Headers();
  let status = 200;
  let body: string | null = null;
  const recorder = {
    status(code: number) {
      status = code;
      return recorder;
    },
    getHeader: (name: string) =>
      name.toLowerCase() === 'set-cookie' ? headers.getSetCookie() : (headers.get(name) ?? undefined),
    setHeader(name: string, value: string | readonly string[]) {
      headers.delete(name);
      for (const line of [value].flat()) headers.append(name, line);
      return recorder;
    },
    send(content: unknown) {
      body = typeof content === 'string' ? content : JSON.stringify(content);
    },
    json: (content: unknown) => recorder.send(content),
    end() {},
  };
  return { recorder, toResponse: () => new Response(body, { status, headers }) };
}
