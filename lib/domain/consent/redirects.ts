import type { Transaction } from '#lib/db/database.ts';
import { decrypt, encrypt } from '#lib/db/encryption.ts';
import type { Ctx } from '#lib/domain/context.ts';
import type { RegistrationName } from '#lib/microsoft/entra/client.ts';
import { createPkce } from '#lib/microsoft/entra/pkce.ts';
import { adminConsentUrl, armUserScope, authorizeUrl, IDENTITY_SCOPES } from '#lib/microsoft/entra/urls.ts';
import type { TenantKind } from '../tenants/model.ts';
import { FLOW, type Flow, toFlow } from './flow-row.ts';
import { CALLBACK_PATH, type CallbackInput, REDIRECT_LIFETIME_MS } from './model.ts';
import { hashSecret, matchesHash, randomSecret } from './secrets.ts';

type Leg = keyof typeof CALLBACK_PATH;

/** The app registration that each kind of account is connected with. */
export const REGISTRATION: Readonly<Record<TenantKind, RegistrationName>> = {
  azure: 'azure',
  office365: 'graph',
};

export const redirectUri = (ctx: Ctx, leg: Leg): string => `${ctx.appUrl}${CALLBACK_PATH[leg]}`;

/** What the sign-in in the customer's tenant asks for: who it is, and for Azure to act for that person. */
export function signInScopes(ctx: Ctx, kind: TenantKind): readonly string[] {
  return kind === 'azure' ? [armUserScope(ctx.microsoft.entra), ...IDENTITY_SCOPES] : IDENTITY_SCOPES;
}

const verifierIdentity = (stateHash: string): string => `consent_redirect:${stateHash}:code_verifier`;

/**
 * Remembers a redirect of a flow and returns where the browser goes. The `state` in that address is good for ten
 * minutes, for one call, and for the browser of `browserHash` alone.
 */
export async function openRedirect(
  db: Pick<Transaction, 'consentRedirect'>,
  ctx: Ctx,
  flow: Pick<Flow, 'id' | 'kind' | 'directoryId'>,
  leg: Leg,
  browserHash: string,
): Promise<string> {
  const state = randomSecret();
  const stateHash = hashSecret(state);
  const createdAt = ctx.clock();
  const remembered = {
    stateHash,
    flowId: flow.id,
    leg,
    browserHash,
    createdAt,
    expiresAt: new Date(createdAt.getTime() + REDIRECT_LIFETIME_MS),
  };
  const { entra } = ctx.microsoft;
  const request = {
    registration: REGISTRATION[flow.kind],
    directoryId: flow.directoryId,
    redirectUri: redirectUri(ctx, leg),
    state,
  };
  if (leg === 'admin_consent') {
    await db.consentRedirect.create({ data: remembered, select: { stateHash: true } });
    return adminConsentUrl(entra, request);
  }
  const nonce = randomSecret();
  const { codeVerifier, codeChallenge } = createPkce();
  await db.consentRedirect.create({
    data: {
      ...remembered,
      nonce,
      codeVerifier: encrypt(ctx.encryptionKeys, codeVerifier, verifierIdentity(stateHash)),
    },
    select: { stateHash: true },
  });
  // `select_account`, not `consent`: Entra asks for consent where it is needed, and a person without the right to
  // consent would otherwise be refused even after an administrator has approved.
  return authorizeUrl(entra, {
    ...request,
    nonce,
    codeChallenge,
    oauthScopes: signInScopes(ctx, flow.kind),
    prompt: 'select_account',
  });
}

/** A redirect that has come back, once, to the person and the browser that left. */
export type ReturnedRedirect = {
  readonly flow: Flow;
  readonly browserHash: string;
  /** Of a sign-in only. */
  readonly secrets?: { readonly nonce: string; readonly codeVerifier: string };
};

export type StateProblem = {
  readonly code: 'state-unknown' | 'state-foreign' | 'state-used' | 'state-expired';
  /** Absent where the flow is not for this person to know. */
  readonly flow?: Flow;
};

/**
 * Takes back the `state` of a call. It has to be of this leg, of the actor in their organization and of this browser;
 * only then is it used up, whether it has expired or not, and what was kept with it is wiped.
 */
export async function takeRedirect(
  ctx: Ctx,
  leg: Leg,
  { query, browserCookie }: CallbackInput,
): Promise<{ ok: true; value: ReturnedRedirect } | { ok: false; state: StateProblem }> {
  const refuse = (code: StateProblem['code'], flow?: Flow) => ({ ok: false as const, state: { code, flow } });
  const stateHash = hashSecret(query.get('state') ?? '');
  const { consentRedirect } = ctx.database.prisma;
  const row = await consentRedirect.findUnique({
    where: { stateHash, leg },
    select: {
      browserHash: true,
      nonce: true,
      codeVerifier: true,
      expiresAt: true,
      usedAt: true,
      flow: { select: FLOW },
    },
  });
  if (!row) return refuse('state-unknown');
  const flow = toFlow(row.flow);
  if (!isOwn(ctx, flow)) return refuse('state-foreign');
  // Before the cookie, which is gone at the end of a flow: who reloads or goes back is in the browser that began it.
  if (row.usedAt) return refuse('state-used', flow);
  if (!matchesHash(browserCookie(flow.id), row.browserHash)) return refuse('state-foreign');
  // Of two calls at the same time the database lets one through.
  const { count } = await consentRedirect.updateMany({
    where: { stateHash, usedAt: null },
    data: { usedAt: ctx.clock(), nonce: null, codeVerifier: null },
  });
  if (count === 0) return refuse('state-used', flow);
  if (row.expiresAt <= ctx.clock()) return refuse('state-expired', flow);
  const { nonce, codeVerifier } = row;
  return {
    ok: true,
    value: {
      flow,
      browserHash: row.browserHash,
      ...(nonce !== null &&
        codeVerifier !== null && {
          secrets: {
            nonce,
            codeVerifier: decrypt(ctx.encryptionKeys, codeVerifier, verifierIdentity(stateHash)),
          },
        }),
    },
  };
}

function isOwn({ actor }: Ctx, flow: Flow): boolean {
  return (
    actor.type === 'member' &&
    actor.organizationId === flow.organizationId &&
    actor.personId === flow.personId
  );
}
