import { createHash } from 'node:crypto';
import { jwtVerify, SignJWT } from 'jose';
import type { ServicePrincipal } from './grants.ts';
import { guidOf, newOpaque } from './hash.ts';
import { GRAPH, type Resource, resourceByUri } from './permissions.ts';
import type { Registration } from './registrations.ts';
import { type Membership, type Persona, widsOf } from './tenants.ts';
import { nowOf, type World } from './world.ts';

/** How a client proved itself: `appidacr` 1 for a secret, 2 for a certificate. */
export type ClientProof = '1' | '2';

export type AccessClaims = {
  readonly aud: string;
  readonly tid: string;
  readonly oid: string;
  readonly appid: string;
  readonly idtyp: 'app' | 'user';
  readonly roles: readonly string[];
  readonly scp: readonly string[];
  /** Undefined for another audience, such as that of an ID token. */
  readonly resource: 'graph' | 'arm' | undefined;
};

/** Random between 60 and 90 minutes, as Entra's access tokens are; 24 hours for clients that handle claims challenges. */
const lifetimeSeconds = (handlesChallenges: boolean) =>
  handlesChallenges ? 86_399 : 3600 + Math.floor(Math.random() * 1800);

const audienceOf = (world: World, resource: Resource): string =>
  resource === GRAPH ? world.cloud.graphResource : world.cloud.armResources[0];

/** `client_info`, by which MSAL recognises the account. */
export const clientInfo = (world: World, persona: Persona): string => {
  const home = world.memberships.find((m) => m.mail === persona.mail && m.tenantId === persona.homeTenantId);
  const info = { uid: home?.objectId ?? guidOf(persona.mail), utid: persona.homeTenantId };
  return Buffer.from(JSON.stringify(info)).toString('base64url');
};

/** The id of a person for one application, the same in each sign-in and another one for each application. */
const pairwiseSubject = (clientId: string, objectId: string): string =>
  createHash('sha256').update(`${clientId}/${objectId}`).digest('base64url');

export type IdTokenInput = {
  readonly registration: Registration;
  readonly persona: Persona;
  readonly membership: Membership;
  readonly scopes: readonly string[];
  readonly nonce: string | undefined;
};

/** An ID token of version 2.0. */
export async function issueIdToken(world: World, input: IdTokenInput): Promise<string> {
  const { registration, persona, membership, scopes } = input;
  const now = Math.floor(nowOf(world) / 1000);
  const guest = membership.userType === 'Guest';
  const claims = {
    ...(guest ? { idp: `https://sts.windows.net/${persona.homeTenantId}/` } : {}),
    ...(scopes.includes('profile')
      ? { name: persona.displayName, oid: membership.objectId, preferred_username: persona.mail }
      : {}),
    ...(scopes.includes('email') ? { email: persona.mail } : {}),
    ...(input.nonce ? { nonce: input.nonce } : {}),
    ...(registration.directoryRoleClaims ? { wids: widsOf(membership) } : {}),
    rh: `1.${newOpaque(24)}.`,
    sub: pairwiseSubject(registration.clientId, membership.objectId),
    tid: membership.tenantId,
    uti: newOpaque(16),
    ver: '2.0',
  };
  return sign(world, claims, {
    issuer: `${world.origin}/${membership.tenantId}/v2.0`,
    audience: registration.clientId,
    from: now,
    until: now + 3900,
  });
}

export type AccessTokenInput = {
  readonly resource: Resource;
  readonly registration: Registration;
  readonly proof: ClientProof;
  readonly handlesChallenges: boolean;
} & (
  | { readonly principal: ServicePrincipal; readonly roles: readonly string[] }
  | {
      readonly persona: Persona;
      readonly membership: Membership;
      readonly scopes: readonly string[];
      readonly amr: readonly string[];
    }
);

