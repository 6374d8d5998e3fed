import { type Failure, fail, ok, type Result } from '#lib/core/result.ts';
import { userPages } from '#lib/microsoft/graph/users.ts';
import { latestDeltaLink } from '#lib/microsoft/graph/users-delta.ts';
import type { CallOptions } from '#lib/microsoft/http/call-options.ts';
import type { ActiveRun } from '../../active-run.ts';
import type { RangeCheckpoint, UsersCheckpoint } from '../../model.ts';
import { pipeline } from '../../pipeline.ts';
import { leavesChanges } from './changes.ts';
import { unlessWithoutDelta } from './delta-problems.ts';
import { PageWindow, sideBySide } from './lanes.ts';
import { hashUsers } from './map.ts';
import { isDivided, partOf, planFullRead, sequence } from './plan.ts';
import { type UserScope, withinScope } from './scope.ts';
import { forgetPagesAfter, hasUsers, writeUserPage } from './write.ts';

/** Statements under way at a time: while the database works on one, the next one is on its way. */
const WRITERS = 2;
/** How often a range may begin anew because Microsoft let its links expire. */
const RESTARTS_MAX = 3;
/** More pages without a single user in a row than any directory has. */
const EMPTY_PAGES_MAX = 1000;

/**
 * Reads all users with their managers and licences and writes the pages as they come. Goes on from the checkpoint of an
 * earlier attempt. Where a part of the directory cannot be asked for, the whole is read in one sequence.
 */
export async function readAllUsers(run: ActiveRun, scope: UserScope): Promise<Result<UsersCheckpoint>> {
  for (;;) {
    const checkpoint = await beginOrGoOn(run, scope);
    if (!checkpoint.ok) return checkpoint;
    const { failure, expired } = await readRanges(run, checkpoint.value, scope);
    if (!failure && expired.length === 0) return checkpoint;
    if (failure?.problem.code === 'request-rejected' && isDivided(checkpoint.value)) {
      run.ctx.log.info('a part of a directory was refused: it is read in one sequence', failure);
      begin(run, { ...sequence(), deltaLink: checkpoint.value.deltaLink });
    } else if (failure) return failure;
    else if (expired.some(({ restarts }) => restarts >= RESTARTS_MAX)) return fail({ code: 'page-expired' });
    else for (const range of expired) restart(run, checkpoint.value, range);
    await run.save();
  }
}

async function beginOrGoOn(run: ActiveRun, { fields }: UserScope): Promise<Result<UsersCheckpoint>> {
  if (run.checkpoint) return ok(run.checkpoint);
  const graph = run.ctx.microsoft.graph(run.claim.directoryId);
  const [plan, link] = await Promise.all([
    planFullRead(run),
    latestDeltaLink(graph, { ...run.callOptions('users'), fields }),
  ]);
  if (!plan.ok) return plan;
  const deltaLink = unlessWithoutDelta(run, link);
  return deltaLink.ok ? ok(begin(run, { ...plan.value, deltaLink: deltaLink.value ?? null })) : deltaLink;
}

function begin(run: ActiveRun, checkpoint: UsersCheckpoint): UsersCheckpoint {
  Object.assign(run.record('users'), { received: 0, expected: checkpoint.expected });
  run.checkpoint = checkpoint;
  run.touch();
  return checkpoint;
}

/** Has a range read anew from its beginning. */
function restart(run: ActiveRun, checkpoint: UsersCheckpoint, range: RangeCheckpoint): void {
  const record = run.record('users');
  record.restarts += 1;
  record.received -= range.received;
  checkpoint.pages -= range.pages;
  Object.assign(range, { nextLink: null, pages: 0, received: 0, leftOut: 0, restarts: range.restarts + 1 });
}

type FetchedPage = {
  readonly range: RangeCheckpoint;
  readonly pageNo: number;
  readonly received: number;
  /** Ids of rows that are in the directory and not kept. */
  readonly leftOut: readonly string[];
  readonly nextLink: string | undefined;
  readonly users: ReturnType<typeof hashUsers>;
  readonly ids: ReadonlySet<string>;
  written: number;
};

