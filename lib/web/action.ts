import type { z } from 'zod';
import { type MemberContext, type PersonContext, requireMember, requirePerson } from '#lib/auth/member.ts';
import { describeProblem } from '#lib/core/problem-text.ts';
import type { Result } from '#lib/core/result.ts';
import type { FormState } from './form-state.ts';
import { fieldErrors, formInput } from './input.ts';
import { reportUnexpected } from './unexpected.ts';

type Work<Context, Schema extends z.ZodType, Value> = (
  ctx: Context,
  input: z.output<Schema>,
) => Promise<Result<Value>>;

export type ActionOptions = {
  /** Fields whose text is never sent back, as others are for being filled in again. */
  readonly secretFields?: readonly string[];
};

/** A server action for `useActionState(formAction, {})`. */
export type FormAction<Value> = (previous: FormState<Value>, form: FormData) => Promise<FormState<Value>>;

/**
 * A server action of a member: finds who it is (or leaves for the sign-in), checks the form against the schema, and
 * calls `work`, which calls one domain function. The domain function decides whether the member may. A Problem
 * becomes the form's state; what is thrown is logged, and only its request id is shown.
 */
export const action = <Schema extends z.ZodType, Value>(
  schema: Schema,
  work: Work<MemberContext, Schema, Value>,
  options: ActionOptions = {},
): FormAction<Value> => formAction(requireMember, schema, work, options);

/** The same for somebody who is signed in and need not have an organization yet. */
export const personAction = <Schema extends z.ZodType, Value>(
  schema: Schema,
  work: Work<PersonContext, Schema, Value>,
): FormAction<Value> => formAction(requirePerson, schema, work, {});

function formAction<Context, Schema extends z.ZodType, Value>(
  findContext: () => Promise<Context>,
  schema: Schema,
  work: Work<Context, Schema, Value>,
  { secretFields = [] }: ActionOptions,
): FormAction<Value> {
  return async (_previous, form) => {
    let values: Record<string, string> = {};
    try {
      // Inside, because an action is called by anybody with anything, and not only with a form.
      if (!((form as unknown) instanceof FormData)) return { problem: { code: 'invalid-input', fields: {} } };
      const input = formInput(form);
      values = enteredTexts(input, secretFields);
      const ctx = await findContext();
      const parsed = schema.safeParse(input);
      if (!parsed.success) {
        const fields = fieldErrors(parsed.error);
        return { problem: { code: 'invalid-input', fields }, fields, values };
      }
      const result = await work(ctx, parsed.data);
      if (result.ok) return { done: true, value: result.value };
      const { problem } = result;
      const text = describeProblem(problem);
      return { problem, text, values, ...(problem.code === 'invalid-input' && { fields: problem.fields }) };
    } catch (error) {
      return { requestId: await reportUnexpected(error, 'action'), values };
    }
  };
}

const enteredTexts = (
  input: Record<string, string | string[]>,
  secretFields: readonly string[],
): Record<string, string> =>
  Object.fromEntries(
    Object.entries(input).filter(
      (entry): entry is [string, string] => typeof entry[1] === 'string' && !secretFields.includes(entry[0]),
    ),
  );
