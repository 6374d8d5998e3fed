import { z } from 'zod';
import { fail, ok, type Result } from '#lib/core/result.ts';
import type { CallOptions } from '../http/call-options.ts';
import type { Bearer, Http, HttpAnswer, HttpRequest } from '../http/http.ts';
import { readServiceProblem } from '../http/problems.ts';

/**
 * Azure Resource Manager as our application or as a person. Made by `createMicrosoftClients`; the calls are beside
 * this file. Why not through Microsoft's packages: docs/decisions/004-resource-manager-without-packages.md
 */
export type ArmClient = {
  /** Every row of a list, over all its pages; `path` is below the origin, with `api-version`. */
  list<T>(path: string, row: z.ZodType<T>, options?: CallOptions): Promise<Result<T[]>>;
  /** Writes a resource and tells the status, which tells a new one (201) from one that was there (200). */
  put(path: string, body: object, options?: CallOptions): Promise<Result<{ readonly status: number }>>;
  /** One resource. */
  get<T>(path: string, answer: z.ZodType<T>, options?: CallOptions): Promise<Result<T>>;
  /** An action on a resource, with the answer's body. */
  post<T>(
    path: string,
    body: object,
    answer: z.ZodType<T>,
    options?: CallOptions,
  ): Promise<Result<{ readonly status: number; readonly value: T }>>;
  /** Deletes a resource and tells the status, which tells one that was there (200) from one that was not (204). */
  delete(path: string, options?: CallOptions): Promise<Result<{ readonly status: number }>>;
};

export type ArmSettings = {
  readonly http: Http;
  readonly armUrl: string;
  readonly bearer: Bearer;
  /** Names the caller, since Resource Manager counts the requests of each one. */
  readonly quota: string;
};

/** Far more pages than any list here has; a longer one goes round in a circle. */
const PAGES_MAX = 1000;

/** Cost Management counts for itself, and is told to wait far more often: the others need not wait with it. */
const COSTS = /\/providers\/Microsoft\.CostManagement\//i;

export function createArmClient({ http, armUrl, bearer, quota }: ArmSettings): ArmClient {
  const send = async (
    request: Pick<HttpRequest, 'method' | 'url' | 'headers' | 'body'>,
    options?: CallOptions,
  ) => {
    const answered = await http.send({
      ...options,
      ...request,
      service: 'arm',
      origin: armUrl,
      bearer,
      quota: COSTS.test(request.url) ? `${quota} costs` : quota,
    });
    if (!answered.ok || isSuccess(answered.value)) return answered;
    return fail(readServiceProblem('arm', answered.value));
  };
  return {
    async list<T>(path: string, row: z.ZodType<T>, options?: CallOptions) {
      const Page = z.object({ value: z.array(row), nextLink: z.string().nullish() });
      const rows: T[] = [];
      let url = armUrl + path;
      for (let page = 0; page < PAGES_MAX; page += 1) {
        const answered = await send({ method: 'GET', url }, options);
        if (!answered.ok) return answered;
        const parsed = Page.safeParse(answered.value.json);
        if (!parsed.success) break;
        for (const item of parsed.data.value) rows.push(item);
        if (!parsed.data.nextLink) return ok(rows);
        url = parsed.data.nextLink;
      }
      return fail({ code: 'upstream-shape', where: path });
    },
    async put(path, body, options) {
      const answered = await send({ method: 'PUT', url: armUrl + path, ...asJson(body) }, options);
      return answered.ok ? ok({ status: answered.value.status }) : answered;
    },
    async get(path, answer, options) {
      const answered = await send({ method: 'GET', url: armUrl + path }, options);
      return answered.ok ? readBody(path, answered.value, answer) : answered;
    },
    async post(path, body, answer, options) {
      const answered = await send({ method: 'POST', url: armUrl + path, ...asJson(body) }, options);
      if (!answered.ok) return answered;
      const { status } = answered.value;
      const read = readBody(path, answered.value, answer);
      return read.ok ? ok({ status, value: read.value }) : read;
    },
    async delete(path, options) {
      const answered = await send({ method: 'DELETE', url: armUrl + path }, options);
      return answered.ok ? ok({ status: answered.value.status }) : answered;
    },
  };
}

const asJson = (body: object) => ({
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(body),
});

function readBody<T>(path: string, { json }: HttpAnswer, answer: z.ZodType<T>): Result<T> {
  const parsed = answer.safeParse(json);
  return parsed.success ? ok(parsed.data) : fail({ code: 'upstream-shape', where: path });
}

function isSuccess({ status }: HttpAnswer): boolean {
  return status >= 200 && status < 300;
}
