import { z } from 'zod';
import { PROBLEM_POLICY, type Problem, type ProblemCode } from '#lib/core/problem.ts';
import type { Prisma } from '#lib/db/generated/client.ts';

/**
 * A value of ours as a JSON column takes it: members that are undefined are left out, and in texts, some of which
 * Microsoft or an address has given, U+FFFD stands for what PostgreSQL has no room for.
 */
export const toJson = (value: object): Prisma.InputJsonObject => JSON.parse(toJsonText(value));

/** The same as text, for a parameter of a statement of ours. */
export const toJsonText = (value: object): string =>
  JSON.stringify(value).replaceAll(/\\(?:u0000|ud[89a-f][0-9a-f]{2}|.)/g, storableEscape);

/** JSON.stringify escapes only those halves of surrogate pairs that have no other half. */
const storableEscape = (found: string): string => (found.length > 2 ? '\ufffd' : found);

type Own<Code extends ProblemCode> = Omit<Extract<Problem, { code: Code }>, 'code' | 'microsoft'>;

/** The codes of problems that have members of their own. */
type RichCode = { [Code in ProblemCode]: keyof Own<Code> extends never ? never : Code }[ProblemCode];

const Trace = z
  .object({
    code: z.string().optional(),
    correlationId: z.string().optional(),
    timestamp: z.string().optional(),
    status: z.number().optional(),
  })
  .optional();

/** What the words of a problem are made of, by its code. A code with members has a line here, or it does not compile. */
const MEMBERS: { readonly [Code in RichCode]: z.ZodType<Own<Code>> } = {
  'invalid-input': z.object({ fields: z.record(z.string(), z.string()) }),
  forbidden: z.object({ need: z.enum(['owner', 'admin']) }),
  'not-found': z.object({ entity: z.string() }),
  'already-connected': z.object({ tenantName: z.string(), tenantId: z.string() }),
  'tenant-removed': z.object({ tenantName: z.string(), tenantId: z.string(), eraseAt: z.string() }),
  'import-interrupted': z.object({ attempts: z.number() }),
  'rate-limited': z.object({ retryAfterSeconds: z.number() }),
  'wrong-tenant': z.object({ expected: z.string(), actual: z.string() }),
  'directory-role-missing': z.object({ person: z.string() }),
  'directory-role-unknown': z.object({ person: z.string() }),
  'no-owned-subscriptions': z.object({ person: z.string(), seen: z.number() }),
  'azure-subscription-disabled': z.object({ state: z.string() }),
  'tenant-unknown': z.object({ input: z.string() }),
  'other-cloud': z.object({ tenantCloud: z.string(), portalCloud: z.string(), setting: z.string() }),
  'token-invalid': z.object({ reason: z.string() }),
  'permission-missing': z.object({ permission: z.string().optional() }),
  'billing-role-missing': z.object({
    account: z.string(),
    role: z.enum(['EnrollmentReader', 'Billing account reader']),
  }),
  'billing-administrator-needed': z.object({ account: z.string(), person: z.string() }),
  'billing-unsupported': z.object({
    account: z.string(),
    why: z.enum(['partner', 'personal', 'agreement']),
  }),
  'enrollment-unknown': z.object({ enrollment: z.string() }),
  throttled: z.object({ retryAfterSeconds: z.number() }),
  'upstream-unavailable': z.object({ reason: z.string() }),
  'upstream-shape': z.object({ where: z.string() }),
  'read-incomplete': z.object({ received: z.number(), expected: z.number() }),
  'foreign-link': z.object({ origin: z.string() }),
  'access-token-expired': z.object({ expiredAt: z.iso.datetime() }),
  'access-token-wrong-enrollment': z.object({ typed: z.string(), claimed: z.string().optional() }),
  'access-token-refused': z.object({ validUntil: z.iso.datetime().optional() }),
};

const Stored = z.looseObject({ code: z.enum(Object.keys(PROBLEM_POLICY)), microsoft: Trace });

/** The Problem that was kept in a JSON column; undefined where there is none, or one of a version we do not know. */
export function readProblem(stored: unknown): Problem | undefined {
  return isProblem(stored) ? stored : undefined;
}

function isProblem(stored: unknown): stored is Problem {
  const parsed = Stored.safeParse(stored);
  if (!parsed.success) return false;
  const members: ReadonlyMap<string, z.ZodType> = new Map(Object.entries(MEMBERS));
  return members.get(parsed.data.code)?.safeParse(stored).success ?? true;
}
