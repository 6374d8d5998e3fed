import type { CapabilityCheck } from '../tenants/capabilities.ts';
import type { TenantKind } from '../tenants/model.ts';
import type { CheckPulse, TenantCheck } from '../tenants/tenant-check.ts';
import { HANDOVER_MS } from '../tenants/verification.ts';

/** Waiting for less than this needs no explanation. */
const EXPLAINED_AFTER_MS = 10_000;
const LONG_AFTER_MS = 2 * 60_000;

const STATED: Readonly<Record<TenantKind, string>> = {
  office365: 'Microsoft has accepted the approval but has not handed it to us yet.',
  azure: 'Azure has accepted the role but does not honour it yet.',
};

type Waiting = {
  readonly kind: TenantKind;
  readonly boundAt: Date;
  readonly check?: TenantCheck;
  readonly pulse: CheckPulse;
};

/**
 * Why a line takes its time, in sentences; undefined while it is too early to say anything. Microsoft hands a new
 * approval on within seconds to minutes.
 */
export function waitingWords({ kind, boundAt, check, pulse }: Waiting, now: Date): string | undefined {
  const waitedMs = now.getTime() - boundAt.getTime();
  if (pulse === 'silent') {
    return 'No worker of this portal is checking right now. The operator has to start one; the check then goes on by itself.';
  }
  if (waitedMs < EXPLAINED_AFTER_MS) return undefined;
  const next = check?.nextAt ? Date.parse(check.nextAt) - now.getTime() : 0;
  const again = next > 1000 ? `We check again in ${Math.round(next / 1000)} s.` : 'We are checking again.';
  const stated = STATED[kind];
  if (waitedMs < LONG_AFTER_MS) return `${stated} ${again}`;
  const end = Math.max(1, Math.ceil((HANDOVER_MS - waitedMs) / 60_000));
  return `${stated} It takes longer than usual, which happens. ${again} We go on for up to ${end} more min, also when you close this page.`;
}

/** What proved a capability, as a sentence or two. */
export function capabilityReceipt({ permission, proofs: { grant, read } }: CapabilityCheck): string {
  const listed = grant.state === 'ok' ? ' and in the directory’s list' : '';
  const used = read.state === 'ok' ? ', and a read with it worked' : '';
  return `${permission ?? 'The permission'} is in the token${listed}${used}.`;
}
