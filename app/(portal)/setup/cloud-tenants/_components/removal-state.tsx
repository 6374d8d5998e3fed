import { CircleCheck, CircleSlash, LoaderCircle, Trash2 } from 'lucide-react';
import { StatusBadge, type StatusBadgeProps } from '#components/ui/status-badge.tsx';
import type { Removal } from '#lib/domain/lifecycle/queries.ts';

const LOOK: Readonly<Record<Removal['state'], StatusBadgeProps>> = {
  restorable: { word: 'Removed', tone: 'neutral', icon: CircleSlash },
  erasing: { word: 'Erasing', tone: 'info', icon: LoaderCircle, busy: true },
  erased: { word: 'Erased', tone: 'neutral', icon: Trash2 },
  restored: { word: 'Restored', tone: 'success', icon: CircleCheck },
};

export function RemovalStateBadge({ state }: { readonly state: Removal['state'] }) {
  return <StatusBadge {...LOOK[state]} />;
}
