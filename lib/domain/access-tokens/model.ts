import { z } from 'zod';
import { AccessTokenId, TenantId } from '#lib/core/ids.ts';
import { type AccessKey, readAccessKey, tidyAccessKey } from '#lib/microsoft/ea/access-key.ts';

export const ACCESS_TOKEN_STATES = [
  'valid',
  'expired',
  'refused',
  'wrong_enrollment',
  'could_not_check',
] as const;
export type AccessTokenState = (typeof ACCESS_TOKEN_STATES)[number];

/** A key has about a thousand characters; more is something else. */
const PASTED_CHARACTERS_MAX = 20_000;

export const INCOMPLETE =
  'This access token is incomplete. A whole one has three parts with a point between them. Copy it again in the Azure portal as the steps say, with the copy button beside the key.';

const Enrollment = z
  .string({ error: 'Enter the enrollment number.' })
  .transform((text) => text.replaceAll(/[\s\u200b\ufeff]+/g, ''))
  .pipe(
    z
      .string()
      .min(1, 'Enter the enrollment number.')
      .regex(/^\d{0,20}$/, 'An enrollment number has only digits, such as 8608480.'),
  );

/** What was pasted, as a whole key: tidied, and taken apart as far as it says something about itself. */
const PastedKey = z.string({ error: 'Paste the access token.' }).transform((pasted, context): AccessKey => {
  const text = pasted.length > PASTED_CHARACTERS_MAX ? undefined : tidyAccessKey(pasted);
  const key = text && readAccessKey(text);
  if (key) return key;
  context.addIssue(text === '' ? 'Paste the access token.' : INCOMPLETE);
  return z.NEVER;
});

export const AddAccessToken = z.object({
  tenantId: TenantId,
  enrollmentNumber: Enrollment,
  accessToken: PastedKey,
});
export type AddAccessToken = z.infer<typeof AddAccessToken>;

export const AccessTokenReference = z.object({ tenantId: TenantId, accessTokenId: AccessTokenId });
export type AccessTokenReference = z.infer<typeof AccessTokenReference>;

/** What the ciphertext of a key belongs to: it does not open in another row. */
export const keyIdentity = ({ tenantId, accessTokenId }: AccessTokenReference): string =>
  `access_token.encrypted_key ${tenantId} ${accessTokenId}`;