/** An access token of version 1.0, which is what Graph and Resource Manager take, and its life in seconds. */
export async function issueAccessToken(
  world: World,
  input: AccessTokenInput,
): Promise<{ token: string; expiresIn: number }> {
  const now = Math.floor(nowOf(world) / 1000);
  const expiresIn = lifetimeSeconds(input.handlesChallenges);
  const tenantId = 'principal' in input ? input.principal.tenantId : input.membership.tenantId;
  const common = {
    acr: '1',
    app_displayname: input.registration.displayName,
    appid: input.registration.clientId,
    appidacr: input.proof,
    idp: `https://sts.windows.net/${tenantId}/`,
    rh: `1.${newOpaque(24)}.`,
    tid: tenantId,
    uti: newOpaque(16),
    ver: '1.0',
    ...(input.handlesChallenges ? { xms_cc: ['cp1'] } : {}),
  };
  const subject =
    'principal' in input
      ? {
          idtyp: 'app',
          oid: input.principal.objectId,
          sub: input.principal.objectId,
          ...(input.roles.length > 0 ? { roles: [...input.roles] } : {}),
        }
      : {
          idtyp: 'user',
          amr: [...input.amr],
          oid: input.membership.objectId,
          sub: pairwiseSubject(input.resource.appId, input.membership.objectId),
          scp: input.scopes.join(' '),
          name: input.persona.displayName,
          upn: input.persona.mail,
          unique_name: input.persona.mail,
          wids: widsOf(input.membership),
        };
  const token = await sign(
    world,
    { ...common, ...subject },
    {
      issuer: `https://sts.windows.net/${tenantId}/`,
      audience: audienceOf(world, input.resource),
      from: now - 300,
      until: now + expiresIn,
    },
  );
  return { token, expiresIn };
}

function sign(
  world: World,
  claims: Record<string, unknown>,
  about: { issuer: string; audience: string; from: number; until: number },
): Promise<string> {
  const [key] = world.keys;
  return new SignJWT(claims)
    .setProtectedHeader({ typ: 'JWT', alg: 'RS256', kid: key.kid, x5t: key.kid })
    .setIssuer(about.issuer)
    .setAudience(about.audience)
    .setIssuedAt(about.from)
    .setNotBefore(about.from)
    .setExpirationTime(about.until)
    .sign(key.privateKey);
}

const VERIFIED_MAX = 2000;

/** Remembers verified tokens, so that a signature is computed once and not at each page. */
export class TokenReader {
  readonly #verified = new Map<string, { claims: AccessClaims; issuedAt: number; expiresAt: number }>();

  /** The claims of a token that this cloud issued and that is valid now; undefined for every other text. */
  async read(world: World, token: string): Promise<AccessClaims | undefined> {
    const known = this.#verified.get(token) ?? (await this.#verify(world, token));
    if (!known) return undefined;
    const now = nowOf(world) / 1000;
    return now < known.expiresAt && known.issuedAt >= world.tokensValidFrom ? known.claims : undefined;
  }

  async #verify(world: World, token: string) {
    for (const key of world.keys) {
      try {
        const { payload } = await jwtVerify(token, key.publicKey, {
          algorithms: ['RS256'],
          currentDate: new Date(nowOf(world)),
        });
        const verified = {
          claims: claimsOf(world, payload),
          issuedAt: (payload.iat ?? 0) + 300,
          expiresAt: payload.exp ?? 0,
        };
        if (this.#verified.size >= VERIFIED_MAX) this.#verified.clear();
        this.#verified.set(token, verified);
        return verified;
      } catch {
        // Another key may have signed it.
      }
    }
    return undefined;
  }
}

function claimsOf(world: World, payload: Record<string, unknown>): AccessClaims {
  const text = (name: string) => (typeof payload[name] === 'string' ? payload[name] : '');
  return {
    aud: text('aud'),
    tid: text('tid'),
    oid: text('oid'),
    appid: text('appid'),
    idtyp: payload.idtyp === 'app' ? 'app' : 'user',
    roles: Array.isArray(payload.roles) ? payload.roles.map(String) : [],
    scp: text('scp').split(' ').filter(Boolean),
    resource: resourceByUri(text('aud').toLowerCase(), world.cloud)?.name,
  };
}
