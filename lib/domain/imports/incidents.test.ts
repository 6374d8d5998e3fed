import { expect, test } from 'vitest';
import { Incidents, incidentOf, incidentOfProblem, withIncident } from './incidents.ts';

const AT = new Date('2030-01-02T03:04:05Z');
const trace = {
  clientRequestId: 'ours',
  microsoft: { code: 'TooManyRequests', correlationId: 'theirs', status: 429 },
};

test('a note names the request by both ids', () => {
  expect(incidentOf({ kind: 'throttled', waitMs: 2000, trace }, AT)).toEqual({
    at: '2030-01-02T03:04:05.000Z',
    kind: 'throttled',
    waitMs: 2000,
    status: 429,
    code: 'TooManyRequests',
    requestId: 'theirs',
    clientRequestId: 'ours',
  });
});

test('all are counted, and the newest kept', () => {
  let incidents: Incidents | undefined;
  for (let n = 0; n < 60; n += 1) {
    const kind = n % 2 ? 'slow' : 'throttled';
    incidents = withIncident(incidents, incidentOf({ kind, durationMs: n, trace }, AT));
  }
  expect(incidents?.counts).toEqual({ slow: 30, throttled: 30 });
  expect(incidents?.newest.map(({ durationMs }) => durationMs)).toEqual(
    Array.from({ length: 50 }, (_, index) => index + 10),
  );
  expect(Incidents.parse(JSON.parse(JSON.stringify(incidents)))).toMatchObject({ counts: { slow: 30 } });
});

test('a problem leaves a note where Microsoft answered', () => {
  const microsoft = { code: 'x'.repeat(500), correlationId: 'theirs', status: 403 };
  expect(incidentOfProblem({ code: 'permission-missing', microsoft }, trace, AT)).toMatchObject({
    kind: 'refused',
    status: 403,
    code: 'x'.repeat(100),
    requestId: 'theirs',
    clientRequestId: 'ours',
  });
  expect(incidentOfProblem({ code: 'throttled', retryAfterSeconds: 1, microsoft }, undefined, AT)?.kind).toBe(
    'throttled',
  );
  expect(incidentOfProblem({ code: 'storage-full' }, trace, AT)).toBeUndefined();
});
