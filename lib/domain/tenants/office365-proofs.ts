import type { DirectoryId } from '#lib/core/ids.ts';
import type { Problem } from '#lib/core/problem.ts';
import { fail, type Result } from '#lib/core/result.ts';
import type { Ctx } from '#lib/domain/context.ts';
import { type AppOnlyToken, appOnlyToken } from '#lib/microsoft/entra/app-only-token.ts';
import { type GraphOrganization, getOrganization } from '#lib/microsoft/graph/organization.ts';
import { probeUsers } from '#lib/microsoft/graph/probe-users.ts';
import { listGrantedPermissions } from '#lib/microsoft/graph/service-principals.ts';
import { listSubscribedSkus } from '#lib/microsoft/graph/subscribed-skus.ts';
import type { CallOptions } from '#lib/microsoft/http/call-options.ts';
import {
  CAPABILITIES,
  CAPABILITY,
  type Capability,
  type CapabilityCheck,
  type CapabilityChecks,
  type CapabilityProofs,
  type CapabilityState,
  excessPermissions,
  grantedPermission,
  READS_GRANTS,
} from './capabilities.ts';
import { foundAt, NOT_CHECKED, type Proof, wasProvenSince } from './proof.ts';
import type { Findings, Item } from './verification.ts';

/** Somebody may be waiting for it, and the next check follows anyway. */
const CALL: CallOptions = { patience: 'interactive' };

/** Told after each look, of how many there are. */
export type OnLook = (done: number, all: number) => Promise<void>;

/** What a check found at Microsoft, before it is judged. */
export type Office365Evidence = {
  /** A token of our application in the tenant, issued for this check. */
  readonly token: Result<AppOnlyToken>;
  /** The permissions that the directory lists; null without the application; absent where we may not look. */
  readonly grants?: Result<readonly string[] | null>;
  /** The harmless reads, of the capabilities that the token allows. */
  readonly reads: Readonly<Partial<Record<Capability, Result<unknown>>>>;
  readonly organization?: GraphOrganization;
};

/** Looks for all three proofs of every capability: a fresh token, the directory's list, one read each. */
export async function gatherOffice365(
  ctx: Ctx,
  directoryId: DirectoryId,
  onLook: OnLook,
): Promise<Office365Evidence> {
  const all = 2 + CAPABILITIES.length;
  let done = 0;
  const look = async <T>(work: Promise<T>): Promise<T> => {
    const found = await work;
    done += 1;
    await onLook(done, all);
    return found;
  };
  await onLook(0, all);
  const token = await look(freshToken(ctx, directoryId));
  if (!token.ok) return { token, reads: {} };
  const { roles } = token.value;
  const graph = ctx.microsoft.graph(directoryId);
  const mayReadGrants = READS_GRANTS.some((permission) => roles.includes(permission));
  const { clientId } = ctx.microsoft.entra.settings.registrations.graph;
  const ifGranted = <T>(capability: Capability, read: () => Promise<Result<T>>) =>
    look(grantedPermission(capability, roles) ? read() : Promise.resolve(undefined));
  const [grants, licences, users, organization] = await Promise.all([
    look(mayReadGrants ? listGrantedPermissions(graph, clientId, CALL) : Promise.resolve(undefined)),
    ifGranted('licences', () => listSubscribedSkus(graph, CALL)),
    ifGranted('users', () => probeUsers(graph, CALL)),
    ifGranted('organization', () => getOrganization(graph, CALL)),
  ]);
  return {
    token,
    ...(grants && { grants }),
    reads: {
      ...(licences && { licences }),
      ...(users && { users }),
      ...(organization && { organization }),
    },
    ...(organization?.ok && { organization: organization.value }),
  };
}

/** A token that is of the tenant asked for; a token of another one proves nothing. */
async function freshToken(ctx: Ctx, directoryId: DirectoryId): Promise<Result<AppOnlyToken>> {
  const token = await appOnlyToken(ctx.microsoft.entra, {
    ...CALL,
    registration: 'graph',
    directoryId,
    resource: 'graph',
    fresh: true,
  });
  if (!token.ok) return token;
  const actual = token.value.directoryId ?? directoryId;
  return actual === directoryId ? token : fail({ code: 'wrong-tenant', expected: directoryId, actual });
}

