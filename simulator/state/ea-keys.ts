import { createHash, randomBytes, sign } from 'node:crypto';
import { newGuid } from './hash.ts';
import { nowOf, type World } from './world.ts';

/** A key of the EA reporting API, as the enrollment's own page issues it. */
export type EaKey = {
  readonly id: string;
  readonly enrollmentNumber: string;
  /** An enrollment has two keys at a time; a new one takes the place of the one before it. */
  readonly slot: 'primary' | 'secondary';
  readonly text: string;
  readonly issuedAt: number;
  readonly expiresAt: number;
  revoked: boolean;
};

export type EaKeyWish = {
  readonly enrollmentNumber: string;
  readonly slot?: EaKey['slot'];
  /** Since the key's end may be in the past, it may be negative. */
  readonly livesMs?: number;
  /** Whether the key tells its enrollment and its end; those that Microsoft issued may tell neither. */
  readonly claims?: boolean;
};

const DAY_MS = 86_400_000;
/** “Six months”. */
const LIFE_MS = 182 * DAY_MS;

/** Issues a key; the one that had its place is good for nothing from now on. */
export function issueEaKey(world: World, wish: EaKeyWish): EaKey {
  const { enrollmentNumber, slot = 'primary', livesMs = LIFE_MS, claims = true } = wish;
  for (const key of world.eaKeys)
    if (key.enrollmentNumber === enrollmentNumber && key.slot === slot) key.revoked = true;
  const now = nowOf(world);
  const id = newGuid();
  const expiresAt = now + livesMs;
  const key: EaKey = {
    id,
    enrollmentNumber,
    slot,
    issuedAt: Math.min(now, expiresAt - DAY_MS),
    expiresAt,
    text: '',
    revoked: false,
  };
  const issued = { ...key, text: textOf(world, key, claims) };
  world.eaKeys.push(issued);
  world.changed();
  return issued;
}

function textOf(world: World, key: EaKey, claims: boolean): string {
  const [{ privateKey, kid }] = world.keys;
  const seconds = (ms: number) => Math.floor(ms / 1000);
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const head = part({ typ: 'JWT', alg: 'RS256', x5t: createHash('sha1').update(kid).digest('base64url') });
  const body = part({
    ...(claims && { EnrollmentNumber: key.enrollmentNumber }),
    Id: key.id,
    ReportView: 'IndirectEnterprise',
    PartnerId: '',
    DepartmentId: '',
    AccountId: '',
    iss: 'ea.microsoftazure.com',
    aud: 'client.ea.microsoftazure.com',
    ...(claims && { exp: seconds(key.expiresAt), nbf: seconds(key.issuedAt) }),
    // So that two keys of one moment differ.
    ...(!claims && { jti: randomBytes(8).toString('hex') }),
  });
  const signature = sign('sha256', Buffer.from(`${head}.${body}`), privateKey).toString('base64url');
  return `${head}.${body}.${signature}`;
}
