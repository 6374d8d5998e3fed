import { fail, ok, type Result } from '#lib/core/result.ts';
import { countUsers, type UserPage, userPages } from '#lib/microsoft/graph/users.ts';
import type { ActiveRun, PhaseEnd } from '../../active-run.ts';
import { pipeline } from '../../pipeline.ts';
import { leavesChanges } from './changes.ts';
import { hashUsers } from './map.ts';
import { retireUnreadUsers } from './retire.ts';
import { readUserScope, type UserScope, withinScope } from './scope.ts';
import { settleUsers } from './settle.ts';
import { countReadUsers, deletePages, forgetPagesAfter, hasUsers, writeUserPage } from './write.ts';

/** Statements under way at a time: while the database works on one, the next one is on its way. */
const WRITERS = 2;
/** How often a read may begin anew because Microsoft let its links expire. */
const RESTARTS_MAX = 3;
/** More pages without a single user in a row than any directory has. */
const EMPTY_PAGES_MAX = 1000;

/**
 * Reads all users with their managers and licences. Pages are written as they come; when all have come, users who
 * are on none of them are retired. Goes on from the checkpoint of an earlier attempt. A read that fails, or brought
 * fewer users than Microsoft counts, retires nobody.
 */
export async function importUsers(run: ActiveRun): Promise<Result<undefined>> {
  const record = run.record('users');
  const scope = await readUserScope(run.pool, run.lease);
  for (;;) {
    const read = await readUsers(run, scope);
    if (read.ok) break;
    if (read.problem.code !== 'page-expired' || record.restarts >= RESTARTS_MAX) return read;
    record.restarts += 1;
    run.checkpoint = undefined;
    await run.save();
  }
  const received = await countReadUsers(run.pool, run.lease);
  const missing = await countMissing(run, received);
  if (!missing.ok) return missing;
  await run.endPhase('users', async (client): Promise<PhaseEnd> => {
    const isComplete = missing.value === 0;
    const retired = isComplete ? await retireUnreadUsers(client, run.lease, run.ctx.clock()) : 0;
    await deletePages(client, run.lease);
    const expected = received + missing.value;
    const settled = await settleUsers(client, run.lease, { now: run.ctx.clock(), scope, isComplete });
    if (isComplete) return { state: 'completed', received, expected, retired, ...settled };
    return {
      state: 'partial',
      ...settled,
      received,
      expected,
      problem: { code: 'read-incomplete', received, expected },
    };
  });
  return ok(undefined);
}

/**
 * How many users the read lacks by Microsoft's own count. A read takes a while, so where fewer came than were
 * announced at its beginning, or nothing was announced, the count of now decides: who was deleted meanwhile is not
 * missing.
 */
async function countMissing(run: ActiveRun, received: number): Promise<Result<number>> {
  const counted = received + (run.checkpoint?.leftOut ?? 0);
  const announced = run.record('users').expected;
  // Nobody at all is not believed: a directory has at least the one who set it up.
  if (announced !== null && counted >= Math.max(announced, 1)) return ok(0);
  const now = await countUsers(usersOf(run), run.callOptions('users'));
  if (!now.ok) return now;
  return ok(Math.max(0, Math.max(now.value ?? announced ?? counted, 1) - counted));
}

const usersOf = (run: ActiveRun) => run.ctx.microsoft.graph(run.claim.directoryId);

type FetchedPage = {
  readonly pageNo: number;
  readonly page: UserPage;
  readonly users: ReturnType<typeof hashUsers>;
  readonly ids: ReadonlySet<string>;
  written: number;
};

/** Reads and writes pages from the checkpoint to the end. */
async function readUsers(run: ActiveRun, scope: UserScope): Promise<Result<undefined>> {
  const record = run.record('users');
  const start = run.checkpoint ?? { nextLink: null, pages: 0, leftOut: 0 };
  if (start.pages > 0 && start.nextLink === null) return ok(undefined);
  if (start.pages === 0) Object.assign(record, { received: 0, expected: null });
  await forgetPagesAfter(run.pool, run.lease, start.pages);
  const kept = {
    reselected: scope.reselected,
    compares: await hasUsers(run.pool, run.lease),
    leavesChanges: await leavesChanges(run.pool, run.lease),
  };
  let failure: Result<undefined> = ok(undefined);

  async function* fetched(): AsyncGenerator<FetchedPage> {
    let { pages: pageNo } = start;
    let emptyPages = 0;
    const pages = userPages(usersOf(run), {
      ...run.callOptions('users'),
      fields: scope.fields,
      ...(start.nextLink !== null && { startLink: start.nextLink }),
    });
    for await (const page of pages) {
      if (!page.ok) {
        failure = page;
        return;
      }
      emptyPages = page.value.users.length === 0 ? emptyPages + 1 : 0;
      if (emptyPages > EMPTY_PAGES_MAX) {
        failure = fail({ code: 'upstream-shape', where: '/users: endless empty pages' });
        return;
      }
      if (page.value.expected !== undefined) record.expected = page.value.expected;
      pageNo += 1;
      const within = withinScope(page.value.users, scope);
      const users = hashUsers(within.users);
      const leftOut = page.value.leftOut + within.leftOut;
      yield {
        pageNo,
        page: { ...page.value, users: within.users, leftOut },
        users,
        ids: new Set(users.map(({ id }) => id)),
        written: 0,
      };
    }
  }

  await pipeline(fetched(), {
    width: WRITERS,
    // A user who moves to a later page during the read is there twice; the later page is the fresher one.
    overlaps: (earlier, later) => later.users.some(({ id }) => earlier.ids.has(id)),
    async write(item) {
      const { pageNo, users } = item;
      const importedAt = run.ctx.clock();
      item.written = await writeUserPage(run.pool, run.lease, { importedAt, pageNo, users, ...kept });
    },
    onWritten({ pageNo, page, written }) {
      record.received += page.users.length;
      record.written += written;
      const leftOut = (run.checkpoint?.leftOut ?? start.leftOut) + page.leftOut;
      run.checkpoint = { phase: 'users', nextLink: page.nextLink ?? null, pages: pageNo, leftOut };
      run.advance();
    },
  });
  return failure;
}
