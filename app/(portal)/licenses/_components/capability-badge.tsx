import { CircleAlert, CircleCheck, CircleHelp, CircleSlash, Clock } from 'lucide-react';
import { formatCount } from '#components/format.ts';
import { StatusBadge, type StatusBadgeProps } from '#components/ui/status-badge.tsx';

/** Microsoft's states of a SKU, in words. @see https://learn.microsoft.com/graph/api/resources/subscribedsku */
const LOOK: Readonly<Record<string, StatusBadgeProps>> = {
  Enabled: { word: 'Enabled', tone: 'success', icon: CircleCheck },
  Warning: { word: 'In grace', tone: 'warning', icon: Clock },
  Suspended: { word: 'Suspended', tone: 'danger', icon: CircleSlash },
  LockedOut: { word: 'Locked out', tone: 'danger', icon: CircleSlash },
  Deleted: { word: 'Deleted', tone: 'neutral', icon: CircleSlash },
};

/** The state of a SKU; a word that is not known is shown as Microsoft sent it. */
export function CapabilityBadge({ status }: { readonly status: string }) {
  const look = Object.hasOwn(LOOK, status) ? LOOK[status] : undefined;
  return <StatusBadge {...(look ?? { word: status, tone: 'neutral', icon: CircleHelp })} />;
}

/** More is assigned than can be. */
export function OverAssignedBadge({ units }: { readonly units: number }) {
  return <StatusBadge tone="danger" icon={CircleAlert} word={`Over-assigned by ${formatCount(units)}`} />;
}
