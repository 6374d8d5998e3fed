import { z } from 'zod';
import type { Problem } from '#lib/core/problem.ts';
import { fail, ok, type Result } from '#lib/core/result.ts';
import type { CallOptions } from '../http/call-options.ts';
import type { Http, HttpAnswer } from '../http/http.ts';
import { readTrace } from '../http/trace.ts';
import type { AccessKey } from './access-key.ts';

/** The EA reporting API, which Microsoft retired on 1 May 2024. */
export type EaClient = {
  /**
   * Whether the service takes a key for an enrollment: reads the list of billing periods, the cheapest read and one
   * that every kind of key may do.
   * Problems: access-token-wrong-enrollment, access-token-refused, ea-reporting-retired, throttled,
   * upstream-unavailable, upstream-shape.
   * @see https://learn.microsoft.com/rest/api/billing/enterprise/billing-enterprise-api-billing-periods
   */
  checkKey(
    key: AccessKey,
    enrollmentNumber: string,
    options?: CallOptions,
  ): Promise<Result<{ readonly billingPeriods: number }>>;
};

export type EaSettings = { readonly http: Http; readonly eaReportingUrl: string };

const BillingPeriods = z.array(z.object({ billingPeriodId: z.union([z.string(), z.number()]) }));

export function createEaClient({ http, eaReportingUrl }: EaSettings): EaClient {
  return {
    async checkKey(key, enrollmentNumber, options) {
      const answered = await http.send({
        ...options,
        service: 'ea',
        origin: eaReportingUrl,
        method: 'GET',
        url: `${eaReportingUrl}/v3/enrollments/${encodeURIComponent(enrollmentNumber)}/billingperiods`,
        bearer: { get: async () => ok(key.text) },
      });
      if (!answered.ok) return answered;
      const { status, json } = answered.value;
      if (status !== 200) return fail(readRefusal(answered.value, key, enrollmentNumber));
      const periods = BillingPeriods.safeParse(json);
      if (!periods.success) return fail({ code: 'upstream-shape', where: 'billingperiods' });
      return ok({ billingPeriods: periods.data.length });
    },
  };
}

/**
 * The documented statuses. The enrollment is the only parameter of the call, so it is what 400 complains about. 401 is
 * one answer to invalid, expired and revoked keys; 403 says that a key that is good may not read this, which every key
 * may of its own enrollment. Whatever says that there is no such service any more says nothing about the key.
 */
function readRefusal(answer: HttpAnswer, key: AccessKey, enrollmentNumber: string): Problem {
  const { status } = answer;
  const { code, ...trace } = readTrace(answer);
  // The service repeats its status as the code.
  const microsoft = code === String(status) ? trace : { ...trace, code };
  if (status === 400 || (status === 403 && key.enrollmentNumber === undefined))
    return { code: 'access-token-wrong-enrollment', typed: enrollmentNumber, microsoft };
  if (status === 401 || status === 403) {
    const until = key.expiresAt && { validUntil: key.expiresAt.toISOString() };
    return { code: 'access-token-refused', ...until, microsoft };
  }
  return { code: 'ea-reporting-retired', microsoft };
}
