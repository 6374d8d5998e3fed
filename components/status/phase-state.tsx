import { Circle, CircleAlert, CircleCheck, CircleDashed, CircleSlash, LoaderCircle } from 'lucide-react';
import { StatusBadge, type StatusBadgeProps } from '../ui/status-badge.tsx';

/** The words and looks of the state of one part of an import. */
const LOOK = {
  waiting: { word: 'Waiting', tone: 'neutral', icon: Circle },
  running: { word: 'Running', tone: 'info', icon: LoaderCircle, busy: true },
  completed: { word: 'Completed', tone: 'success', icon: CircleCheck },
  partial: { word: 'Partial', tone: 'warning', icon: CircleDashed },
  failed: { word: 'Failed', tone: 'danger', icon: CircleAlert },
  skipped: { word: 'Left out', tone: 'neutral', icon: CircleSlash },
} as const satisfies Record<string, StatusBadgeProps>;

export function PhaseStateBadge({ state }: { readonly state: keyof typeof LOOK }) {
  return <StatusBadge {...LOOK[state]} />;
}
