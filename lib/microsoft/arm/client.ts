import { AuthorizationManagementClient } from '@azure/arm-authorization';
import { SubscriptionClient } from '@azure/arm-resources-subscriptions';
import {
  bearerTokenAuthenticationPolicyName,
  createHttpHeaders,
  type HttpClient,
  type Pipeline,
  type PipelineResponse,
} from '@azure/core-rest-pipeline';
import { fail, ok, type Result } from '#lib/core/result.ts';
import type { Log } from '#lib/log/log.ts';
import type { CallOptions } from '../http/call-options.ts';
import type { Bearer, Http, HttpAnswer } from '../http/http.ts';
import { ProblemError } from '../http/problem-error.ts';
import { readServiceProblem } from '../http/problems.ts';

/** Azure Resource Manager as our application or as a person. Made by `createMicrosoftClients`. */
export type ArmClient = {
  /** Runs calls of Microsoft's packages; a refusal anywhere in them becomes the Problem. */
  call<T>(run: (sdk: ArmSdk) => Promise<T>, options?: CallOptions): Promise<Result<T>>;
  /** GET of a path below the origin, for what the packages do not offer. */
  get(pathOrLink: string, options?: CallOptions): Promise<Result<unknown>>;
};

export type ArmSdk = {
  readonly subscriptions: SubscriptionClient['subscriptions'];
  readonly roleAssignments: AuthorizationManagementClient['roleAssignments'];
};

export type ArmSettings = {
  readonly http: Http;
  readonly armUrl: string;
  readonly bearer: Bearer;
  readonly log: Log;
};

export function createArmClient(settings: ArmSettings): ArmClient {
  const send = async (request: ArmRequest, options: CallOptions): Promise<HttpAnswer> => {
    const answered = await settings.http.send({
      ...options,
      ...request,
      service: 'arm',
      origin: settings.armUrl,
      bearer: settings.bearer,
    });
    if (!answered.ok) throw new ProblemError(answered.problem);
    const answer = answered.value;
    if (answer.status < 200 || answer.status > 299) throw new ProblemError(readServiceProblem('arm', answer));
    return answer;
  };
  return {
    call: (run, options = {}) => {
      const sdk = createSdk(settings.armUrl, (request) => send(request, options));
      return caught(() => run(sdk), settings.log, options.signal);
    },
    get: (pathOrLink, options = {}) => {
      const url = URL.canParse(pathOrLink) ? pathOrLink : settings.armUrl + pathOrLink;
      const read = async () => (await send({ method: 'GET', url }, options)).json;
      return caught(read, settings.log, options.signal);
    },
  };
}

type ArmRequest = {
  readonly method: string;
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
};

/**
 * Microsoft's packages on our HTTP layer, made anew for each call, since a package's client has no place for the
 * call's signal and hooks. Their own tokens and repetitions are switched off: bearer tokens over http are refused
 * there even for localhost, and a throttled request would be repeated in two places.
 */
function createSdk(endpoint: string, send: (request: ArmRequest) => Promise<HttpAnswer>): ArmSdk {
  const httpClient: HttpClient = {
    async sendRequest(request): Promise<PipelineResponse> {
      const { method, url, headers, body } = request;
      const answer = await send({
        method,
        url,
        headers: headers.toJSON(),
        body: typeof body === 'string' ? body : undefined,
      });
      return {
        request,
        status: answer.status,
        headers: createHttpHeaders(Object.fromEntries(answer.headers)),
        bodyAsText: answer.text,
      };
    },
  };
  const credential = { getToken: async () => null };
  const options = { endpoint, httpClient, retryOptions: { maxRetries: 0 } };
  const subscriptions = new SubscriptionClient(credential, options);
  // The scope is given with each call; the constructor's subscription is for operations we do not use.
  const authorization = new AuthorizationManagementClient(credential, '', { ...options, $host: endpoint });
  for (const pipeline of [subscriptions.pipeline, authorization.pipeline]) withoutToken(pipeline);
  return {
    subscriptions: subscriptions.subscriptions,
    roleAssignments: authorization.roleAssignments,
  };
}

function withoutToken(pipeline: Pipeline): void {
  pipeline.removePolicy({ name: bearerTokenAuthenticationPolicyName });
}

/**
 * What goes out is decided in `send`, so anything else that a package throws is its way of saying that it could not
 * read the answer.
 */
async function caught<T>(
  run: () => Promise<T>,
  log: Log,
  signal: AbortSignal | undefined,
): Promise<Result<T>> {
  try {
    return ok(await run());
  } catch (error) {
    signal?.throwIfAborted();
    if (error instanceof ProblemError) return fail(error.problem);
    log.warn('an answer of Azure Resource Manager could not be read', { error });
    return fail({ code: 'upstream-shape', where: 'Azure Resource Manager' });
  }
}
