import { afterAll, beforeAll, expect, test } from 'vitest';
import { startDueTokenChecks } from '#lib/domain/access-tokens/schedule.ts';
import { createTokenHome, DAY_MS, startTokenBed, type TokenBed } from '#lib/domain/access-tokens/testing.ts';
import { checkAccessTokenJob } from '#lib/jobs/contracts.ts';
import { checkAccessToken } from './check-access-token.ts';

let bed: TokenBed;
beforeAll(async () => {
  bed = await startTokenBed();
});
afterAll(() => bed.stop());

test('what the schedule hands out is what the handler takes, also for a token that is gone meanwhile', async () => {
  const home = await createTokenHome(bed);
  await home.add(await home.newKey());
  await bed.simulator.control.request('POST', '/ea-keys/revoke', { enrollmentNumber: home.enrollment });
  home.pass(DAY_MS + 1000);
  await startDueTokenChecks(home.services);
  const [job] = home.jobs.enqueued;
  expect(job?.name).toBe(checkAccessTokenJob.name);
  const payload = checkAccessTokenJob.payload.parse(job?.payload);
  const { signal } = new AbortController();
  await checkAccessToken(home.services)(payload, signal);
  expect(await home.list()).toMatchObject([{ state: 'refused' }]);
  await bed.db.database.prisma.accessToken.deleteMany({ where: { tenantId: home.tenantId } });
  await checkAccessToken(home.services)(payload, signal);
});
