import {
  CircleAlert,
  CircleCheck,
  CircleDashed,
  CircleHelp,
  LoaderCircle,
  type LucideIcon,
} from 'lucide-react';
import { classNames } from '#components/ui/class-names.ts';
import { StatusBadge, type StatusBadgeProps } from '#components/ui/status-badge.tsx';
import { describeProblem } from '#lib/core/problem-text.ts';
import type { FoundState, Proof, ProofState } from '#lib/domain/tenants/proof.ts';

type Look = { readonly word: string; readonly icon: LucideIcon; readonly ink: string };

const LOOK: Readonly<Record<ProofState, Look>> = {
  ok: { word: 'OK', icon: CircleCheck, ink: 'text-success' },
  missing: { word: 'Missing', icon: CircleAlert, ink: 'text-danger' },
  'not-checked': { word: 'Not checked', icon: CircleDashed, ink: 'text-muted' },
  'could-not-check': { word: 'Could not check', icon: CircleHelp, ink: 'text-muted' },
};

/** One proof: its state as icon and word; why it failed appears on pointing. `whyNot` says why nobody looked. */
export function ProofMark({
  proof,
  whyNot,
}: {
  readonly proof: Proof | undefined;
  readonly whyNot?: string;
}) {
  const { state, problem }: Proof = proof ?? { state: 'not-checked' };
  const { word, icon: Icon, ink } = LOOK[state];
  const reason = problem ? describeProblem(problem).title : state === 'not-checked' ? whyNot : undefined;
  return (
    <span title={reason} className={classNames('inline-flex items-center gap-1.5 whitespace-nowrap', ink)}>
      <Icon aria-hidden className="size-4 shrink-0" />
      {word}
    </span>
  );
}

const FOUND: Readonly<Record<FoundState, StatusBadgeProps>> = {
  proven: { word: 'Proven', tone: 'success', icon: CircleCheck },
  missing: { word: 'Missing', tone: 'danger', icon: CircleAlert },
  'could-not-check': { word: 'Could not check', tone: 'neutral', icon: CircleHelp },
};
const CHECKING: StatusBadgeProps = { word: 'Checking', tone: 'info', icon: LoaderCircle, busy: true };

/** What the proofs come to. Without a check nothing is claimed. */
export function FoundBadge({
  state,
  isChecking,
}: {
  readonly state: FoundState | undefined;
  readonly isChecking: boolean;
}) {
  return <StatusBadge {...(isChecking ? CHECKING : FOUND[state ?? 'could-not-check'])} />;
}
