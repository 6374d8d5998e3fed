import type { z } from 'zod';
import { fail, ok, type Result } from '#lib/core/result.ts';
import type { CallOptions } from '../http/call-options.ts';
import { type GraphClient, type GraphQuery, shaped } from './client.ts';
import { collectionOf } from './collection.ts';

/** Far more pages than any small collection has; a longer list is not what we think it is. */
const PAGES_MAX = 1000;

/** How often a read begins anew because Microsoft let its links expire. */
const RESTARTS_MAX = 2;

/**
 * All rows of a small collection, from its first page to its last one; from the beginning where its links expired
 * meanwhile. Problems: those of a read; upstream-shape where the links go round or do not end.
 */
export async function readAllPages<T>(
  graph: GraphClient,
  query: GraphQuery,
  row: z.ZodType<T>,
  options?: CallOptions,
): Promise<Result<T[]>> {
  let read = await readOnce(graph, query, row, options);
  for (let restart = 0; restart < RESTARTS_MAX; restart += 1) {
    if (read.ok || read.problem.code !== 'page-expired') break;
    read = await readOnce(graph, query, row, options);
  }
  return read;
}

async function readOnce<T>(
  graph: GraphClient,
  query: GraphQuery,
  row: z.ZodType<T>,
  options?: CallOptions,
): Promise<Result<T[]>> {
  const rows: T[] = [];
  const seen = new Set<string>();
  let link: string | undefined;
  for (let page = 0; page < PAGES_MAX; page += 1) {
    const read = await graph.read({ ...query, link }, shaped(collectionOf(row)), options);
    if (!read.ok) return read;
    rows.push(...read.value.value);
    link = read.value['@odata.nextLink'];
    if (!link) return ok(rows);
    if (seen.has(link)) break;
    seen.add(link);
  }
  return fail({ code: 'upstream-shape', where: `${query.path}: endless pages` });
}
