import { graphFault, IMPORT, type ScenarioGroup } from './scenario.ts';

export const SLOW_OR_REFUSING: ScenarioGroup = {
  title: 'Slow or refusing',
  next: IMPORT,
  scenarios: [
    {
      name: 'slow',
      title: 'Slow network',
      explanation: 'Every answer takes 800 ms longer.',
      next: 'The progress can be watched, and cancelled.',
      run: ({ settings }) => {
        settings.latencyMs = 800;
      },
    },
    graphFault(
      {
        name: 'throttling-seconds',
        title: '429 storm with Retry-After',
        explanation: 'Every third request to Graph is refused for 2 seconds, thirty times.',
        next: 'It says how long it waits, and ends as Completed. Nobody comes back too early: see below.',
      },
      { kind: 'throttle', every: 3, times: 30, retryAfterSeconds: 2 },
    ),
    graphFault(
      {
        name: 'throttling-date',
        title: '429 storm until a time of day',
        explanation: 'Every third request to Graph is refused with a date in Retry-After, thirty times.',
        next: 'It ends as Completed.',
      },
      { kind: 'throttle', every: 3, times: 30, retryAfter: 'date', retryAfterSeconds: 3 },
    ),
    graphFault(
      {
        name: 'throttling-none',
        title: '429 storm without Retry-After',
        explanation: 'Every third request to Graph is refused without saying for how long, thirty times.',
        next: 'It waits longer each time, and ends as Completed.',
      },
      { kind: 'throttle', every: 3, times: 30, retryAfter: 'none' },
    ),
    graphFault(
      {
        name: 'server-errors',
        title: '503 burst',
        explanation: 'The next five requests to Graph fail with 503.',
        next: 'It tries again, and ends as Completed.',
      },
      { kind: 'error', times: 5, status: 503 },
    ),
    graphFault(
      {
        name: 'outage',
        title: 'Outage of Graph',
        explanation: 'Every request to Graph fails with 503 until this is stopped.',
        next: 'It waits for its next attempt. Stop the outage, and it goes on where it stood.',
      },
      { kind: 'error', status: 503 },
    ),
    graphFault(
      {
        name: 'no-answer',
        title: 'Answers that do not come',
        explanation: 'The next two requests to Graph are never answered.',
        next: 'Each costs the minute for which the portal waits, then the import goes on.',
      },
      { kind: 'hang', times: 2 },
    ),
  ],
};
