import { type Bench, type LoadGenerator, type Measurement, scaled, USERS } from '../bench.ts';
import { requireNative } from '../databases.ts';
import { formatSeconds, type Pair, toFigure } from '../figures.ts';
import { countedEnvironment, rowsWritten, writtenOutside } from '../rows-written.ts';
import { type Scope, withScope } from '../scope.ts';
import { importOnce, makeFullReadDue, openWorkplace, vacuum, type Workplace } from '../workplace.ts';

const CHANGES = scaled(1000);
/** How Microsoft divides what has changed. */
const DELTA_PAGE = 200;
const REQUESTS_MAX = Math.ceil(CHANGES / DELTA_PAGE) + 8;

/** What it costs to import a directory again of which little, or nothing, has changed. */
export const secondImport: Measurement = {
  name: 'second-import',
  async measure(bench) {
    const generator = await bench.loadGenerator(USERS);
    const trials: Trial[] = [];
    for (let run = 1; run <= bench.runs; run += 1) {
      const trial = await withScope(bench.scope, (scope) => measureOnce(bench, scope, generator));
      const times = [trial.first, trial.reread, trial.incremental].map(formatSeconds).join(', ');
      bench.say(`second-import ${run}: first, full again, incremental: ${times}, ${trial.requests} requests`);
      trials.push(trial);
    }
    const against = (side: 'reread' | 'incremental', reference: 'first' | 'reread'): Pair[] =>
      trials.map((trial) => ({ measured: trial[side], reference: trial[reference] }));
    const note = `${CHANGES.toLocaleString('en')} of ${USERS.toLocaleString('en')} users changed, no latency, native PostgreSQL`;
    return [
      toFigure({
        name: 'import-again-full',
        reference: 'first import',
        target: 0.4,
        pairs: against('reread', 'first'),
        format: formatSeconds,
        note,
      }),
      toFigure({
        name: 'import-again-incremental',
        reference: 'first import, which is full',
        target: 0.15,
        pairs: against('incremental', 'first'),
        format: formatSeconds,
        note,
      }),
      toFigure({
        name: 'import-again-requests',
        reference: `⌈changes/${DELTA_PAGE}⌉ + 8`,
        target: 1,
        pairs: trials.map(({ requests }) => ({ measured: requests, reference: REQUESTS_MAX })),
        format: String,
        note: 'all requests to Graph of an incremental import, those of the other phases included',
      }),
      toFigure({
        name: 'import-again-requests-bare',
        reference: `⌈changes/${DELTA_PAGE}⌉ + 8`,
        target: 1,
        pairs: trials.map(({ bareRequests }) => ({ measured: bareRequests, reference: REQUESTS_MAX })),
        format: String,
        note: 'the same where delta pages do not tell licenseAssignmentStates',
      }),
      toFigure({
        name: 'import-unchanged-rows',
        reference: 'no row',
        target: 0,
        pairs: trials.map(({ unchangedRows }) => ({ measured: unchangedRows, reference: 1 })),
        format: String,
        note: `rows inserted, updated or deleted by two imports of an unchanged directory, an incremental and a full one, outside of the run's own; of the incremental one those are: ${trials[0]?.own ?? ''}`,
      }),
    ];
  },
};

type Trial = {
  readonly first: number;
  readonly reread: number;
  readonly incremental: number;
  readonly requests: number;
  readonly bareRequests: number;
  readonly unchangedRows: number;
  /** What imports write about themselves. */
  readonly own: string;
};

async function measureOnce(bench: Bench, scope: Scope, generator: LoadGenerator): Promise<Trial> {
  const place = await openWorkplace(scope, await requireNative(bench), generator);
  const first = await importOnce(scope, place, 'full');
  await vacuum(place);
  const unchanged = await importAndCount(bench, scope, place, 'incremental');
  await generator.tell({ change: CHANGES });
  const incremental = await importOnce(scope, place, 'incremental');
  await vacuum(place);
  await makeFullReadDue(place);
  // It also proves the incremental import right: a full one finds nothing to write.
  const verified = await importAndCount(bench, scope, place, 'full');
  await generator.tell({ change: CHANGES });
  await vacuum(place);
  await makeFullReadDue(place);
  const reread = await importOnce(scope, place, 'full');
  await generator.tell({ tellsStates: false, change: CHANGES });
  scope.defer(() => generator.tell({ tellsStates: true }));
  const bare = await importOnce(scope, place, 'incremental');
  return {
    first: first.ms,
    reread: reread.ms,
    incremental: incremental.ms,
    requests: incremental.requests,
    bareRequests: bare.requests,
    unchangedRows: unchanged.others + verified.others,
    own: unchanged.own,
  };
}

async function importAndCount(
  bench: Bench,
  scope: Scope,
  place: Workplace,
  method: 'full' | 'incremental',
): Promise<{ readonly others: number; readonly own: string }> {
  const before = await rowsWritten(place);
  await importOnce(scope, { ...place, env: countedEnvironment(place.env) }, method);
  const { others, own } = writtenOutside(before, await rowsWritten(place));
  const told = [...others].map(([table, rows]) => `${table} ${rows}`).join(', ');
  if (told) bench.say(`Importing (${method}) an unchanged directory wrote: ${told}.`);
  return {
    others: [...others.values()].reduce((sum, rows) => sum + rows, 0),
    own: [...own].map(([table, rows]) => `${table} ${rows}`).join(', '),
  };
}
