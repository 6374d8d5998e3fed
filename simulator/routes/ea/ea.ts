import type { Context } from 'hono';
import { Hono } from 'hono';
import { nowOf, type World } from '../../state/world.ts';
import { eaErrorBody, notImplemented, statusOf } from '../errors.ts';

const PERIODS = 6;

/**
 * The Enterprise Agreement reporting API. A key is good for one enrollment; unknown, expired and revoked ones are
 * refused alike.
 * @see https://learn.microsoft.com/azure/cost-management-billing/manage/enterprise-rest-apis
 */
export function eaApp(world: World, unknown: (operation: string) => void): Hono {
  const app = new Hono();
  app.get('/:version{v[23]}/enrollments/:enrollment/:report{billing[pP]eriods}', (c) => {
    const refusal = refuse(c, world);
    return refusal ?? c.json(billingPeriods(nowOf(world), c.req.param('enrollment')));
  });
  app.all('/:version{v[123]}/enrollments/*', (c) => notImplemented(c, 'ea', '', unknown));
  return app;
}

function refuse(c: Context, world: World): Response | undefined {
  const answer = (status: number, message: string) =>
    c.json(eaErrorBody(String(status), message), statusOf(status));
  const text = /^Bearer\s+(\S+)$/i.exec(c.req.header('authorization') ?? '')?.[1];
  const key = world.eaKeys.find((each) => each.text === text);
  if (!key || key.revoked || nowOf(world) >= key.expiresAt)
    return answer(401, 'Unauthorized. The API key is not found, invalid, or expired.');
  if (key.enrollmentNumber !== c.req.param('enrollment'))
    return answer(400, 'Bad request. The enrollment number is not valid for this API key.');
  return undefined;
}

/** The newest first; the one that has only begun has no data yet. */
function billingPeriods(now: number, enrollment: string) {
  const today = new Date(now);
  return Array.from({ length: PERIODS }, (_, back) => {
    const start = new Date(Date.UTC(today.getUTCFullYear(), today.getUTCMonth() - back, 1));
    const end = new Date(Date.UTC(start.getUTCFullYear(), start.getUTCMonth() + 1, 0));
    const billingPeriodId = start.toISOString().slice(0, 7).replace('-', '');
    const link = (report: string) =>
      back === 0 ? null : `/v3/enrollments/${enrollment}/billingPeriods/${billingPeriodId}/${report}`;
    return {
      billingPeriodId,
      billingStart: start.toISOString().replace('.000', ''),
      billingEnd: end.toISOString().replace('.000', ''),
      balanceSummary: link('balancesummary'),
      usageDetails: link('usagedetails'),
      marketplaceCharges: link('marketplacecharges'),
      priceSheet: link('pricesheet'),
    };
  });
}
