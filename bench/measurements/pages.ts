import { UserListQuery } from '#lib/domain/users/model.ts';
import { listUsers } from '#lib/domain/users/queries.ts';
import type { Bench, Measurement } from '../bench.ts';
import { type Figure, type Pair, toFigure } from '../figures.ts';
import type { FilledDirectory } from '../filled-directory.ts';
import { CONNECTIONS, measureThroughput, type Target } from '../http-load.ts';
import { SKUS } from '../load/directory.ts';
import { startBarePage, startPortal } from '../next-servers.ts';
import { withScope } from '../scope.ts';
import { signIn } from '../session.ts';

const SECONDS = 3;
const USERS_PER_PAGE = 50;
const PAGES_DEEP = 400;

type Subject = { readonly name: string; readonly path: string; readonly rows: number };

/** How many requests a second the lists answer, against a bare page of the same framework with as many rows. */
export const pages: Measurement = {
  name: 'pages',
  async measure(bench) {
    const directory = await bench.filledDirectory();
    const subjects = await subjectsOf(directory);
    return withScope(bench.scope, async (scope) => {
      const portal = await startPortal(scope, directory.env);
      const bare = await startBarePage(scope);
      const cookie = await signIn(portal.url);
      const figures: Figure[] = [];
      for (const subject of subjects) {
        const ours = { url: portal.url + subject.path, cookie };
        figures.push(await compare(bench, subject, { url: `${bare.url}/?rows=${subject.rows}` }, ours));
      }
      return figures;
    });
  },
};

async function subjectsOf(directory: FilledDirectory): Promise<readonly Subject[]> {
  const users = (name: string, query: string) => ({ name, path: `/users${query}`, rows: USERS_PER_PAGE });
  return [
    { name: 'pages-licenses', path: '/licenses', rows: SKUS.length },
    users('pages-users', ''),
    users('pages-users-search', '?q=fischer'),
    users('pages-users-sort', '?sort=department'),
    users('pages-users-deep', `?after=${await deepCursor(directory)}`),
  ];
}

/** Goes through the list as a person would who has much patience. */
async function deepCursor({ product, tenant }: FilledDirectory): Promise<string> {
  const actor = { type: 'job', job: 'bench', organizationId: tenant.organizationId } as const;
  const ctx = { ...product.services, actor };
  let after: string | undefined;
  for (let page = 0; page < PAGES_DEEP; page += 1) {
    const listed = await listUsers(ctx, UserListQuery.parse({ after }));
    if (!listed.ok || !listed.value.next) throw new Error(`The list of users ends at page ${page}.`);
    after = listed.value.next;
  }
  return after ?? '';
}

async function compare(bench: Bench, { name, rows }: Subject, bare: Target, ours: Target): Promise<Figure> {
  const pairs: Pair[] = [];
  for (let run = 1; run <= bench.runs; run += 1) {
    // More requests a second are better, so the bare page is above the line.
    const measured = await measureThroughput(bare, SECONDS);
    const reference = await measureThroughput(ours, SECONDS);
    bench.say(`${name} ${run}: ${formatRate(measured)} ÷ ${formatRate(reference)}`);
    pairs.push({ measured, reference });
  }
  return toFigure({
    name,
    reference: `bare Next page of ${rows} rows`,
    target: 1.25,
    pairs,
    format: formatRate,
    note: `the bare page's rate divided by ours, ${CONNECTIONS} connections, 100,000 users`,
  });
}

const formatRate = (perSecond: number): string => `${Math.round(perSecond)}/s`;
