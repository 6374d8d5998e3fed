import type { DirectoryId } from '#lib/core/ids.ts';
import type { RunView } from './model.ts';

/** What proves how complete a run's data is, for the customer's records. */
export function certificateJson(directoryId: DirectoryId, run: RunView): string {
  const { runId, status, trigger, startedAt, finishedAt, phases } = run;
  return JSON.stringify(
    {
      run: runId,
      tenantId: directoryId,
      status,
      trigger,
      startedAt,
      finishedAt,
      parts: phases.map((phase) => ({
        part: phase.phase,
        state: phase.state,
        method: phase.method ?? 'full',
        received: phase.received,
        expected: phase.expected,
        written: phase.written,
        gone: phase.retired,
        startedAt: phase.startedAt,
        endedAt: phase.endedAt,
        requests: phase.requests,
        throttled: phase.throttled,
        certificate: phase.certificate ?? null,
        problem: phase.problem?.code ?? null,
      })),
    },
    null,
    2,
  );
}
