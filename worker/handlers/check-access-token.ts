import { checkAccessToken as check } from '#lib/domain/access-tokens/check.ts';
import type { Services } from '#lib/domain/context.ts';
import { type CheckAccessToken, checkAccessTokenJob } from '#lib/jobs/contracts.ts';
import type { JobHandler } from '#lib/jobs/queue.ts';

/** Asks Microsoft again about a kept access token. One that was deleted meanwhile needs no check. */
export const checkAccessToken =
  (services: Services): JobHandler<CheckAccessToken> =>
  async ({ organizationId, tenantId, accessTokenId }) => {
    const actor = { type: 'job', job: checkAccessTokenJob.name, organizationId } as const;
    const result = await check({ ...services, actor }, { tenantId, accessTokenId });
    services.log.info('access token checked', {
      tenantId,
      accessTokenId,
      outcome: result.ok ? result.value.state : result.problem.code,
    });
  };
