import { z } from 'zod';
import { fail, ok, type Result } from '#lib/core/result.ts';
import type { CallOptions } from '../http/call-options.ts';
import { readBatch } from './batch.ts';
import type { GraphClient, GraphQuery } from './client.ts';

/** The most values that Graph takes in one `in`. @see https://learn.microsoft.com/graph/filter-query-parameter */
const IDS_MAX = 15;

const Envelope = z.object({ value: z.array(z.unknown()), '@odata.nextLink': z.string().nullish() });

type Rows<T> = { readonly rows: readonly T[]; readonly nextLink: string | undefined };

/**
 * The rows of a collection with these ids, in any order; what does not exist is not among them. Three hundred ids take
 * one request.
 */
export async function readByIds<T>(
  graph: GraphClient,
  ids: readonly string[],
  query: Omit<GraphQuery, 'filter' | 'link'>,
  readRows: (rows: readonly unknown[]) => readonly T[] | undefined,
  options?: CallOptions,
): Promise<Result<readonly T[]>> {
  const parse = (json: unknown): Rows<T> | undefined => {
    const envelope = Envelope.safeParse(json).data;
    const rows = envelope && readRows(envelope.value);
    return rows && { rows, nextLink: envelope['@odata.nextLink'] || undefined };
  };
  const queries: GraphQuery[] = [];
  for (let from = 0; from < ids.length; from += IDS_MAX) {
    const named = ids.slice(from, from + IDS_MAX).map((id) => `'${id}'`);
    queries.push({ ...query, filter: `id in (${named.join(',')})` });
  }
  const [only] = queries;
  const pages =
    only && queries.length === 1
      ? [await graph.read(only, parse, options)]
      : await readBatch(graph, queries, parse, options);
  const found: T[] = [];
  for (let page of pages) {
    const seen = new Set<string>();
    for (;;) {
      if (!page.ok) return page;
      found.push(...page.value.rows);
      const link: string | undefined = page.value.nextLink;
      if (link === undefined) break;
      // A link that comes back would go round for ever.
      if (seen.has(link)) return fail({ code: 'upstream-shape', where: `${query.path}: repeated nextLink` });
      seen.add(link);
      page = await graph.read({ ...query, link }, parse, options);
    }
  }
  return ok(found);
}
