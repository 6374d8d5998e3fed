import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
} from 'node:crypto';

export type SigningKey = {
  readonly kid: string;
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
};

/** A fresh RSA key, named as Entra names its keys: by a short base64url thumbprint. */
export function createSigningKey(): SigningKey {
  return keyOf(generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey);
}

/** The key of a PKCS#8 text that `signingKeyPem` wrote. */
export const signingKeyFromPem = (pem: string): SigningKey => keyOf(createPrivateKey(pem));

export const signingKeyPem = (key: SigningKey): string =>
  key.privateKey.export({ format: 'pem', type: 'pkcs8' }).toString();

function keyOf(privateKey: KeyObject): SigningKey {
  const publicKey = createPublicKey(privateKey);
  const der = publicKey.export({ format: 'der', type: 'spki' });
  return { kid: createHash('sha1').update(der).digest('base64url'), privateKey, publicKey };
}

/** One member of a JWKS, with the additional `issuer` that Entra puts on tenant-independent key sets. */
export function jwkOf(key: SigningKey, issuer: string) {
  const { n, e } = key.publicKey.export({ format: 'jwk' });
  return { kty: 'RSA', use: 'sig', kid: key.kid, x5t: key.kid, n, e, issuer };
}
