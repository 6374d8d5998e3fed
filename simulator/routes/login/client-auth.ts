import { createHash, timingSafeEqual, X509Certificate } from 'node:crypto';
import { decodeJwt, decodeProtectedHeader, jwtVerify } from 'jose';
import type { Registration } from '../../state/registrations.ts';
import type { ClientProof } from '../../state/tokens.ts';
import { nowOf, type World } from '../../state/world.ts';
import type { EntraError } from '../errors.ts';
import { applicationNotFound, missingParameter } from './requests.ts';

export type ClientAuth =
  | { readonly ok: true; readonly registration: Registration; readonly proof: ClientProof }
  | { readonly ok: false; readonly problem: EntraError };

const ASSERTION_TYPE = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';

const refuse = (error: string, code: number, text: string): ClientAuth => ({
  ok: false,
  problem: { error, code, text },
});

/** Proves the client of a token request: secret in the body, HTTP Basic, or an assertion signed by a registered certificate. */
export async function authenticateClient(
  world: World,
  input: { body: URLSearchParams; authorization: string | undefined; tenantName: string; tenantPath: string },
): Promise<ClientAuth> {
  const { body } = input;
  const basic = readBasic(input.authorization);
  const clientId = basic?.id ?? body.get('client_id');
  if (!clientId) return { ok: false, problem: missingParameter('client_id') };
  const registration = world.registrations.get(clientId.toLowerCase());
  if (!registration) return { ok: false, problem: applicationNotFound(clientId, input.tenantName) };
  const assertion = body.get('client_assertion');
  if (assertion !== null) {
    if (body.get('client_assertion_type') !== ASSERTION_TYPE)
      return refuse('invalid_request', 90023, 'The value of client_assertion_type is not supported.');
    return checkAssertion(world, registration, assertion, input.tenantPath);
  }
  const secret = basic?.secret ?? body.get('client_secret');
  if (!secret) {
    return refuse(
      'invalid_client',
      7000218,
      "The request body must contain the following parameter: 'client_assertion' or 'client_secret'.",
    );
  }
  return checkSecret(world, registration, secret);
}

function checkSecret(world: World, registration: Registration, secret: string): ClientAuth {
  const known = registration.secrets.find((candidate) => sameText(candidate.value, secret));
  if (!known) {
    return refuse(
      'invalid_client',
      7000215,
      `Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, not the client secret ID, for a secret added to app '${registration.clientId}'.`,
    );
  }
  if (known.expiresAt <= nowOf(world)) {
    return refuse(
      'invalid_client',
      7000222,
      `The provided client secret keys for app '${registration.clientId}' are expired. Visit the Azure portal to create new keys for your app: https://aka.ms/NewClientSecret, or consider using certificate credentials for added security: https://aka.ms/certCreds.`,
    );
  }
  return { ok: true, registration, proof: '1' };
}

const sameText = (a: string, b: string): boolean => {
  const hash = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(hash(a), hash(b));
};

function readBasic(header: string | undefined): { id: string; secret: string } | undefined {
  const encoded = /^Basic\s+(.+)$/i.exec(header ?? '')?.[1];
  if (!encoded) return undefined;
  const [id = '', ...rest] = Buffer.from(encoded, 'base64').toString('utf8').split(':');
  return { id: decodeURIComponent(id), secret: decodeURIComponent(rest.join(':')) };
}

/**
 * Checks a client assertion: thumbprint by `x5t#S256` or `x5t`, RS256 or PS256, audience, issuer and life.
 * @see https://learn.microsoft.com/entra/identity-platform/certificate-credentials
 */
async function checkAssertion(
  world: World,
  registration: Registration,
  assertion: string,
  tenantPath: string,
): Promise<ClientAuth> {
  const failed = (reason: string) =>
    refuse(
      'invalid_client',
      700027,
      `The certificate with identifier used to sign the client assertion is not registered on application. [Reason - ${reason}]`,
    );
  let header: ReturnType<typeof decodeProtectedHeader>;
  let claims: ReturnType<typeof decodeJwt>;
  try {
    header = decodeProtectedHeader(assertion);
    claims = decodeJwt(assertion);
  } catch {
    return refuse('invalid_client', 50027, 'JWT token is invalid or malformed.');
  }
  if (header.alg !== 'RS256' && header.alg !== 'PS256')
    return failed('The algorithm of the assertion is not supported.');
  const certificate = registration.certificates
    .map((pem) => new X509Certificate(pem))
    .find(
      (candidate) =>
        thumbprint(candidate, 'sha256') === header['x5t#S256'] ||
        thumbprint(candidate, 'sha1') === header.x5t,
    );
  if (!certificate) return failed('The key was not found.');
  if (claims.iss !== registration.clientId || claims.sub !== registration.clientId)
    return refuse('invalid_client', 50048, "Subject doesn't match Issuer claim in the client assertion.");
  if (!claims.jti || claims.exp === undefined)
    return refuse('invalid_client', 50027, 'JWT token is invalid or malformed.');
  try {
    await jwtVerify(assertion, certificate.publicKey, {
      algorithms: ['RS256', 'PS256'],
      audience: acceptedAudiences(world, tenantPath),
      currentDate: new Date(nowOf(world)),
      clockTolerance: 300,
    });
    return { ok: true, registration, proof: '2' };
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'ERR_JWT_EXPIRED' || code === 'ERR_JWT_CLAIM_VALIDATION_FAILED') {
      return refuse(
        'invalid_client',
        700024,
        'Client assertion is not within its valid time range, or its audience is not this endpoint.',
      );
    }
    return failed('The signature does not match the key.');
  }
}

const acceptedAudiences = (world: World, tenantPath: string): string[] =>
  [world.origin, `https://${world.cloud.authorityHost}`].flatMap((origin) =>
    [tenantPath, 'common', 'organizations'].flatMap((tenant) => [
      `${origin}/${tenant}/oauth2/v2.0/token`,
      `${origin}/${tenant}/v2.0`,
      `${origin}/${tenant}/`,
    ]),
  );

const thumbprint = (certificate: X509Certificate, algorithm: 'sha1' | 'sha256'): string =>
  createHash(algorithm).update(certificate.raw).digest('base64url');