type RangesRead = {
  readonly failure: Failure | undefined;
  /** Ranges whose links are no longer good. */
  readonly expired: readonly RangeCheckpoint[];
};

/** Reads and writes the pages of all ranges from where each stands. After a failure nothing new is begun. */
async function readRanges(
  run: ActiveRun,
  checkpoint: UsersCheckpoint,
  scope: UserScope,
): Promise<RangesRead> {
  const record = run.record('users');
  const open = checkpoint.ranges.filter(({ isDone }) => !isDone);
  const expired: RangeCheckpoint[] = [];
  let failure: Failure | undefined;
  if (open.length === 0) return { failure, expired };
  await forgetPagesAfter(run.pool, run.lease, checkpoint.ranges);
  const kept = {
    reselected: scope.reselected,
    compares: await hasUsers(run.pool, run.lease),
    leavesChanges: await leavesChanges(run.pool, run.lease),
  };
  const window = new PageWindow(run.reading.pagesAtFirst, run.reading.pagesMax);
  const graph = run.ctx.microsoft.graph(run.claim.directoryId);
  const options = watched(run, window);

  async function* pagesOf(range: RangeCheckpoint): AsyncGenerator<FetchedPage> {
    if (failure) return;
    let { pages: pageNo } = range;
    let emptyPages = 0;
    const part = partOf(range);
    const pages = userPages(graph, {
      ...options,
      fields: scope.fields,
      ...(range.nextLink !== null && { startLink: range.nextLink }),
      ...(part && { part }),
    });
    for await (const page of pages) {
      if (!page.ok) {
        if (page.problem.code === 'page-expired') expired.push(range);
        else failure ??= page;
        return;
      }
      window.succeeded(run.ctx.clock());
      emptyPages = page.value.users.length === 0 ? emptyPages + 1 : 0;
      if (emptyPages > EMPTY_PAGES_MAX) {
        failure ??= fail({ code: 'upstream-shape', where: '/users: endless empty pages' });
        return;
      }
      if (part === undefined && page.value.expected !== undefined) {
        record.expected = page.value.expected;
        checkpoint.expected = page.value.expected;
      }
      pageNo += 1;
      const within = withinScope(page.value.users, scope);
      const users = hashUsers(within.users);
      yield {
        range,
        pageNo,
        received: within.users.length,
        leftOut: [...page.value.leftOut, ...within.leftOut],
        nextLink: page.value.nextLink,
        users,
        ids: new Set(users.map(({ id }) => id)),
        written: 0,
      };
      if (failure) return;
    }
  }

  await pipeline(
    sideBySide(open.map(pagesOf), () => window.width),
    {
      width: WRITERS,
      // A user who moves to a later page during the read is there twice; the later page is the fresher one.
      overlaps: (earlier, later) => later.users.some(({ id }) => earlier.ids.has(id)),
      async write(item) {
        const { range, pageNo, users, leftOut } = item;
        const importedAt = run.ctx.clock();
        const page = { importedAt, rangeNo: range.no, pageNo, users, leftOut, ...kept };
        item.written = await run.turn.take(() => writeUserPage(run.pool, run.lease, page), run.signal);
      },
      onWritten({ range, pageNo, received, leftOut, nextLink, written }) {
        record.received += received;
        record.written += written;
        range.received += received;
        range.leftOut += leftOut.length;
        range.pages = pageNo;
        range.nextLink = nextLink ?? null;
        range.isDone = nextLink === undefined;
        checkpoint.pages += 1;
        run.advance();
      },
    },
  );
  return { failure, expired };
}

/** The calls of the read, with what Microsoft says of their number. */
function watched(run: ActiveRun, window: PageWindow): CallOptions {
  const options = run.callOptions('users');
  return {
    ...options,
    onAnswer(answer) {
      window.used(answer.headers.get('x-ms-throttle-limit-percentage'), run.ctx.clock());
      options.onAnswer?.(answer);
    },
    onRetry(retry) {
      if (retry.reason === 'throttled') window.throttled(run.ctx.clock());
      options.onRetry?.(retry);
    },
  };
}
