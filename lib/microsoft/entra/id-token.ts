import { createLocalJWKSet, decodeJwt, errors, type JWTPayload, jwtVerify } from 'jose';
import { z } from 'zod';
import { DirectoryId, Guid } from '#lib/core/ids.ts';
import { type Failure, fail, ok, type Result } from '#lib/core/result.ts';
import { storable } from '#lib/core/storable.ts';
import type { CallOptions } from '../http/call-options.ts';
import type { EntraClient } from './client.ts';
import { readConfiguration } from './discover-tenant.ts';
import type { SignedInPerson } from './redeem-code.ts';

export type IdTokenExpectation = {
  readonly idToken: string;
  readonly clientId: string;
  readonly directoryId: DirectoryId;
  readonly nonce: string;
};

/** How far Microsoft's clock and ours may differ. */
const CLOCK_TOLERANCE_SECONDS = 120;

const Jwks = z.object({ keys: z.array(z.looseObject({ kty: z.string() })) });

/** Kept and shown, so it has to fit into the database. */
const ShownText = z
  .string()
  .transform((text) => storable(text))
  .optional()
  .catch(undefined);

const Claims = z.object({
  tid: DirectoryId,
  oid: Guid,
  iss: z.string(),
  nonce: z.string().optional(),
  name: ShownText,
  preferred_username: ShownText,
  wids: z.array(z.string().toLowerCase()).optional(),
});

/** The tenant that a token says it comes from, before anything is verified; undefined where it says none. */
export function readClaimedDirectory(idToken: string): DirectoryId | undefined {
  try {
    return DirectoryId.safeParse(decodeJwt(idToken).tid).data;
  } catch (error) {
    if (error instanceof errors.JOSEError) return undefined;
    throw error;
  }
}

/**
 * Verifies an ID token against the tenant's present keys, which are read anew each time because they rotate.
 * Problems: wrong-tenant (a good token of another tenant), token-invalid, and those of reaching the login service.
 * @see https://learn.microsoft.com/entra/identity-platform/id-tokens
 */
export async function verifyIdToken(
  entra: EntraClient,
  expected: IdTokenExpectation,
  options: CallOptions,
): Promise<Result<SignedInPerson>> {
  const keys = await readKeys(entra, expected.directoryId, options);
  if (!keys.ok) return keys;
  let payload: JWTPayload;
  try {
    ({ payload } = await jwtVerify(expected.idToken, keys.value, {
      algorithms: ['RS256'],
      audience: expected.clientId,
      requiredClaims: ['exp'],
      clockTolerance: CLOCK_TOLERANCE_SECONDS,
      currentDate: entra.clock(),
    }));
  } catch (error) {
    // Besides refusals of the token: a published key that cannot be used.
    return invalid(error instanceof errors.JOSEError ? error.code : 'signing key');
  }
  const parsed = Claims.safeParse(payload);
  if (!parsed.success) return invalid('claims');
  const { tid, oid, iss, nonce, name, preferred_username, wids } = parsed.data;
  if (tid !== expected.directoryId) {
    return fail({ code: 'wrong-tenant', expected: expected.directoryId, actual: tid });
  }
  if (iss !== `${entra.settings.cloud.authorityUrl}/${tid}/v2.0`) return invalid('issuer');
  if (nonce !== expected.nonce) return invalid('nonce');
  const userName = preferred_username ?? oid;
  return ok({ directoryId: tid, objectId: oid, displayName: name ?? userName, userName, wids });
}

async function readKeys(entra: EntraClient, directoryId: DirectoryId, options: CallOptions) {
  const configuration = await readConfiguration(entra, directoryId, options);
  if (!configuration.ok) return configuration;
  const answered = await entra.http.send({
    ...options,
    service: 'entra',
    origin: entra.settings.cloud.authorityUrl,
    method: 'GET',
    url: configuration.value.jwks_uri,
  });
  if (!answered.ok) return answered;
  const parsed = Jwks.safeParse(answered.value.json);
  if (!parsed.success) return fail({ code: 'upstream-shape', where: 'signing keys' });
  return ok(createLocalJWKSet(parsed.data));
}

function invalid(reason: string): Failure {
  return fail({ code: 'token-invalid', reason });
}
