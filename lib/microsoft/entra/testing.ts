/*
 * For tests: a login service with one tenant, whose token answers a test can change, and a certificate.
 */
import { createSign, generateKeyPairSync } from 'node:crypto';
import { exportJWK, generateKeyPair, type JWTPayload, SignJWT } from 'jose';
import {
  type Answer,
  type Received,
  type ScriptedServer,
  startScriptedServer,
  TEST_DIRECTORY,
} from '../testing.ts';

export type LoginServer = ScriptedServer & {
  /** Signs with the key that the server publishes, or with another one. */
  sign(claims: JWTPayload, options?: { readonly foreignKey?: boolean }): Promise<string>;
  tokenRequests(): URLSearchParams[];
};

const KEY_ID = 'key-1';

/** `token` answers the token endpoint; everything else is as Microsoft documents it. */
export async function startLoginServer(
  token: (request: Received, server: LoginServer) => Answer | Promise<Answer>,
): Promise<LoginServer> {
  const [own, foreign] = await Promise.all([generateKeyPair('RS256'), generateKeyPair('RS256')]);
  const jwk = { ...(await exportJWK(own.publicKey)), kid: KEY_ID, use: 'sig' };
  const scripted = await startScriptedServer((request) => {
    const { origin } = server;
    if (request.path.endsWith('/v2.0/.well-known/openid-configuration')) {
      return { body: { issuer: `${origin}/${TEST_DIRECTORY}/v2.0`, jwks_uri: `${origin}/keys` } };
    }
    if (request.path === '/keys') return { body: { keys: [jwk] } };
    if (request.path === `/${TEST_DIRECTORY}/oauth2/v2.0/token`) return token(request, server);
    return { status: 404 };
  });
  const server: LoginServer = {
    ...scripted,
    sign: (claims, { foreignKey } = {}) =>
      new SignJWT(claims)
        .setProtectedHeader({ alg: 'RS256', typ: 'JWT', kid: KEY_ID })
        .sign((foreignKey ? foreign : own).privateKey),
    tokenRequests: () =>
      scripted.received
        .filter(({ method }) => method === 'POST')
        .map(({ body }) => new URLSearchParams(body)),
  };
  return server;
}

/** A PEM with a new RSA key and its certificate, as an operator would configure it. Node cannot make one itself. */
export function selfSignedCertificate(): string {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const sha256WithRsa = der(0x30, der(0x06, Buffer.from('2a864886f70d01010b', 'hex')), der(0x05));
  const commonName = der(0x30, der(0x06, Buffer.from('550403', 'hex')), der(0x0c, Buffer.from('portal')));
  const name = der(0x30, der(0x31, commonName));
  const time = (text: string) => der(0x17, Buffer.from(text));
  const body = der(
    0x30,
    der(0xa0, der(0x02, Buffer.from([2]))),
    der(0x02, Buffer.from([1])),
    sha256WithRsa,
    name,
    der(0x30, time('250101000000Z'), time('490101000000Z')),
    name,
    publicKey.export({ type: 'spki', format: 'der' }),
  );
  const signature = createSign('sha256').update(body).sign(privateKey);
  const certificate = der(0x30, body, sha256WithRsa, der(0x03, Buffer.from([0]), signature));
  const lines = certificate
    .toString('base64')
    .match(/.{1,64}/g)
    ?.join('\n');
  const key = privateKey.export({ type: 'pkcs8', format: 'pem' });
  return `${key}-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n`;
}

/** One element of ASN.1: tag, length, content. */
function der(tag: number, ...content: Buffer[]): Buffer {
  const body = Buffer.concat(content);
  const size = body.length.toString(16);
  const length = Buffer.from(size.length % 2 ? `0${size}` : size, 'hex');
  const head = body.length < 128 ? [tag, body.length] : [tag, 0x80 | length.length, ...length];
  return Buffer.concat([Buffer.from(head), body]);
}