/** What the evidence proves of each capability, and what is left of the checks before. */
export function judgeCapabilities(
  evidence: Office365Evidence,
  before: CapabilityChecks,
  now: Date,
): CapabilityChecks {
  return Object.fromEntries(
    CAPABILITIES.map((capability) => {
      const proofs = proofsOf(capability, evidence, now.toISOString());
      const state = stateOf(proofs);
      const roles = evidence.token.ok ? evidence.token.value.roles : [];
      const permission = grantedPermission(capability, roles);
      const check: CapabilityCheck = {
        state,
        ...(permission && { permission }),
        ...foundAt(before[capability], state, now),
        proofs,
      };
      return [capability, check];
    }),
  );
}

function proofsOf(capability: Capability, evidence: Office365Evidence, at: string): CapabilityProofs {
  const { token, grants, reads } = evidence;
  const { sufficient, asked } = CAPABILITY[capability];
  if (!token.ok) {
    return { token: tokenProof(token.problem, at), grant: NOT_CHECKED, read: NOT_CHECKED };
  }
  const lacking: Problem = { code: 'permission-missing', permission: asked };
  const isGranted = grantedPermission(capability, token.value.roles) !== undefined;
  const read = reads[capability];
  return {
    token: isGranted ? { state: 'ok', at } : { state: 'missing', at, problem: lacking },
    grant: grantProof(grants, sufficient, lacking, at),
    read: read ? readProof(read, at) : NOT_CHECKED,
  };
}

/** Why our application got no token: it is not in the tenant, which is an answer, or it could not be found out. */
export const tokenProof = (problem: Problem, at: string): Proof => ({
  state: problem.code === 'consent-required' ? 'missing' : 'could-not-check',
  at,
  problem,
});

function grantProof(
  grants: Office365Evidence['grants'],
  sufficient: readonly string[],
  lacking: Problem,
  at: string,
): Proof {
  // A refusal is about our right to look, and says nothing about the grant.
  if (!grants || (!grants.ok && grants.problem.code === 'permission-missing')) return NOT_CHECKED;
  if (!grants.ok) return { state: 'could-not-check', at, problem: grants.problem };
  const isListed = grants.value?.some((permission) => sufficient.includes(permission));
  return isListed ? { state: 'ok', at } : { state: 'missing', at, problem: lacking };
}

function readProof(read: Result<unknown>, at: string): Proof {
  if (read.ok) return { state: 'ok', at };
  const { problem } = read;
  return { state: problem.code === 'permission-missing' ? 'missing' : 'could-not-check', at, problem };
}

/**
 * Proven is what every proof that could be made says. A permission that is in the token but refused by Graph may not
 * have arrived everywhere: that is unknown, not missing. The directory's list is right where the token is older.
 */
function stateOf({ token, grant, read }: CapabilityProofs): CapabilityState {
  if (token.state === 'missing' || grant.state === 'missing') return 'missing';
  const isProven = token.state === 'ok' && read.state === 'ok' && grant.state !== 'could-not-check';
  return isProven ? 'proven' : 'could-not-check';
}

/** The findings of a check, for the verdict. `boundAt` is since when proofs count for this approval. */
export function office365Findings(
  { token }: Office365Evidence,
  checks: CapabilityChecks,
  boundAt: Date,
): Findings {
  const items = CAPABILITIES.map((capability): Item => {
    const check = checks[capability];
    const proofs = check ? [check.proofs.token, check.proofs.grant, check.proofs.read] : [];
    const problem = proofs.find((proof) => proof.problem)?.problem;
    return {
      state: check?.state ?? 'could-not-check',
      hasBeenProven: wasProvenSince(check, boundAt),
      ...(problem && { problem }),
    };
  });
  if (!token.ok) return { items, problem: token.problem };
  const isUngranted = items.every(({ state }) => state === 'missing');
  return { items, ...(isUngranted && { problem: { code: 'consent-required' } }) };
}

export const excessOf = ({ token }: Office365Evidence): readonly string[] =>
  token.ok ? excessPermissions(token.value.roles) : [];
