import { createPrivateKey, X509Certificate } from 'node:crypto';
import { ConfidentialClientApplication, type INetworkModule, type NodeAuthOptions } from '@azure/msal-node';
import type { Credential } from '#lib/config/clouds.ts';
import type { DirectoryId } from '#lib/core/ids.ts';
import type { Problem } from '#lib/core/problem.ts';
import { fail, ok, type Result } from '#lib/core/result.ts';
import type { CallOptions } from '../http/call-options.ts';
import type { HttpAnswer } from '../http/http.ts';
import { type EntraClient, type RegistrationName, registrationOf, tenantUrl } from './client.ts';
import { msalProblem } from './msal-problems.ts';
import { entraProblem, readOauthError } from './problems.ts';

/** Who is asked for a token: one tenant, or whichever one a person's work or school account belongs to. */
export type Authority = DirectoryId | 'organizations';

export type MsalRequest = {
  readonly registration: RegistrationName;
  readonly directoryId: Authority;
};

/**
 * Runs one token request with an MSAL application of its own, so that nothing of it stays in MSAL's cache. The
 * refusal is read from the answer itself rather than from MSAL's exception, which drops the timestamp.
 */
export async function withMsal<T>(
  entra: EntraClient,
  request: MsalRequest,
  options: CallOptions,
  run: (app: ConfidentialClientApplication) => Promise<T | null>,
): Promise<Result<T>> {
  const network = createNetwork(entra, options);
  try {
    const app = createApplication(entra, request, network.module);
    const value = await run(app);
    if (value !== null) return ok(value);
    return fail({ code: 'token-invalid', reason: 'The login service sent no token.' });
  } catch (error) {
    options.signal?.throwIfAborted();
    const last = network.last();
    if (!last) return fail(msalProblem(error, false));
    return fail(last.ok ? readFailure(error, last.value, request.directoryId) : last.problem);
  }
}

function createApplication(entra: EntraClient, request: MsalRequest, networkClient: INetworkModule) {
  const { authorityHost } = entra.settings.cloud;
  const { clientId, credential } = registrationOf(entra, request.registration);
  const endpoint = (path: string) => tenantUrl(entra, request.directoryId, path);
  // MSAL accepts only https authority names it knows, so it gets the cloud's public name, and the endpoints, which
  // may be elsewhere, as metadata. That also spares its own discovery requests.
  return new ConfidentialClientApplication({
    auth: {
      clientId,
      authority: `https://${authorityHost}/${request.directoryId}`,
      ...clientAuthentication(credential),
      cloudDiscoveryMetadata: JSON.stringify({
        tenant_discovery_endpoint: endpoint('v2.0/.well-known/openid-configuration'),
        'api-version': '1.1',
        metadata: [
          { preferred_network: authorityHost, preferred_cache: authorityHost, aliases: [authorityHost] },
        ],
      }),
      authorityMetadata: JSON.stringify({
        issuer: `https://${authorityHost}/${request.directoryId}/v2.0`,
        authorization_endpoint: endpoint('oauth2/v2.0/authorize'),
        token_endpoint: endpoint('oauth2/v2.0/token'),
        end_session_endpoint: endpoint('oauth2/v2.0/logout'),
        jwks_uri: endpoint('discovery/v2.0/keys'),
      }),
    },
    system: { networkClient, disableInternalRetries: true },
  });
}

function clientAuthentication(credential: Credential): Partial<NodeAuthOptions> {
  if (credential.type === 'secret') return { clientSecret: credential.secret };
  const certificate = new X509Certificate(credential.pem);
  const privateKey = createPrivateKey(credential.pem).export({ type: 'pkcs8', format: 'pem' }).toString();
  return {
    clientCertificate: { thumbprintSha256: certificate.fingerprint256.replaceAll(':', ''), privateKey },
  };
}

/** MSAL's requests through our own layer; remembers the last outcome, which says more than MSAL's exceptions. */
function createNetwork(entra: EntraClient, options: CallOptions) {
  let last: Result<HttpAnswer> | undefined;
  const send = async (method: string, url: string, headers?: Record<string, string>, body?: string) => {
    const origin = entra.settings.cloud.authorityUrl;
    last = await entra.http.send({ ...options, service: 'entra', origin, method, url, headers, body });
    // Ends MSAL's work; the problem itself is read from `last`.
    if (!last.ok) throw new Error(last.problem.code);
    const { status, json } = last.value;
    return { status, headers: Object.fromEntries(last.value.headers), body: json ?? {} };
  };
  // MSAL chooses the body's type by a type parameter that says nothing at run time.
  const module = {
    sendGetRequestAsync: (url, request) => send('GET', url, request?.headers),
    sendPostRequestAsync: (url, request) => send('POST', url, request?.headers, request?.body),
  } as INetworkModule;
  return { module, last: () => last };
}

function readFailure(error: unknown, { status, json }: HttpAnswer, directoryId: Authority): Problem {
  const refusal = readOauthError(json, status);
  if (refusal) return entraProblem(refusal, directoryId);
  if (status !== 200) return { code: 'upstream-shape', where: 'token endpoint', microsoft: { status } };
  return msalProblem(error, true);
}
