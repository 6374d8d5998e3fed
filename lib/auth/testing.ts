/*
 * For tests: the login service of all organizations, whose tokens a test can spoil, and a browser's cookies.
 */
import { createHash } from 'node:crypto';
import { exportJWK, generateKeyPair, type JWTPayload, SignJWT } from 'jose';
import { encode } from 'next-auth/jwt';
import { type Answer, type Received, startScriptedServer } from '#lib/microsoft/testing.ts';

export const CONTOSO = 'c0000000-0000-4000-8000-00000000c001';
export const PERSONAL_ACCOUNTS = '9188040d-6c67-4c5b-b112-36a304b66dad';
export const ALEX = 'b0000000-0000-4000-8000-000000000001';
const KEY_ID = 'key-1';

/** What a test changes about an otherwise good sign-in. */
export type Spoiling = {
  readonly tid?: string;
  /** Added to the ID token's claims, or in place of them. */
  readonly claims?: JWTPayload;
  /** Signed by a key that the service does not publish. */
  readonly foreignKey?: boolean;
  /** In place of the token. */
  readonly answer?: Answer;
};

export type LoginService = {
  readonly origin: string;
  readonly received: Received[];
  /** The person signs in at an authorize address: returns the address the browser is sent back to. */
  authorize(address: string, spoiling?: Spoiling): URL;
  stop(): Promise<void>;
};

type Code = { readonly request: URLSearchParams; readonly spoiling: Spoiling };

/** Codes work once; the PKCE verifier and the redirect URI have to fit those of the authorize request. */
export async function startLoginService(): Promise<LoginService> {
  const [own, foreign] = await Promise.all([generateKeyPair('RS256'), generateKeyPair('RS256')]);
  const jwk = { ...(await exportJWK(own.publicKey)), kid: KEY_ID, use: 'sig', alg: 'RS256' };
  const codes = new Map<string, Code>();

  const idToken = ({ request, spoiling }: Code) => {
    const tid = spoiling.tid ?? CONTOSO;
    return new SignJWT({
      aud: request.get('client_id') ?? '',
      iss: `${server.origin}/${tid}/v2.0`,
      tid,
      oid: ALEX,
      sub: 'pairwise',
      name: 'Alex Admin',
      preferred_username: 'alex.admin@contoso.com',
      nonce: request.get('nonce') ?? undefined,
      ...spoiling.claims,
    })
      .setProtectedHeader({ alg: 'RS256', typ: 'JWT', kid: KEY_ID })
      .setIssuedAt()
      .setExpirationTime(typeof spoiling.claims?.exp === 'number' ? spoiling.claims.exp : '1h')
      .sign((spoiling.foreignKey ? foreign : own).privateKey);
  };

  const redeem = async (form: URLSearchParams): Promise<Answer> => {
    const code = codes.get(form.get('code') ?? '');
    if (code?.spoiling.answer) return code.spoiling.answer;
    codes.delete(form.get('code') ?? '');
    const challenge = createHash('sha256')
      .update(form.get('code_verifier') ?? '')
      .digest('base64url');
    const fits = code?.request.get('code_challenge') === challenge;
    if (!code || !fits || form.get('redirect_uri') !== code.request.get('redirect_uri')) {
      return oauthError('invalid_grant', code ? 501481 : 54005);
    }
    const common = {
      token_type: 'Bearer',
      scope: 'openid profile email',
      expires_in: 3600,
      ext_expires_in: 3600,
    };
    return { body: { ...common, access_token: 'opaque-access-token', id_token: await idToken(code) } };
  };

  const server = await startScriptedServer((request) => {
    const [, tenant, ...rest] = request.path.split('/');
    switch (rest.join('/')) {
      case 'v2.0/.well-known/openid-configuration':
        return {
          body: {
            issuer: `${server.origin}/${tenant}/v2.0`,
            jwks_uri: `${server.origin}/${tenant}/discovery/v2.0/keys`,
          },
        };
      case 'discovery/v2.0/keys':
        return { body: { keys: [jwk] } };
      case 'oauth2/v2.0/token':
        return tenant === 'organizations' ? redeem(new URLSearchParams(request.body)) : { status: 404 };
      case 'oauth2/v2.0/authorize':
        return { status: 302, headers: { location: authorize(`${server.origin}/?${request.search}`).href } };
      default:
        return { status: 404 };
    }
  });

  const authorize: LoginService['authorize'] = (address, spoiling = {}) => {
    const { searchParams: request } = new URL(address);
    const code = `code-${codes.size + server.received.length + 1}`;
    codes.set(code, { request, spoiling });
    const back = new URL(request.get('redirect_uri') ?? '');
    const state = request.get('state') ?? '';
    back.search = new URLSearchParams({ code, state, session_state: 'x' }).toString();
    return back;
  };
  return { ...server, authorize };
}

/** An OAuth error as the token endpoint words it. */
export function oauthError(error: string, number: number): Answer {
  const error_description = `AADSTS${number}: Refused.\r\nTrace ID: t\r\nCorrelation ID: 1e9f0000-0000-4000-8000-000000000001\r\nTimestamp: 2030-01-02 03:04:05Z`;
  return {
    status: 400,
    body: {
      error,
      error_description,
      error_codes: [number],
      timestamp: '2030-01-02 03:04:05Z',
      correlation_id: '1e9f0000-0000-4000-8000-000000000001',
    },
  };
}

/** The value of a session's cookie, as the portal with this secret would have made it. */
export const sessionToken = (authSecret: string, personId: string): Promise<string> =>
  encode({ token: { personId, sessionVersion: 1 }, secret: authSecret });

/** The cookies of one browser, without regard to path and domain. */
export class CookieJar {
  readonly #cookies = new Map<string, string>();

  get header(): string {
    return [...this.#cookies].map(([name, value]) => `${name}=${value}`).join('; ');
  }

  /** As sent by the server: still encoded. */
  get(name: string): string | undefined {
    return this.#cookies.get(name);
  }

  delete(name: string): void {
    this.#cookies.delete(name);
  }

  keep(response: Response): void {
    for (const line of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      if (value === '' || /;\s*max-age=0/i.test(line)) this.#cookies.delete(name);
      else this.#cookies.set(name, value);
    }
  }
}
