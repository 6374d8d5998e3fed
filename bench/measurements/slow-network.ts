import { type Bench, type LoadGenerator, type Measurement, USERS } from '../bench.ts';
import { requireNative } from '../databases.ts';
import { formatSeconds, type Pair, toFigure } from '../figures.ts';
import { type Scope, withScope } from '../scope.ts';
import { runTrial } from '../trial.ts';
import { importOnce, makeFullReadDue, openWorkplace, vacuum } from '../workplace.ts';

const LATENCY_MS = 200;

/** What reading side by side is for: each answer takes its time, as those of Microsoft do. */
export const slowNetwork: Measurement = {
  name: 'import-200ms',
  async measure(bench) {
    const generator = await bench.loadGenerator(USERS);
    const first: Pair[] = [];
    const later: Pair[] = [];
    await withScope(bench.scope, async (scope) => {
      await generator.tell({ latencyMs: LATENCY_MS });
      scope.defer(() => generator.tell({ latencyMs: 0 }));
      for (let run = 1; run <= bench.runs; run += 1) {
        const measured = await withScope(scope, (trial) => measureOnce(bench, trial, generator));
        const { reference } = measured;
        const times = [measured.first, measured.later, reference].map(formatSeconds).join(', ');
        bench.say(`import-200ms ${run}: first, later, page iterator: ${times}`);
        first.push({ measured: measured.first, reference });
        later.push({ measured: measured.later, reference });
      }
    });
    const common = {
      reference: "Microsoft's PageIterator at $top=999, counting",
      format: formatSeconds,
      note: `${LATENCY_MS} ms an answer, 100,000 users, native PostgreSQL`,
    };
    return [
      toFigure({ name: 'import-200ms-first', target: 0.35, pairs: first, ...common }),
      toFigure({ name: 'import-200ms-later', target: 0.2, pairs: later, ...common }),
    ];
  },
};

async function measureOnce(bench: Bench, scope: Scope, generator: LoadGenerator) {
  const reference = await runTrial(scope, 'bench/page-iterator.ts', {
    GRAPH_URL: generator.url,
    USERS: String(generator.users),
  });
  const place = await openWorkplace(scope, await requireNative(bench), generator);
  const first = await importOnce(scope, place, 'full');
  await vacuum(place);
  await makeFullReadDue(place);
  const later = await importOnce(scope, place, 'full');
  return { reference: reference.ms, first: first.ms, later: later.ms };
}
