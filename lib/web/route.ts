import type { NextRequest } from 'next/server';
import type { z } from 'zod';
import { currentMember, type MemberContext } from '#lib/auth/member.ts';
import { fieldErrors, queryInput } from './input.ts';
import { problemResponse, signedOutResponse, unexpectedResponse } from './responses.ts';
import { reportUnexpected } from './unexpected.ts';

/** Next gives no parameters to a handler whose path has none. */
type RouteContext = { readonly params: Promise<Record<string, string | string[] | undefined> | undefined> };

/**
 * A route handler for members: the schema reads the query and the parameters of the path, which win over a query of
 * the same name. 401 without a session; a path that does not fit the schema is a 404 like that of any other thing
 * that does not exist; a query that does not fit is a 400; what is thrown is logged and answered by its request id.
 */
export function route<Schema extends z.ZodType>(
  schema: Schema,
  work: (ctx: MemberContext, input: z.output<Schema>, request: NextRequest) => Promise<Response>,
): (request: NextRequest, context: RouteContext) => Promise<Response> {
  return async (request, context) => {
    try {
      const params = (await context.params) ?? {};
      const ctx = await currentMember();
      if (!ctx) return signedOutResponse();
      const parsed = schema.safeParse({ ...queryInput(request.nextUrl.searchParams), ...params });
      if (parsed.success) return await work(ctx, parsed.data, request);
      const fields = fieldErrors(parsed.error);
      const isPathWrong = Object.keys(fields).some((field) => Object.hasOwn(params, field));
      return problemResponse(
        isPathWrong ? { code: 'not-found', entity: 'page' } : { code: 'invalid-input', fields },
      );
    } catch (error) {
      return unexpectedResponse(
        await reportUnexpected(error, `${request.method} ${request.nextUrl.pathname}`),
      );
    }
  };
}
