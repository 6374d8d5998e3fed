import { Client, type Context, type Middleware, ResponseType } from '@microsoft/microsoft-graph-client';
import type { z } from 'zod';
import type { DirectoryId } from '#lib/core/ids.ts';
import { fail, ok, type Result } from '#lib/core/result.ts';
import type { CallOptions } from '../http/call-options.ts';
import type { Bearer, Bundle, Http, HttpAnswer } from '../http/http.ts';
import { readServiceProblem } from '../http/problems.ts';
import { resourceUnits } from './resource-units.ts';

/** Graph in one tenant, as our application. Made by `createMicrosoftClients`; the calls are beside this file. */
export type GraphClient = {
  readonly directoryId: DirectoryId;
  /** Reads one resource or one page. `parse` turns a good body into the value, or undefined if it has another shape. */
  read<T>(
    query: GraphQuery,
    parse: (json: unknown) => T | undefined,
    options?: CallOptions,
  ): Promise<Result<T>>;
  /** Sends several requests as one; what becomes of each the bundle is told. See `readBatch`. */
  post(
    path: string,
    input: { readonly body: object; readonly bundle: Bundle; readonly units: number },
    options?: CallOptions,
  ): Promise<Result<HttpAnswer>>;
};

export type GraphQuery = {
  /** Below `/v1.0`, with its own parts encoded. */
  readonly path: string;
  readonly select?: readonly string[];
  readonly expand?: string;
  readonly filter?: string;
  readonly top?: number;
  /** Asks for the number of all rows; needs an advanced query, as `isAdvanced` makes it. */
  readonly count?: boolean;
  /** Begins a delta query that names changes from now on, instead of one over everything. */
  readonly deltaToken?: 'latest';
  /** `ConsistencyLevel: eventual`; links do not remember it, so it is sent with each page. */
  readonly isAdvanced?: boolean;
  /** A link from an answer; it goes out verbatim instead of everything above. */
  readonly link?: string;
  /** What the call needs, named when it is missing. */
  readonly permission: string;
};

export type GraphSettings = { readonly http: Http; readonly graphUrl: string; readonly bearer: Bearer };

/** One call's way through the Graph package: what it asks for goes in, what came of it comes out. */
class GraphCall {
  readonly options: CallOptions;
  readonly link: string | undefined;
  readonly bundle: Bundle | undefined;
  readonly units: number | undefined;
  outcome: Result<HttpAnswer> | undefined;

  constructor(
    options: CallOptions,
    more: { readonly link?: string; readonly bundle?: Bundle; readonly units?: number },
  ) {
    this.options = options;
    this.link = more.link;
    this.bundle = more.bundle;
    this.units = more.units;
  }
}

export function createGraphClient(settings: GraphSettings, directoryId: DirectoryId): GraphClient {
  const client = Client.initWithMiddleware({
    baseUrl: settings.graphUrl,
    defaultVersion: 'v1.0',
    middleware: exchange(settings, `graph ${directoryId}`),
  });
  return {
    directoryId,
    async read(query, parse, options = {}) {
      const call = new GraphCall(
        { patience: 'background', ...options },
        query.link === undefined ? {} : { link: query.link },
      );
      await buildRequest(client, query).middlewareOptions([call]).get();
      if (!call.outcome) throw new Error('The Graph client ended without sending the request.');
      if (!call.outcome.ok) return call.outcome;
      const answer = call.outcome.value;
      if (answer.status !== 200) return fail(readServiceProblem('graph', answer, query.permission));
      const value = parse(answer.json);
      return value === undefined ? fail({ code: 'upstream-shape', where: query.path }) : ok(value);
    },
    async post(path, { body, bundle, units }, options = {}) {
      const call = new GraphCall({ patience: 'background', ...options }, { bundle, units });
      await client.api(path).responseType(ResponseType.RAW).middlewareOptions([call]).post(body);
      if (!call.outcome) throw new Error('The Graph client ended without sending the request.');
      return call.outcome;
    },
  };
}

/** A `parse` for `read` from a schema. */
export const shaped =
  <T>(schema: z.ZodType<T>) =>
  (json: unknown): T | undefined =>
    schema.safeParse(json).data;

/** The address of a query below `/v1.0`, as a batch names it. */
export function relativeUrl(query: GraphQuery): string {
  const options = {
    $select: query.select?.join(','),
    $expand: query.expand,
    $filter: query.filter,
    $top: query.top,
    $count: query.count,
  };
  const parts = Object.entries(options).flatMap(([name, value]) =>
    value === undefined ? [] : [`${name}=${encodeURIComponent(value)}`],
  );
  return parts.length > 0 ? `${query.path}?${parts.join('&')}` : query.path;
}

function buildRequest(client: Client, query: GraphQuery) {
  const request = client.api(query.path).responseType(ResponseType.RAW);
  if (query.select) request.select([...query.select]);
  if (query.expand) request.expand(query.expand);
  if (query.filter) request.filter(query.filter);
  if (query.top) request.top(query.top);
  if (query.count) request.count(true);
  if (query.deltaToken) request.query({ $deltatoken: query.deltaToken });
  if (query.isAdvanced) request.header('ConsistencyLevel', 'eventual');
  return request;
}

/**
 * The only link of the middleware chain. Microsoft's own handlers attach tokens only to https and to hosts they
 * know, repeat without an upper bound of time and follow redirects; our HTTP layer does that part for all services.
 */
function exchange({ http, graphUrl, bearer }: GraphSettings, quota: string): Middleware {
  return {
    async execute(context: Context) {
      const call = context.middlewareControl?.getMiddlewareOptions(GraphCall);
      if (!(call instanceof GraphCall)) throw new Error('A Graph request was made past GraphClient.');
      // The package takes a link apart and puts it together in another order, and only knows https.
      const url = call.link ?? String(context.request);
      call.outcome = await http.send({
        ...call.options,
        service: 'graph',
        origin: graphUrl,
        method: context.options?.method ?? 'GET',
        url,
        units: call.units ?? resourceUnits(url),
        ...(call.bundle && { bundle: call.bundle, body: String(context.options?.body) }),
        headers: Object.fromEntries(new Headers(context.options?.headers)),
        bearer,
        quota,
      });
      context.response = new Response(null, { status: 204 });
    },
  };
}
