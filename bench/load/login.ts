import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { DIRECTORY_ID } from './directory.ts';

/** The one person of the directory who signs in to the portal. */
export const PERSON_ID = '10ad0000-0000-4000-8000-00000000be45';

const PERSON = { oid: PERSON_ID, sub: PERSON_ID, name: 'Bench Owner' };
const SERVICE_PRINCIPAL_ID = '10ad0000-0000-4000-8000-000000000001';
const LIFETIME_SECONDS = 3600;

export type LoginAnswer = { readonly redirect: string } | { readonly json: unknown };

/** The login service of all directories: lets everybody in, and grants every permission that the portal asks for. */
export async function createLogin(origin: string) {
  const { publicKey, privateKey } = await generateKeyPair('RS256');
  const jwk = { ...(await exportJWK(publicKey)), kid: 'load', use: 'sig', alg: 'RS256' };

  const sign = (tid: string, claims: Record<string, unknown>) =>
    new SignJWT({ tid, iss: `${origin}/${tid}/v2.0`, ...claims })
      .setProtectedHeader({ alg: 'RS256', typ: 'JWT', kid: 'load' })
      .setIssuedAt()
      .setExpirationTime(`${LIFETIME_SECONDS}s`)
      .sign(privateKey);

  async function redeem(directoryId: string, form: URLSearchParams): Promise<unknown> {
    const common = { token_type: 'Bearer', expires_in: LIFETIME_SECONDS, ext_expires_in: LIFETIME_SECONDS };
    if (form.get('grant_type') === 'client_credentials') {
      const roles = [
        'User.Read.All',
        'LicenseAssignment.Read.All',
        'Organization.Read.All',
        'GroupMember.Read.All',
      ];
      return { ...common, access_token: await sign(directoryId, { oid: SERVICE_PRINCIPAL_ID, roles }) };
    }
    const { aud, nonce } = JSON.parse(Buffer.from(form.get('code') ?? '', 'base64url').toString());
    const id_token = await sign(DIRECTORY_ID, { aud, nonce, ...PERSON });
    return { ...common, scope: 'openid profile email', access_token: 'not-used', id_token };
  }

  /** Undefined for what is not the login service's. */
  return async (url: URL, body: string): Promise<LoginAnswer | undefined> => {
    const [, directory, ...rest] = url.pathname.split('/');
    const query = url.searchParams;
    switch (rest.join('/')) {
      case 'v2.0/.well-known/openid-configuration':
        return {
          json: {
            issuer: `${origin}/${directory}/v2.0`,
            jwks_uri: `${origin}/${directory}/discovery/v2.0/keys`,
          },
        };
      case 'discovery/v2.0/keys':
        return { json: { keys: [jwk] } };
      case 'oauth2/v2.0/authorize': {
        const granted = { aud: query.get('client_id'), nonce: query.get('nonce') };
        const back = new URL(query.get('redirect_uri') ?? '');
        back.searchParams.set('code', Buffer.from(JSON.stringify(granted)).toString('base64url'));
        back.searchParams.set('state', query.get('state') ?? '');
        return { redirect: back.href };
      }
      case 'oauth2/v2.0/token':
        return { json: await redeem(directory ?? '', new URLSearchParams(body)) };
      default:
        return undefined;
    }
  };
}
