import type { z } from 'zod';
import { type MemberContext, requireMember } from '#lib/auth/member.ts';
import type { Result } from '#lib/core/result.ts';
import type { FormState } from './form-state.ts';
import { fieldErrors, formInput } from './input.ts';
import { reportUnexpected } from './unexpected.ts';

/**
 * A server action for `useActionState`: finds the member (or leaves for the sign-in), checks the form against the
 * schema, and calls `work`, which calls one domain function. The domain function decides whether the member may.
 * A Problem becomes the form's state; what is thrown is logged, and only its request id is shown.
 */
export function action<Schema extends z.ZodType, Value>(
  schema: Schema,
  work: (ctx: MemberContext, input: z.output<Schema>) => Promise<Result<Value>>,
): (previous: FormState<Value>, form: FormData) => Promise<FormState<Value>> {
  return async (_previous, form) => {
    const input = formInput(form);
    const values = enteredTexts(input);
    try {
      const ctx = await requireMember();
      const parsed = schema.safeParse(input);
      if (!parsed.success) {
        const fields = fieldErrors(parsed.error);
        return { problem: { code: 'invalid-input', fields }, fields, values };
      }
      const result = await work(ctx, parsed.data);
      if (result.ok) return { done: true, value: result.value };
      const { problem } = result;
      return { problem, values, ...(problem.code === 'invalid-input' && { fields: problem.fields }) };
    } catch (error) {
      return { requestId: await reportUnexpected(error, 'action'), values };
    }
  };
}

const enteredTexts = (input: Record<string, string | string[]>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(input).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );
