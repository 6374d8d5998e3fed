import { CircleAlert, CircleCheck, CircleHelp } from 'lucide-react';
import { StatusBadge, type StatusBadgeProps } from '#components/ui/status-badge.tsx';
import type { AccessTokenState } from '#lib/domain/access-tokens/model.ts';

/** The words and looks of an access token's state, keyed as the database spells them. */
const LOOK = {
  valid: { word: 'Valid', tone: 'success', icon: CircleCheck },
  expired: { word: 'Expired', tone: 'danger', icon: CircleAlert },
  refused: { word: 'Refused', tone: 'danger', icon: CircleAlert },
  wrong_enrollment: { word: 'Wrong enrollment', tone: 'danger', icon: CircleAlert },
  could_not_check: { word: 'Could not check', tone: 'neutral', icon: CircleHelp },
} as const satisfies Record<AccessTokenState, StatusBadgeProps>;

export function AccessTokenStateBadge({ state }: { readonly state: AccessTokenState }) {
  return <StatusBadge {...LOOK[state]} />;
}
