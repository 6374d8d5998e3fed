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
export function OverAssigned({ units }: { readonly units: number }) {
  return (
    <span className="flex items-center gap-1.5 text-danger text-small">
      <CircleAlert aria-hidden className="size-3.5 shrink-0" />
      Over-assigned by {formatCount(units)}
    </span>
  );
}
