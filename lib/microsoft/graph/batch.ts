import { z } from 'zod';
import { fail, ok, type Result } from '#lib/core/result.ts';
import type { CallOptions } from '../http/call-options.ts';
import type { Bundle, HttpAnswer } from '../http/http.ts';
import { readServiceProblem } from '../http/problems.ts';
import { type GraphClient, type GraphQuery, relativeUrl } from './client.ts';
import { resourceUnits } from './resource-units.ts';

/** The most that Graph takes in one batch. */
const BATCH_MAX = 20;
const PATH = '/$batch';

const Responses = z.object({
  responses: z.array(
    z.object({
      id: z.string(),
      status: z.number().int(),
      headers: z.record(z.string(), z.coerce.string()).nullish(),
      body: z.unknown().optional(),
    }),
  ),
});

/**
 * Several reads in one request: what becomes of each, in their order. Graph answers them in any order, and throttles
 * each by itself; those that are told to wait are sent again, together and alone, within the patience of the options.
 * Problems of each: those of its own answer; where the whole was refused, those of that.
 * @see https://learn.microsoft.com/graph/json-batching
 */
export async function readBatch<T>(
  graph: GraphClient,
  queries: readonly GraphQuery[],
  parse: (json: unknown) => T | undefined,
  options?: CallOptions,
): Promise<Result<T>[]> {
  const results: Result<T>[] = [];
  for (let from = 0; from < queries.length; from += BATCH_MAX)
    results.push(...(await readOneBatch(graph, queries.slice(from, from + BATCH_MAX), parse, options)));
  return results;
}

async function readOneBatch<T>(
  graph: GraphClient,
  queries: readonly GraphQuery[],
  parse: (json: unknown) => T | undefined,
  options?: CallOptions,
): Promise<Result<T>[]> {
  const requests = new Map(queries.map((query, index) => [String(index), requestOf(query, String(index))]));
  const answers = new Map<string, HttpAnswer>();
  let isUnderstood = true;
  const bundle: Bundle = {
    split(answer) {
      if (answer.status !== 200) return new Map();
      const parts = readParts(answer.json);
      isUnderstood = parts !== undefined;
      return new Map([...(parts ?? [])].filter(([id]) => requests.has(id)));
    },
    settle: (id, answer) => answers.set(id, answer),
    bodyFor: (ids) => JSON.stringify({ requests: ids.map((id) => requests.get(id)) }),
  };
  const units = queries.reduce((sum, query) => sum + resourceUnits(relativeUrl(query)), 0);
  const body = { requests: [...requests.values()] };
  const sent = await graph.post(PATH, { body, bundle, units }, options);
  const rest = sent.ok ? afterAll(sent.value, isUnderstood) : sent;
  return queries.map((query, index) => {
    const answer = answers.get(String(index));
    return answer ? readAnswer(query, answer, parse) : rest;
  });
}

const requestOf = (query: GraphQuery, id: string): object => ({
  id,
  method: 'GET',
  url: relativeUrl(query),
  ...(query.isAdvanced && { headers: { ConsistencyLevel: 'eventual' } }),
});

/** What is said of a request that has no answer of its own. */
function afterAll(answer: HttpAnswer, isUnderstood: boolean): Result<never> {
  if (answer.status !== 200) return fail(readServiceProblem('graph', answer));
  return fail({ code: 'upstream-shape', where: isUnderstood ? `${PATH}: no answer` : PATH });
}

function readAnswer<T>(
  query: GraphQuery,
  answer: HttpAnswer,
  parse: (json: unknown) => T | undefined,
): Result<T> {
  if (answer.status !== 200) return fail(readServiceProblem('graph', answer, query.permission));
  const value = parse(answer.json);
  return value === undefined ? fail({ code: 'upstream-shape', where: query.path }) : ok(value);
}

function readParts(json: unknown): ReadonlyMap<string, HttpAnswer> | undefined {
  const read = Responses.safeParse(json).data;
  return (
    read &&
    new Map(
      read.responses.map(({ id, status, headers, body }) => [
        id,
        { status, headers: readHeaders(headers ?? {}), text: '', json: body },
      ]),
    )
  );
}

/** A header that no answer could have had is left out: it must not cost the other nineteen answers. */
function readHeaders(named: Readonly<Record<string, string>>): Headers {
  const headers = new Headers();
  for (const [name, value] of Object.entries(named)) {
    try {
      headers.append(name, value);
    } catch {
      // Not a header.
    }
  }
  return headers;
}
