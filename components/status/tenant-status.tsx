import {
  CircleAlert,
  CircleCheck,
  CircleDashed,
  CircleHelp,
  CirclePause,
  CircleSlash,
  Hourglass,
  LoaderCircle,
  Power,
  TriangleAlert,
} from 'lucide-react';
import { StatusBadge, type StatusBadgeProps } from '../ui/status-badge.tsx';

/** The words and looks of a tenant's status, keyed as the database spells them. */
const LOOK = {
  waiting_for_approval: { word: 'Waiting for approval', tone: 'info', icon: Hourglass },
  verifying: { word: 'Verifying', tone: 'info', icon: LoaderCircle, busy: true },
  connected: { word: 'Connected', tone: 'success', icon: CircleCheck },
  limited: { word: 'Limited', tone: 'warning', icon: CircleDashed },
  activation_required: { word: 'Activation required', tone: 'warning', icon: Power },
  ea_api_migration_required: { word: 'EA API migration required', tone: 'warning', icon: TriangleAlert },
  cannot_connect: { word: 'Cannot connect', tone: 'danger', icon: CircleAlert },
  could_not_check: { word: 'Could not check', tone: 'neutral', icon: CircleHelp },
  disabled: { word: 'Disabled', tone: 'neutral', icon: CirclePause },
  removed: { word: 'Removed', tone: 'neutral', icon: CircleSlash },
} as const satisfies Record<string, StatusBadgeProps>;

export type TenantStatusKey = keyof typeof LOOK;

/** The word that the portal uses for this status everywhere. */
export const tenantStatusWord = (status: TenantStatusKey): string => LOOK[status].word;

export function TenantStatusBadge({ status }: { readonly status: TenantStatusKey }) {
  return <StatusBadge {...LOOK[status]} />;
}
