import { z } from 'zod';
import { fail, ok, type Result } from '#lib/core/result.ts';
import type { CallOptions } from '../http/call-options.ts';
import { billingAccountScope } from './billing-accounts.ts';
import type { ArmClient } from './client.ts';

const API_VERSION = '2023-11-01';

/** Nothing at all is what 204 says. */
const QueryAnswer = z
  .object({ properties: z.object({ rows: z.array(z.array(z.unknown())) }) })
  .optional()
  .transform((answer) => ({ hasCosts: (answer?.properties.rows.length ?? 0) > 0 }));

/** Codes of a 401 that is about the token; any other one is how older agreements refuse a caller without a role. */
const TOKEN_REFUSED = /^(Invalid|Expired)?Authenticat/;

/**
 * Whether a billing account has costs in a month (`yyyy-mm`), which proves that the caller may read them. One question
 * with one row for an answer; nothing of the amount is kept. Problems: permission-missing (no role that may read
 * costs), request-rejected (no costs can be read of such an account) …
 * @see https://learn.microsoft.com/rest/api/cost-management/query/usage
 */
export async function readMonthCosts(
  arm: ArmClient,
  account: string,
  month: string,
  options?: CallOptions,
): Promise<Result<{ readonly hasCosts: boolean }>> {
  const answered = await arm.post(
    `${billingAccountScope(account)}/providers/Microsoft.CostManagement/query?api-version=${API_VERSION}`,
    {
      type: 'ActualCost',
      timeframe: 'Custom',
      timePeriod: { from: `${month}-01T00:00:00Z`, to: `${month}-${lastDayOf(month)}T23:59:59Z` },
      dataset: { granularity: 'None', aggregation: { totalCost: { name: 'Cost', function: 'Sum' } } },
    },
    QueryAnswer,
    options,
  );
  if (answered.ok) return ok(answered.value.value);
  const { problem } = answered;
  if (problem.code !== 'sign-in-required' || TOKEN_REFUSED.test(problem.microsoft?.code ?? ''))
    return answered;
  return fail({ code: 'permission-missing', ...(problem.microsoft && { microsoft: problem.microsoft }) });
}

function lastDayOf(month: string): number {
  const [year = 0, number = 0] = month.split('-').map(Number);
  return new Date(Date.UTC(year, number, 0)).getUTCDate();
}
